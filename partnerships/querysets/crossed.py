"""What pictures ask of cards beyond single headings: several at once, one alone, the year of the end."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import F, Func, IntegerField, Q

from partnerships.choices import Status


def under_all(headings: Iterable[int]) -> Q:
    """The condition for cards under every one of the headings, given by their ids."""
    return Q(keys__contains=sorted(headings))


def under_only(heading: int, others: Iterable[int]) -> Q:
    """The condition for cards under one heading and none of the others."""
    return Q(keys__contains=[heading]) & ~Q(keys__overlap=sorted(others))


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
