"""All relations of a file, once its institutions stand: link them, let the rest wait."""

from dataclasses import dataclass, field

from django.db import transaction

from partnerships.choices import LinkKind
from partnerships.models import PendingInstitutionLink
from people.history import acting

from .links import Edge, Standing, add_links, as_edge, keys_by_ror_id, remove_links, resolve_pending_links
from .mapping import Record
from .report import Report

#: A relation that waits: institution, ROR's word, ROR id of the other.
Waiting = tuple[int, str, str]


@dataclass(slots=True)
class Statements:
    """What the records of a file say of each other, collected while the file is read.

    Each is a tuple of the record's ROR id, ROR's word, the other's ROR id and its label.
    """

    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def collect(self, record: Record) -> None:
        self.rows += [(record.ror_id, row.kind, row.ror_id, row.label) for row in record.relations]


def write_relations(statements: Statements, report: Report, *, reason: str) -> None:
    """Bring the links of all institutions of the file in step with it."""
    keys = keys_by_ror_id()
    read = {keys[ror_id]: ror_id for ror_id in report.outcomes if ror_id in keys}
    report.not_in_file = len(keys) - len(read)
    edges, waiting = _wanted(statements, keys, report)
    standing = Standing()
    gone = [
        edge
        for edge, (_, ours) in standing.rows.items()
        if ours and edge[0] in read and edge[2] in read and not _stated(edge, edges)
    ]
    remove_links(gone, standing, report, reason=reason)
    made = add_links(edges, standing, report, reason=reason)
    changed = _write_waiting(waiting, read, reason)
    resolved = resolve_pending_links(reason=reason)
    report.links_added += resolved.made
    for row, why in resolved.refused:
        report.refuse("relation", row.target_ror_id, f"{row.kind}, stated by another institution: {why}")
    report.links_waiting = PendingInstitutionLink.objects.count()
    for institution in {edge[0] for edge in (*gone, *made)} | changed:
        if institution in read:
            report.mark_changed(read[institution])


def _wanted(
    statements: Statements, keys: dict[str, int], report: Report
) -> tuple[dict[Edge, str], dict[Waiting, str]]:
    """Return links with the record that states each, and waiting relations with their labels."""
    edges: dict[Edge, str] = {}
    waiting: dict[Waiting, str] = {}
    for ror_id, kind, other, label in statements.rows:
        if ror_id not in report.outcomes:
            continue
        if keys.get(other) == keys[ror_id]:
            # The two were merged here: what ROR says of them to each other says nothing any more.
            continue
        if other in keys:
            edges.setdefault(as_edge(kind, keys[ror_id], keys[other]), ror_id)
        else:
            waiting[keys[ror_id], kind, other] = label
    return edges, waiting


def _stated(edge: Edge, edges: dict[Edge, str]) -> bool:
    institution, kind, target = edge
    return edge in edges or (kind == LinkKind.RELATED and (target, kind, institution) in edges)


def _write_waiting(wanted: dict[Waiting, str], read: dict[int, str], reason: str) -> set[int]:
    """Keep the waiting relations of the file's institutions as ROR states them; return whose changed."""
    fields = ("institution_id", "kind", "target_ror_id", "pk", "target_label")
    rows = PendingInstitutionLink.objects.order_by().values_list(*fields)
    stored = {tuple(row[:3]): row[3:] for row in rows.iterator(chunk_size=5000) if row[0] in read}
    gone = {key: pk for key, (pk, _) in stored.items() if key not in wanted}
    differs = {key for key, label in wanted.items() if key in stored and stored[key][1] != label}
    new = [key for key in wanted if key not in stored]
    if not (gone or differs or new):
        return set()
    with transaction.atomic(), acting(reason=reason):
        PendingInstitutionLink.objects.filter(pk__in=gone.values()).delete()
        for key in differs:
            PendingInstitutionLink.objects.filter(pk=stored[key][0]).update(target_label=wanted[key])
        PendingInstitutionLink.objects.bulk_create(
            (
                PendingInstitutionLink(
                    institution_id=key[0], kind=key[1], target_ror_id=key[2], target_label=wanted[key]
                )
                for key in new
            ),
            batch_size=1000,
        )
    return {key[0] for key in (*gone, *differs, *new)}
