"""Relations between institutions: from ROR's words to links that are stored once, backward."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import DatabaseError, transaction
from django.db.models.functions import Coalesce

from partnerships.choices import LinkKind
from partnerships.models import Institution, InstitutionLink, PendingInstitutionLink
from partnerships.services.errors import clear_message
from people.history import acting

from .report import Report

#: An edge: institution, kind, target (ids of rows).
Edge = tuple[int, str, int]
_CHUNK = 500
_CIRCLE = "would close a circle with relations that stand"


def as_edge(kind: str, own: int, other: int) -> Edge:
    """Return the link that says what ROR says: of ``own``, ``other`` is the ``kind``.

    Beside each other, the older row of the registry stands first, so that both sides of a pair
    give the same edge.
    """
    if kind == "related":
        return min(own, other), LinkKind.RELATED, max(own, other)
    backward = {"parent": LinkKind.PARENT, "child": LinkKind.PARENT}.get(kind, LinkKind.PREDECESSOR)
    return (own, backward, other) if kind in ("parent", "predecessor") else (other, backward, own)


def keys_by_ror_id(among: list[int] | None = None) -> dict[str, int]:
    """Return the key of the institution that each ROR id means; of one that was merged, the survivor's.

    Args:
        among: keys of institutions, if not all are asked for.
    """
    rows = Institution.objects.filter(ror_id__isnull=False)
    if among is not None:
        rows = rows.filter(pk__in=among)
    return dict(rows.order_by().values_list("ror_id", Coalesce("merged_into", "pk")))


class Standing:
    """The links of the whole registry, as far as new ones must fit them."""

    def __init__(self) -> None:
        self.rows: dict[Edge, tuple[int, bool]] = {}
        self._above: dict[tuple[str, int], set[int]] = defaultdict(set)
        links = InstitutionLink.objects.order_by().values_list(
            "institution_id", "kind", "target_id", "pk", "from_ror"
        )
        for institution, kind, target, pk, ours in links.iterator(chunk_size=5000):
            self.add((institution, kind, target), pk, ours)

    def add(self, edge: Edge, pk: int, from_ror: bool) -> None:
        self.rows[edge] = (pk, from_ror)
        self._above[edge[1], edge[0]].add(edge[2])

    def remove(self, edge: Edge) -> int:
        """Forget a link; return its key."""
        self._above[edge[1], edge[0]].discard(edge[2])
        return self.rows.pop(edge)[0]

    def __contains__(self, edge: Edge) -> bool:
        institution, kind, target = edge
        return edge in self.rows or (kind == LinkKind.RELATED and (target, kind, institution) in self.rows)

    def closes_circle(self, edge: Edge) -> bool:
        """Would this link put an institution above or before itself?"""
        institution, kind, target = edge
        if kind == LinkKind.RELATED:
            return institution == target
        seen, waiting = set(), [target]
        while waiting:
            if (found := waiting.pop()) == institution:
                return True
            if found not in seen:
                seen.add(found)
                waiting += self._above.get((kind, found), ())
        return False


@dataclass(slots=True)
class Resolved:
    """What became of relations that waited: edges made, and those refused with the reason."""

    made: int = 0
    refused: list[tuple[PendingInstitutionLink, str]] = field(default_factory=list)


def resolve_pending_links(
    institutions: Iterable[Institution] | None = None, *, reason: str = "the other institution arrived"
) -> Resolved:
    """Make links of the relations that waited for these institutions.

    Whoever creates an institution with a ROR id, or gives one its ROR id, calls this afterwards.
    It asks for no permission: it says what ROR has said already. A relation that would close a
    circle goes on waiting and is returned with the reason.

    Args:
        institutions: those that arrived; None asks for all that are here.
        reason: for the history.
    """
    arrived = None if institutions is None else [institution.pk for institution in institutions]
    keys = keys_by_ror_id(arrived)
    waiting = PendingInstitutionLink.objects.order_by("pk")
    if institutions is not None:
        waiting = waiting.filter(target_ror_id__in=keys)
    rows = [row for row in waiting.iterator(chunk_size=2000) if row.target_ror_id in keys]
    resolved = Resolved()
    if rows:
        standing = Standing()
        for start in range(0, len(rows), _CHUNK):
            _resolve(rows[start : start + _CHUNK], keys, standing, resolved, reason)
    return resolved


def _resolve(rows, keys: dict[str, int], standing: Standing, resolved: Resolved, reason: str) -> None:
    done, edges = [], {}
    for row in rows:
        if row.institution_id == keys[row.target_ror_id]:
            done.append(row.pk)
            continue
        edge = as_edge(row.kind, row.institution_id, keys[row.target_ror_id])
        if edge not in standing and edge not in edges and standing.closes_circle(edge):
            resolved.refused.append((row, _CIRCLE))
            continue
        done.append(row.pk)
        if edge not in standing:
            edges[edge] = row
            standing.add(edge, 0, True)
    with transaction.atomic(), acting(reason=reason):
        InstitutionLink.objects.bulk_create(_link(edge) for edge in edges)
        PendingInstitutionLink.objects.filter(pk__in=done).delete()
    resolved.made += len(edges)


def _link(edge: Edge) -> InstitutionLink:
    institution, kind, target = edge
    return InstitutionLink(institution_id=institution, kind=kind, target_id=target, from_ror=True)


def add_links(edges: dict[Edge, str], standing: Standing, report: Report, *, reason: str) -> list[Edge]:
    """Make links that do not stand yet.

    Args:
        edges: the links wanted, each with the ROR id of the record that states it.

    Returns:
        the links made. One that would close a circle is refused alone.
    """
    new = []
    for edge, stated_by in edges.items():
        if edge in standing:
            continue
        if standing.closes_circle(edge):
            report.refuse("relation", stated_by, f"{edge[1]}: {_CIRCLE}")
        else:
            standing.add(edge, 0, True)
            new.append(edge)
    made: list[Edge] = []
    for start in range(0, len(new), _CHUNK):
        chunk = new[start : start + _CHUNK]
        try:
            _create(chunk, reason)
            made += chunk
        except DatabaseError:
            made += _create_one_by_one(chunk, edges, report, reason)
    report.links_added += len(made)
    return made


def _create(edges: list[Edge], reason: str) -> None:
    with transaction.atomic(), acting(reason=reason):
        InstitutionLink.objects.bulk_create(_link(edge) for edge in edges)


def _create_one_by_one(chunk: list[Edge], edges: dict[Edge, str], report: Report, reason: str) -> list[Edge]:
    made = []
    for edge in chunk:
        try:
            _create([edge], reason)
            made.append(edge)
        except DatabaseError as error:
            report.refuse("relation", edges[edge], f"{edge[1]}: {clear_message(error)}")
    return made


def remove_links(edges: list[Edge], standing: Standing, report: Report, *, reason: str) -> None:
    """Take away links that ROR gave and states no more."""
    keys = [standing.remove(edge) for edge in edges]
    for start in range(0, len(keys), _CHUNK):
        with transaction.atomic(), acting(reason=reason):
            InstitutionLink.objects.filter(pk__in=keys[start : start + _CHUNK]).delete()
    report.links_removed += len(keys)
