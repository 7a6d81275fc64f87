"""Which cards a picture is drawn from: all that answer, or of very many a random sample."""

import math
from dataclasses import dataclass

from partnerships.models import IndexCard, SampledCard
from partnerships.querysets.cards import IndexCardQuerySet
from partnerships.search.answers import COUNTED, SHARE, Count, Question
from partnerships.search.facets import thinned

#: Of a sample so many cards are looked at, and fewer than twice as many: a picture has many parts, and each
#: is to rest on some of them.
ENOUGH = 12_000


@dataclass(frozen=True)
class Drawn:
    """The cards that a picture is drawn from.

    Args:
        cards: narrowed by the question, in no order.
        share: one card in so many was drawn; 1 where all are looked at.
    """

    cards: IndexCardQuerySet
    share: int

    @property
    def is_exact(self) -> bool:
        return self.share == 1

    def number(self, counted: int) -> Count:
        """What ``counted`` of the cards say of all that answer."""
        return Count.exact(counted) if self.is_exact else Count.estimated(counted, share=self.share)


def drawn(question: Question, enough: int = ENOUGH) -> Drawn:
    """Choose what a picture of ``question`` is drawn from; takes one small count.

    Up to 20,000 agreements all are looked at, as lists and facets do it.
    """
    if question.in_sample <= COUNTED:
        return Drawn(question.cards(IndexCard), 1)
    share = SHARE * 2 ** max(0, int(math.log2(question.in_sample / enough)))
    return Drawn(thinned(question.cards(SampledCard), share), share)
