"""Which cards are looked at: all that answer a question, or of very many a random sample."""

import math
from dataclasses import dataclass

from partnerships.models import IndexCard, SampledCard
from partnerships.querysets.cards import IndexCardQuerySet

from .answers import COUNTED, SHARE, Count, Question
from .planning import by_index, rows_over


@dataclass(frozen=True)
class Drawn:
    """The cards that are looked at.

    Args:
        cards: narrowed by the question, in no order.
        share: one card in so many was drawn; 1 where all are looked at.
        first: what is to be set before a statement that reads them.
    """

    cards: IndexCardQuerySet
    share: int
    first: str = ""

    @property
    def is_exact(self) -> bool:
        return self.share == 1

    def number(self, counted: int) -> Count:
        """What ``counted`` of the cards say of all that answer."""
        return Count.exact(counted) if self.is_exact else Count.estimated(counted, share=self.share)

    def rows(self, statement: str, *parameters, cards: IndexCardQuerySet) -> list[tuple]:
        """Rows of a statement over ``cards``, the columns of these cards that it needs: see ``rows_over``."""
        return rows_over(cards, statement, *parameters, first=self.first)


def looked_at(question: Question, sampled: int, enough: int, without: str = "") -> Drawn:
    """Choose the cards by which ``question`` is answered.

    Args:
        sampled: how many cards of the sample answer it.
        enough: of very many at least so many of the sample are looked at, and fewer than twice as many.
        without: the filter that is left out.
    """
    if sampled <= COUNTED:
        # The few that a search finds are found by index anyway.
        return Drawn(question.cards(IndexCard, without), 1, by_index() if question.under_many else "")
    first = by_index() if question.is_found_by_index(without) else ""
    share = SHARE * 2 ** max(0, int(math.log2(max(sampled, 1) / enough)))
    return Drawn(question.cards(SampledCard, without, share), share, first)
