"""Questions about partnerships: pairs of institutions, counted by the agreements that they share.

Rows are dicts of ``first_id`` and ``second_id``, the smaller key first, and the number of agreements.
Their order always ends with both keys, in the direction in which it begins: an index holds them so,
and reading on from a row enters it there.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import Aggregate, Count, F, Q
from django.db.models.functions import Coalesce, Greatest, Least

from partnerships.fields import PartialDateField

from .cards import IndexCardQuerySet

PAIR = ("first_id", "second_id")


class Earliest(Aggregate):
    """The first of several partial dates; PostgreSQL has no ``min`` for ranges."""

    template = "(array_agg(%(expressions)s ORDER BY %(expressions)s ASC NULLS LAST))[1]"
    output_field = PartialDateField()


class Latest(Aggregate):
    """The last of several partial dates."""

    template = "(array_agg(%(expressions)s ORDER BY %(expressions)s DESC NULLS LAST))[1]"
    output_field = PartialDateField()


#: The dates of a partnership: of signing, or of announcement where no signing is recorded.
_DATES = {"first_on": Earliest, "latest_on": Latest}


def in_order(terms: Iterable, *, descending: bool) -> list:
    """Complete what partnerships are ordered by, down to what tells any two of them apart."""
    return [*terms, *(f"-{name}" if descending else name for name in PAIR)]


class PartnershipCountQuerySet(models.QuerySet):
    def as_partnerships(self, column: str):
        """The pairs that share agreements, those that share most first.

        Args:
            column: ``agreements`` or ``rolled_up``, by which they are counted.
        """
        rows = self.filter(**{f"{column}__gt": 0}).values(*PAIR, column)
        return rows.order_by(*in_order([f"-{column}"], descending=True))

    def with_side(self, institutions):
        """Pairs of which one side is among ``institutions``: keys, or rows of keys."""
        return self.filter(Q(first__in=institutions) | Q(second__in=institutions))


class CardPairQuerySet(IndexCardQuerySet):
    def as_partnerships(self, sides: Iterable = (), *, dates: Iterable[str] = ()):
        """The pairs that these cards join, with their ``agreement_count``, those that share most first.

        Args:
            sides: for each of these sets of institutions (keys, or rows of keys) one side of the
                pair must be among them.
            dates: which of ``first_on`` and ``latest_on`` the rows carry as well.
        """
        when = Coalesce("signed_on", "announced_on")
        pairs = self._each_once(list(sides)).annotate(
            agreement_count=Count("*"), **{name: _DATES[name](when) for name in dates}
        )
        return pairs.order_by(*in_order(["-agreement_count"], descending=True))

    def _each_once(self, sides: list):
        """Every pair of every card once, as ``first_id`` and ``second_id``."""
        if not sides:
            return self.filter(one__lt=F("other")).values(first_id=F("one"), second_id=F("other"))
        first, *rest = sides
        # Entered from the side that is asked for; where both are, from the smaller one.
        pairs = self.filter(one__in=first).filter(~Q(other__in=first) | Q(one__lt=F("other")))
        for further in rest:
            pairs = pairs.filter(Q(one__in=further) | Q(other__in=further))
        return pairs.values(first_id=Least("one", "other"), second_id=Greatest("one", "other"))
