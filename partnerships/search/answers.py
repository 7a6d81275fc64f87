"""Reading a list of cards: how many there are, and the rows of a page, at any size.

What a question costs depends on how many cards answer it. A sixteenth of the cards, drawn at random,
stands in a table of its own: asked first, it says whether few answer or many. Few are found by index,
counted and put in order; many are read in the order of an index until the page is full, and
their number is said with its margin.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Sum
from django.utils import timezone

from partnerships.models import IndexCard, SampledCard, Tally
from partnerships.querysets.cards import TIERS, IndexCardQuerySet, sees_public_only

#: One card in so many is in the sample.
SHARE = 16
#: Up to so many cards of the sample, all are counted one by one: 20,000 cards give 1,250 of the sample,
#: and hardly ever more than this.
COUNTED = 1_400
#: Half the width of an interval that holds the true value 95 times in 100, in standard deviations.
_WIDTH = 1.96


@dataclass(frozen=True)
class Count:
    """A number of agreements; ``low`` and ``high`` hold it 95 times in 100 where it is estimated."""

    value: int
    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @classmethod
    def exact(cls, value: int) -> "Count":
        return cls(value, value, value)

    @classmethod
    def estimated(cls, sampled: int) -> "Count":
        """What ``sampled`` cards of the sample say of all.

        Every card is in the sample with the chance 1/16, so the number in the sample is binomial. The
        interval is Wilson's for a Poisson mean, narrowed by the share that was looked at.
        """
        spread = _WIDTH * math.sqrt(1 - 1 / SHARE)
        middle = sampled + spread**2 / 2
        reach = spread * math.sqrt(sampled + spread**2 / 4)
        low = max(sampled, math.floor((middle - reach) * SHARE))
        return cls(sampled * SHARE, low, math.ceil((middle + reach) * SHARE))


@dataclass(frozen=True)
class Question:
    """What is asked of the cards.

    Args:
        narrow: narrows cards, of the index or of its sample, by everything but one filter.
        asked: names of the filters in use.
        words: the search as PostgreSQL reads it; empty where there is none.
        wanted: the part of it that asks for words: what is left out counts everywhere, not in names alone.
        only_heading: the heading under which all stands that is asked for, if it is that simple.
    """

    narrow: Callable[..., IndexCardQuerySet]
    user: object
    asked: frozenset[str]
    words: str = ""
    wanted: str = ""
    only_heading: int | None = None

    def cards(self, model=IndexCard, without: str = "") -> IndexCardQuerySet:
        """The cards that answer; without the filter ``without``."""
        return self.narrow(model.objects.visible_to(self.user).order_by(), without)

    def sampled(self, without: str = "") -> int:
        """How many cards of the sample answer."""
        return self.cards(SampledCard, without).count()

    @cached_property
    def count(self) -> Count:
        """How many cards answer: exact up to 20,000 at least, and wherever a tally says it."""
        if sees_public_only(self.user):
            if not self.asked:
                return Count.exact(tallied(0))
            if self.only_heading:
                return Count.exact(tallied(self.only_heading))
        if self.in_sample > COUNTED:
            return Count.estimated(self.in_sample)
        return Count.exact(self.cards().count())

    @cached_property
    def in_sample(self) -> int:
        """How many cards of the sample answer the whole question."""
        return self.sampled()


class CardList:
    """The cards that answer a question, in order, to be counted and sliced.

    Args:
        rows: the cards, narrowed and in order.
    """

    def __init__(self, question: Question, rows: IndexCardQuerySet):
        self.question, self.rows = question, rows

    def count(self) -> int:
        return self.question.count.value

    def __getitem__(self, page: slice) -> list[IndexCard]:
        start, stop = page.start or 0, page.stop
        if self.is_ranked:
            return list(_ranked(self.question, start, stop))
        return list(_slice(self.rows, self.question.count.value, start, stop))

    def __iter__(self) -> Iterator[IndexCard]:
        return iter(self.rows)

    # What reading on from a key asks of its rows.

    @property
    def model(self):
        return self.rows.model

    @property
    def query(self):
        return self.rows.query

    def filter(self, *conditions) -> IndexCardQuerySet:
        """The rows that meet further conditions, as a plain queryset."""
        return self.rows.filter(*conditions)

    def reverse(self) -> IndexCardQuerySet:
        """The rows from the last one on, as a plain queryset."""
        return self.rows.reverse()

    @property
    def is_ranked(self) -> bool:
        """True where the order is that of a search."""
        return "tier" in self.rows.query.annotations


def tallied(heading: int) -> int:
    """How many public cards stand under a heading today; 0 stands for all."""
    changes = Tally.objects.filter(heading=heading, day__lte=timezone.localdate())
    return changes.aggregate(total=Sum("change"))["total"] or 0


def _ranked(question: Question, start: int, stop: int) -> Iterator[IndexCard]:
    """Rows of a search: those that answer in names, then in topics, then in the text."""
    behind, before = 0, None
    for tier, column in enumerate(TIERS, 1):
        # Each vector includes the one before, so the numbers do as well.
        number = max(behind, _number(question, column))
        if start < number:
            for row in _of_tier(
                question, column, before, max(start, behind) - behind, stop - behind, number - behind
            ):
                row.tier = tier
                yield row
        if stop <= number:
            return
        behind, before = number, column


def _of_tier(question: Question, column: str, before: str | None, start: int, stop: int, number: int):
    """Rows of those (about ``number``) that answer in ``column`` and not in ``before``."""
    cards = question.cards(without="q")
    many = _are_many(stop, number)
    rows = _answering(question, cards, column, each=many)
    if before:
        rows = rows.exclude(pk__in=_answering(question, cards, before).values("pk"))
    rows = rows.order_by("-dated_on", "-pk").for_page()
    return (rows if many else rows.found_first())[start:stop]


def _number(question: Question, column: str) -> int:
    """How many cards answer the search in ``column``; about, where they are very many."""
    if column == TIERS[-1]:
        return question.count.value
    sampled = _answering(question, question.cards(SampledCard, "q"), column).count()
    if sampled > COUNTED:
        return sampled * SHARE
    return _answering(question, question.cards(without="q"), column).count()


def _answering(question: Question, cards: IndexCardQuerySet, column: str, *, each: bool = False):
    """Cards that have the words wanted in ``column``, and nowhere what is left out."""
    rows = cards.filter(**{f"{column}__{'answers_each' if each else 'answers'}": question.wanted})
    return rows.filter(words__answers_each=question.words) if question.words != question.wanted else rows


def _slice(rows: IndexCardQuerySet, number: int, start: int, stop: int) -> IndexCardQuerySet:
    """Rows ``start`` to ``stop`` of about ``number``, by the cheaper way."""
    return rows[start:stop] if _are_many(stop, number) else rows.found_first()[start:stop]


def _are_many(stop: int, number: int) -> bool:
    """Whether walking an index until ``stop`` rows are found is cheaper than finding all ``number``."""
    return stop * _known_cards() / max(number, 1) < number


_known: tuple[float, int] = (0.0, 0)


def _known_cards() -> int:
    """About how many cards there are; looked up once a minute, as nothing but speed hangs on it."""
    global _known
    if time.monotonic() - _known[0] > 60 or not _known[1]:
        _known = (time.monotonic(), max(1, tallied(0)))
    return _known[1]
