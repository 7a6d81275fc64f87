"""Reading a list of cards: how many there are, and the rows of a page, at any size.

What a question costs depends on how many cards answer it. A sixteenth of the cards, drawn at random,
stands in a table of its own: asked first, it says whether few answer or many. Few are found by index,
counted and put in order; many are read in the order of an index until the page is full, and
their number is said with its margin.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import Count as CountRows
from django.db.models import F, Func, IntegerField, Window
from django.utils import timezone

from partnerships.models import IndexCard, SampledCard
from partnerships.querysets.agreements import sees_public_only
from partnerships.querysets.cards import TIERS, IndexCardQuerySet

from .planning import by_index, rows_over
from .tsquery import Compiled

#: One card in so many is in the sample.
SHARE = 16
#: Up to so many cards of the sample, all are counted one by one: 20,000 cards give 1,250 of the sample,
#: and hardly ever more than this.
COUNTED = 1_400
#: One card of the sample in so many is counted where an estimate of those in the sample will do.
_FEW = 8
#: Half the width of an interval that holds the true value 95 times in 100, in standard deviations.
_WIDTH = 1.96


class Count(NamedTuple):
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
    def estimated(cls, sampled: int, share: int = SHARE) -> "Count":
        """What ``sampled`` cards of a sample say of all.

        Every card is in the sample with the chance one in ``share``, so the number in the sample is
        binomial. The interval is Wilson's for a Poisson mean, narrowed by the share that was looked at.
        """
        spread = _WIDTH * math.sqrt(1 - 1 / share)
        middle = sampled + spread**2 / 2
        reach = spread * math.sqrt(sampled + spread**2 / 4)
        low = max(sampled, math.floor((middle - reach) * share))
        return cls(sampled * share, low, math.ceil((middle + reach) * share))


@dataclass(eq=False)
class Question:
    """What is asked of the cards.

    Args:
        narrow: narrows cards, of the index or of its sample, by everything but one filter.
        asked: names of the filters in use.
        search: the words that are searched for; None where there are none.
        only_heading: the heading under which all stands that is asked for, if it is that simple.
        under_many: narrowed to one of very many headings, which only an index finds in good time.
        counting: "exact" or "estimate" where that is insisted on, "none" where nobody wants the number.
    """

    narrow: Callable[..., IndexCardQuerySet]
    user: object
    asked: frozenset[str]
    search: Compiled | None = None
    only_heading: int | None = None
    counting: str = ""
    under_many: bool = False

    @property
    def words(self) -> str:
        """The search as PostgreSQL reads it; empty where there is none."""
        return self.search.all if self.search else ""

    @property
    def wanted(self) -> str:
        """The part of it that asks for words: what is left out counts everywhere, not in names alone."""
        return self.search.wanted if self.search else ""

    def cards(self, model=IndexCard, without: str = "", share: int = SHARE) -> IndexCardQuerySet:
        """The cards that answer; without the filter ``without``.

        Args:
            share: of the sample the cards that are in a smaller one: one card in so many, a power of two.
        """
        cards = model.objects.visible_to(self.user).order_by()
        return self.narrow(cards if share == SHARE else _thinned(cards, share), without)

    def under_any(self, headings: Iterable[int]) -> "Question":
        """The same question, of cards under one of ``headings`` alone."""
        narrow = self.narrow
        return replace(
            self,
            narrow=lambda cards, without="": narrow(cards, without).under_any(headings),
            asked=self.asked | {"heading"},
            only_heading=None,
            under_many=True,
        )

    def is_found_by_index(self, without: str = "") -> bool:
        """Whether cards are to be found by index, whatever PostgreSQL reckons: see ``by_index``."""
        return self.under_many or bool(self.wanted and without != "q")

    def sampled(self, without: str = "") -> int:
        """How many cards of the sample answer."""
        searches = self.search is not None and without != "q"
        if searches and (unwanted := self.search.unwanted):
            # No index finds what lacks a word. One finds what has it; the rest is what is asked for.
            others = self.cards(SampledCard, without="q")
            return others.count() - _counted_by_index(others.filter(words__answers=unwanted))
        if self.under_many:
            # Holding cards against very many headings takes long, and this decides only what is looked at.
            few = self.cards(SampledCard, without, share=_FEW * SHARE)
            return _FEW * _counted_by_index(few)
        cards = self.cards(SampledCard, without)
        return _counted_by_index(cards) if self.is_found_by_index(without) else cards.count()

    @cached_property
    def count(self) -> Count:
        """How many cards answer: exact up to 20,000 at least, and wherever a tally says it."""
        return self.known_count or Count.exact(self.cards().count())

    @cached_property
    def known_count(self) -> Count | None:
        """The count where no card has to be looked at: a tally says it, or very many answer."""
        if sees_public_only(self.user) and (self.only_heading or not self.asked):
            return Count.exact(tallied(self.only_heading or 0))
        if self.counting == "exact":
            return Count.exact(self.cards().count())
        if self.counting == "estimate":
            return Count.estimated(self.in_sample)
        return Count.estimated(self.in_sample) if self.in_sample > COUNTED else None

    @cached_property
    def in_sample(self) -> int:
        """How many cards of the sample answer the whole question."""
        return self.sampled()


class CardList:
    """The cards that answer a question, in order, to be counted and sliced.

    Args:
        rows: the cards, narrowed and in order.
        instead: gives another question and its rows, to be answered where this one finds nothing.
    """

    def __init__(self, question: Question, rows: IndexCardQuerySet, instead: Callable | None = None):
        self.question, self.rows, self.instead = question, rows, instead

    def counted_by(self, counting: str) -> "CardList":
        """Count as ``counting`` says: ``Question.counting``."""
        self.question.counting = counting
        return self

    def count(self) -> int:
        if not self.question.count.value and self._turn():
            return self.count()
        return self.question.count.value

    def with_count(self, start: int, stop: int) -> tuple[list[IndexCard], int]:
        """Rows ``start`` to ``stop``, and how many there are in all; where they are few, by one statement."""
        if self.question.counting == "none" and not self.question.asked:
            return list(self.rows[start:stop]), 0
        if known := self.question.known_count:
            return self._among(known.value, start, stop), known.value
        rows = _numbered(self.rows, start, stop)
        # Behind the end no row is left that would say the number.
        if rows or not start:
            self.question.count = Count.exact(rows[0].number if rows else 0)
        if not self.question.count.value and self._turn():
            return self.with_count(start, stop)
        return rows, self.question.count.value

    def _turn(self) -> bool:
        """Take up the question to be answered instead, if there is one."""
        instead, self.instead = self.instead and self.instead(), None
        if instead:
            counting = self.question.counting
            self.question, self.rows = instead
            self.question.counting = counting
        return bool(instead)

    def __getitem__(self, page: slice) -> list[IndexCard]:
        return self.with_count(page.start or 0, page.stop)[0]

    def _among(self, number: int, start: int, stop: int) -> list[IndexCard]:
        if self.is_ranked:
            return list(_ranked(self.question, start, stop))
        return list(self.rows[start:stop] if _are_many(stop, number) else self.rows.found_first()[start:stop])

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


def _thinned(cards: IndexCardQuerySet, share: int) -> IndexCardQuerySet:
    """Of the sample the cards that are in a smaller one; looked at first, as it costs least."""
    drawn = Func(F("pk"), function="hashint8", output_field=IntegerField())
    return cards.alias(drawn=drawn.bitand(share - 1)).filter(drawn=0)


def tallied(heading: int) -> int:
    """How many public cards stand under a heading today; 0 stands for all."""
    with connection.cursor() as cursor:
        cursor.execute(_TALLIED, [heading, timezone.localdate()])
        return cursor.fetchone()[0] or 0


#: Written out, as every plain list asks it.
_TALLIED = "SELECT sum(change) FROM partnerships_tally WHERE heading = %s AND day <= %s"


def _numbered(rows: IndexCardQuerySet, start: int, stop: int) -> list[IndexCard]:
    """Rows ``start`` to ``stop`` of few, each with the ``number`` of all."""
    return list(rows.found_first().annotate(number=Window(CountRows("*")))[start:stop])


def _ranked(question: Question, start: int, stop: int) -> Iterator[IndexCard]:
    """Rows of a search that very many answer: of those in names, then in topics, then in text."""
    passed, before = 0, None
    for tier, column in enumerate(TIERS, 1):
        rows, number = _of_tier(question, column, before, passed, (max(start - passed, 0), stop - passed))
        for row in rows:
            row.tier = tier
            yield row
        passed, before = passed + number, column
        if passed >= stop:
            return


def _of_tier(question: Question, column: str, before: str | None, passed: int, page: tuple[int, int]):
    """Rows of those that answer in ``column`` and not in ``before``, and how many these are."""
    start, stop = page
    cards = question.cards(without="q")
    number = SHARE * _sampled(question, column) - passed
    many = _are_many(stop, number)
    found = _answering(question, cards, column, each=many)
    if before:
        found = found.exclude(pk__in=_answering(question, cards, before).values("pk"))
    found = found.order_by("-dated_on", "-pk").for_page()
    if many:
        return found[start:stop], number
    rows = _numbered(found, start, stop)
    return rows, rows[0].number if rows else found.count() if start else 0


def _sampled(question: Question, column: str) -> int:
    """How many cards of the sample answer the search in ``column``."""
    if column == TIERS[-1]:
        return question.in_sample
    return _counted_by_index(_answering(question, question.cards(SampledCard, "q"), column))


def _counted_by_index(cards: IndexCardQuerySet) -> int:
    """Count cards of the sample that a search finds, by its index however many they are."""
    counted = "SELECT count(*) FROM ({cards}) AS found"
    return next(iter(rows_over(cards.order_by().values("pk"), counted, first=by_index())), (0,))[0]


def _answering(question: Question, cards: IndexCardQuerySet, column: str, *, each: bool = False):
    """Cards that have the words wanted in ``column``, and nowhere what is left out.

    The last tier is the text of the record and that of its documents.
    """
    if column == TIERS[-1]:
        return cards.answering(question.words, question.user, each=each)
    rows = cards.filter(**{f"{column}__{'answers_each' if each else 'answers'}": question.wanted})
    return rows.filter(words__answers_each=question.words) if question.words != question.wanted else rows


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
