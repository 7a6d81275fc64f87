"""Questions about what many agreements share: events, focus areas, countries, people."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Count, OuterRef, Prefetch, Subquery, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from people.access import DisclosedQuerySet

from .agreements import sees_public_only
from .trees import reachable


class EventQuerySet(DisclosedQuerySet):
    def with_agreement_count(self, user):
        """Annotate ``agreement_count``: agreements of this event that ``user`` may see."""
        if sees_public_only(user):
            return self.annotate(agreement_count=_tallied("event"))
        agreements = apps.get_model("partnerships", "Agreement").objects.visible_to(user)
        return self.annotate(agreement_count=_count(agreements.filter(event=OuterRef("pk")), "event"))

    def with_parts(self, user):
        """The event itself, without what is counted among agreements."""
        return self.select_related("country")

    def for_list(self, user):
        return self.with_parts(user).with_agreement_count(user)

    for_detail = for_list


#: Names of what stands above a subject, from the root down. The tree has no circles (a trigger sees to it).
_PATH = """
ARRAY(
    WITH RECURSIVE above(parent_id, name, height) AS (
        SELECT parent.parent_id, parent.name, 1 FROM partnerships_focusarea parent
         WHERE parent.id = partnerships_focusarea.parent_id
        UNION ALL
        SELECT parent.parent_id, parent.name, above.height + 1
          FROM partnerships_focusarea parent JOIN above ON parent.id = above.parent_id
    )
    SELECT name FROM above ORDER BY height DESC
)
"""


class FocusAreaQuerySet(DisclosedQuerySet):
    def with_path(self):
        """Annotate ``path``: the names of the subjects above it, from the root down. For staff only:
        it names subjects whatever their visibility."""
        return self.annotate(path=RawSQL(_PATH, [], output_field=ArrayField(CharField())))  # noqa: S611

    def with_agreement_count(self, user):
        """Annotate ``agreement_count``: agreements on this subject or one below it that ``user`` may see."""
        if sees_public_only(user):
            return self.annotate(agreement_count=_tallied("focus_area"))
        cards = apps.get_model("partnerships", "IndexCard").objects.visible_to(user)
        under = cards.filter(keys__overlap=ArraySubquery(_heading("focus_area").values("pk")))
        return self.annotate(agreement_count=_count(under.annotate(one=Value(1)), "one"))

    def with_parts(self, user):
        """The subject itself, without what is counted among agreements."""
        visible = self.model.objects.visible_to(user)
        return self.prefetch_related("mappings", Prefetch("parent", visible))

    def for_list(self, user):
        return self.with_parts(user).with_agreement_count(user)

    for_detail = for_list


def focus_area_family(ids: Iterable[int]) -> list[int]:
    """Return ``ids`` and the ids of all subjects below them."""
    return reachable(ids, table="partnerships_focusarea", child="id", parent="parent_id")


def focus_area_ancestors(ids: Iterable[int]) -> list[int]:
    """Return ``ids`` and the ids of all subjects above them."""
    return reachable(ids, table="partnerships_focusarea", child="parent_id", parent="id")


def with_country_counts(countries, user):
    """Annotate countries with ``agreement_count`` and ``institution_count``, as ``user`` may see them."""
    institutions = (
        apps.get_model("partnerships", "Institution").objects.visible_to(user).filter(country=OuterRef("pk"))
    )
    return with_agreements_of_countries(countries, user).annotate(
        institution_count=_count(institutions, "country")
    )


def with_agreements_of_countries(countries, user):
    """Annotate countries with ``agreement_count`` alone, as ``user`` may see them."""
    number = _tallied("country") if sees_public_only(user) else _count_of_parties(user)
    return countries.annotate(agreement_count=number)


def _count_of_parties(user):
    agreements = apps.get_model("partnerships", "Agreement").objects.visible_to(user).values("pk")
    parties = apps.get_model("partnerships", "Party").objects.filter(
        institution__country=OuterRef("pk"), agreement__in=agreements
    )
    return _count(parties, "institution__country", Count("agreement", distinct=True))


def _heading(facet: str):
    """The heading that a row of the query around stands for; for a query within a query."""
    headings = apps.get_model("partnerships", "Heading").objects
    return headings.filter(facet=facet, value=Cast(OuterRef(OuterRef("pk")), CharField()))


def _tallied(facet: str):
    """How many public agreements stand under the heading of a row: nothing has to be counted."""
    changes = apps.get_model("partnerships", "Tally").objects.filter(
        heading=Subquery(_heading(facet).values("pk")), day__lte=timezone.localdate()
    )
    return _count(changes, "heading", Sum("change"))


def _count(rows, group: str, what=None):
    counted = rows.order_by().values(group).annotate(n=what or Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
