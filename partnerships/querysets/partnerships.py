"""Partnerships: two institutions, seen through all their agreements. Derived, never typed in."""

from django.apps import apps
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Aggregate, Count, Q
from django.db.models.functions import Coalesce

from partnerships.fields import PartialDateField


class Earliest(Aggregate):
    """The first of several partial dates; PostgreSQL has no ``min`` for ranges."""

    template = "(array_agg(%(expressions)s ORDER BY %(expressions)s ASC NULLS LAST))[1]"
    output_field = PartialDateField()


class Latest(Aggregate):
    """The last of several partial dates."""

    template = "(array_agg(%(expressions)s ORDER BY %(expressions)s DESC NULLS LAST))[1]"
    output_field = PartialDateField()


class PartyPairQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Pairs of agreements that ``user`` may see."""
        agreements = self.model._meta.get_field("agreement").related_model.objects.visible_to(user)
        return self.filter(agreement__in=agreements.values("pk"))

    def of(self, institution_ids):
        """Pairs in which one of the institutions takes part."""
        return self.filter(Q(first__in=institution_ids) | Q(second__in=institution_ids))

    def by_identifier(self, text: str):
        """Pairs of the partnership ``<id>-<id>``, in either order; ROR ids are understood."""
        institutions = apps.get_model("partnerships", "Institution").objects
        one, _, other = text.strip().partition("-")
        one, other = (institutions.by_identifier(part).values("pk") for part in (one, other))
        return self.filter(Q(first__in=one, second__in=other) | Q(first__in=other, second__in=one))

    def as_partnerships(self):
        """One row a pair: ``first_id``, ``second_id``, ``agreement_count``, ``first_on``, ``latest_on``,
        ``types``.

        The dates are those of signing, or of announcement where no signing is recorded.
        """
        when = Coalesce("agreement__signed_on", "agreement__announced_on")
        return (
            self.values("first_id", "second_id")
            .annotate(
                agreement_count=Count("agreement"),
                first_on=Earliest(when),
                latest_on=Latest(when),
                types=ArrayAgg("agreement__type", distinct=True, default=[]),
            )
            .order_by("-agreement_count", "first_id", "second_id")
        )


def with_institutions(partnerships) -> list[dict]:
    """Complete rows of ``as_partnerships``: ``institutions`` in the order of their ids, and ``uid``."""
    rows = list(partnerships)
    keys = {row[side] for row in rows for side in ("first_id", "second_id")}
    known = apps.get_model("partnerships", "Institution").objects.select_related("country").in_bulk(keys)
    for row in rows:
        sides = (known[row["first_id"]], known[row["second_id"]])
        row["institutions"] = sorted(sides, key=lambda institution: institution.uid)
        row["uid"] = "-".join(institution.uid for institution in row["institutions"])
    return rows
