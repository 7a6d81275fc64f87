"""Questions about institutions."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from partnerships.choices import LinkKind
from partnerships.ror import parse_ror
from people.access import DisclosedQuerySet

from .trees import reachable, reachable_from_each


class InstitutionQuerySet(DisclosedQuerySet):
    def visible_to(self, user):
        """Rows that ``user`` may see. What was merged into another institution is nobody's to see."""
        return super().visible_to(user).filter(merged_into=None)

    def by_identifier(self, text: str):
        """The institution whose uid or ROR id (in any written form) is ``text``; at most one.

        The id of one that was merged leads to the one that it was merged into.
        """
        ror_id = parse_ror(text)
        meant = (
            self.model.objects.filter(ror_id=ror_id)
            if ror_id
            else self.model.objects.filter(uid=text.strip())
        )
        return self.filter(pk=Subquery(meant.order_by().values(found=Coalesce("merged_into", "pk"))))

    def by_identifiers(self, texts: Iterable[str]) -> dict[str, Any]:
        """The institutions of many ids, as ``by_identifier`` finds each, by the id as it was written."""
        ror_ids = {text: parse_ror(text) for text in texts}
        uids = {text.strip() for text, ror_id in ror_ids.items() if not ror_id}
        meant = self.model.objects.filter(Q(uid__in=uids) | Q(ror_id__in=set(filter(None, ror_ids.values()))))
        keys: dict[str, int] = {}
        for uid, ror_id, key in meant.order_by().values_list("uid", "ror_id", Coalesce("merged_into", "pk")):
            keys |= {uid: key} | ({ror_id: key} if ror_id else {})
        rows = self.in_bulk(set(keys.values()))
        found = {text: rows.get(keys.get(ror_id or text.strip())) for text, ror_id in ror_ids.items()}
        return {text: row for text, row in found.items() if row}

    def named_like(self, text: str):
        """Institutions that carry ``text`` inside any of their names, whatever the case."""
        names = apps.get_model("partnerships", "InstitutionName").objects
        own = self.model.objects.filter(name__icontains=text).values("pk")
        other = names.filter(value__icontains=text).values("institution")
        return self.filter(pk__in=own.union(other))

    def best_first(self, text: str):
        """Order by how well ``text`` names the institution: a whole name, a beginning, any part."""
        names = apps.get_model("partnerships", "InstitutionName").objects.filter(institution=OuterRef("pk"))
        whole = Q(name__iexact=text) | Exists(names.filter(value__iexact=text))
        begun = Q(name__istartswith=text) | Exists(names.filter(value__istartswith=text))
        fit = Case(
            When(whole, then=Value(0)),
            When(begun, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return self.order_by(fit, "name", "pk")

    def with_agreement_count(self, user):
        """Annotate ``agreement_count``: agreements with this institution as a party that ``user`` may see."""
        agreements = apps.get_model("partnerships", "Agreement").objects.visible_to(user).values("pk")
        parties = apps.get_model("partnerships", "Party").objects.filter(
            institution=OuterRef("pk"), agreement__in=agreements
        )
        counted = parties.order_by().values("institution").annotate(n=Count("pk")).values("n")
        return self.annotate(agreement_count=Coalesce(Subquery(counted), 0))

    def for_list(self, user):
        """Everything that a row of a list shows."""
        return self.select_related("country").prefetch_related("names").with_agreement_count(user)

    def for_detail(self, user):
        """Everything that a page or an API record shows."""
        return self.with_parts(user).with_agreement_count(user)

    def with_parts(self, user):
        """The institution itself, without what is counted among agreements."""
        visible = self.model.objects.visible_to(user)
        links = apps.get_model("partnerships", "InstitutionLink").objects
        return self.select_related("country").prefetch_related(
            "names",
            "identifiers",
            "further_locations__country",
            "pending_links",
            Prefetch("links", links.filter(target__in=visible).select_related("target__country")),
            Prefetch(
                "inverse_links",
                links.filter(institution__in=visible).select_related("institution__country"),
            ),
        )


_PARENT_EDGES = {"table": "partnerships_institutionlink", "where": f"edge.kind = '{LinkKind.PARENT}'"}


def institution_family(ids: Iterable[int]) -> list[int]:
    """Return ``ids`` and the ids of all institutions below them."""
    return reachable(ids, child="institution_id", parent="target_id", **_PARENT_EDGES)


def institution_families(ids: Iterable[int]) -> dict[int, set[int]]:
    """Return for each of ``ids`` itself and the ids of all institutions below it."""
    return reachable_from_each(ids, child="institution_id", parent="target_id", **_PARENT_EDGES)


def institution_ancestors(ids: Iterable[int]) -> list[int]:
    """Return ``ids`` and the ids of all institutions above them."""
    return reachable(ids, child="target_id", parent="institution_id", **_PARENT_EDGES)


def topmost(ids: Iterable[int]) -> list[int]:
    """Return the topmost institutions above ``ids`` that everybody may see, as cards know them.

    What nothing stands above is its own.
    """
    return sorted(set().union(*topmost_of_each(ids).values()))


def topmost_of_each(ids: Iterable[int]) -> dict[int, set[int]]:
    """Return for each of ``ids`` the topmost institutions above it: see ``topmost``."""
    statement = """
        SELECT above.below, array_agg(above.id)
          FROM institutions_above(%s::bigint[]) above
          JOIN partnerships_institution i ON i.id = above.id
         WHERE (i.visibility = 'public' OR above.id = above.below)
           AND NOT EXISTS (SELECT 1 FROM partnerships_institutionlink link
                             JOIN partnerships_institution higher ON higher.id = link.target_id
                            WHERE link.institution_id = above.id AND link.kind = 'parent'
                              AND higher.visibility = 'public')
         GROUP BY above.below
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return {below: set(above) for below, above in cursor.fetchall()}


def relatives(institution) -> dict[str, list]:
    """Sort the links of an institution (fetched by ``for_detail``) by how they read from its side.

    Returns lists under ``parents``, ``children``, ``predecessors``, ``successors``, ``related``.
    """
    ahead = {LinkKind.PARENT: "parents", LinkKind.PREDECESSOR: "predecessors", LinkKind.RELATED: "related"}
    back = {LinkKind.PARENT: "children", LinkKind.PREDECESSOR: "successors", LinkKind.RELATED: "related"}
    found: dict[str, list] = {
        name: [] for name in ("parents", "children", "predecessors", "successors", "related")
    }
    for link in institution.links.all():
        found[ahead[link.kind]].append(link.target)
    for link in institution.inverse_links.all():
        if link.institution not in found[back[link.kind]]:
            found[back[link.kind]].append(link.institution)
    return {name: sorted(rows, key=lambda row: row.name) for name, rows in found.items()}


def with_parents_of_parties(agreements, user):
    """Prefetch, for parties that are sub-units, the links to their parents (``institution.parent_links``)."""
    visible = apps.get_model("partnerships", "Institution").objects.visible_to(user)
    links = apps.get_model("partnerships", "InstitutionLink").objects
    above = links.filter(kind=LinkKind.PARENT, target__in=visible).select_related("target")
    return agreements.prefetch_related(Prefetch("parties__institution__links", above, to_attr="parent_links"))
