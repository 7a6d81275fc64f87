"""What is asked of cards beyond single headings: several at once, one alone, both of two, the end."""

from collections.abc import Iterable
from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import F, Func, IntegerField, Q

from partnerships.choices import Status

from .institutions import institution_families


def under_all(headings: Iterable[int]) -> Q:
    """The condition for cards under every one of the headings, given by their ids."""
    return Q(keys__contains=sorted(headings))


def under_only(heading: int, others: Iterable[int]) -> Q:
    """The condition for cards under one heading and none of the others."""
    return Q(keys__contains=[heading]) & ~Q(keys__overlap=sorted(others))


def joining(pairs: Iterable[tuple[int, int]], *, with_sub_units: bool = False) -> Q:
    """The condition for cards that join both institutions of one of ``pairs``, given by their keys.

    Args:
        with_sub_units: a sub-unit counts for what stands above it. Where one of two stands above the
            other, the part below counts for the lower one alone.
    """
    pairs = list(pairs)
    sides = {side for pair in pairs for side in pair}
    headings = _headings_of(sides)
    families = institution_families(sides) if with_sub_units else {}
    found = Q(pk__in=[])
    for one, other in pairs:
        # By the headings an index finds what names both, or units below them; then the parties are looked at.
        if one in headings and other in headings:
            apart = Q(parties__contains=[one, other])
            if with_sub_units:
                apart = _apart(families[one], families[other], other)
            found |= under_all([headings[one], headings[other]]) & apart
    return found


def _headings_of(institutions: Iterable[int]) -> dict[int, int]:
    """Ids of the headings of institutions, by key; none for one under which nothing stands."""
    rows = apps.get_model("partnerships", "Heading").objects.filter(facet="institution")
    known = rows.filter(value__in=map(str, institutions)).values_list("value", "pk")
    return {int(value): pk for value, pk in known}


def _apart(first: set[int], second: set[int], other: int) -> Q:
    """The condition for cards with a party of either family, ``other`` being the top of the second."""
    if other in first:
        first = first - second
    else:
        second = second - first
    return Q(parties__overlap=sorted(first)) & Q(parties__overlap=sorted(second))


class EndYear(Func):
    """The year in which an agreement ends: its last term, or by termination before that; null if not known.

    Either is known to the year at least, so that no year is invented.
    """

    output_field = IntegerField()

    def __init__(self):
        super().__init__(F("ends_on"), F("status_days"), F("statuses"))

    def as_sql(self, compiler, connection, **extra):
        parts = [compiler.compile(one) for one in self.get_source_expressions()]
        (ends, _), (days, _), (statuses, _) = parts
        terminated = f"{days}[array_position({statuses}, %s)]"
        sql = f"extract(year FROM LEAST(lower({ends}), {terminated}))::integer"
        return sql, [Status.TERMINATED.value]


class CrossedQuestions(models.QuerySet):
    """Mixin of the queryset of cards."""

    def ending_in(self, years: Iterable[int]):
        """Cards of agreements that end, or ended, in one of ``years``: see ``EndYear``."""
        years = sorted(years)
        # Where an index knows it: the last term ends then, or the agreement was terminated at some time.
        might = Q(statuses__contains=[Status.TERMINATED])
        for year in years:
            first, next_first = date(year, 1, 1), date(year + 1, 1, 1)
            might |= Q(ends_on__first_day__gte=first, ends_on__first_day__lt=next_first)
        return self.filter(might).alias(ended_year=EndYear()).filter(ended_year__in=years)
