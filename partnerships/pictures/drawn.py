"""Which cards a picture is drawn from: all that answer, or of very many a random sample."""

import math
from dataclasses import dataclass

from partnerships.models import IndexCard, SampledCard
from partnerships.querysets.agreements import sees_public_only
from partnerships.querysets.cards import IndexCardQuerySet
from partnerships.search.answers import COUNTED, SHARE, Count, Question
from partnerships.search.facets import thinned
from partnerships.search.planning import by_index

#: Of a sample so many cards are looked at, and fewer than twice as many: a picture has many parts, and each
#: is to rest on some of them.
ENOUGH = 12_000


@dataclass(frozen=True)
class Drawn:
    """The cards that a picture is drawn from.

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


def drawn(question: Question, enough: int = ENOUGH) -> Drawn:
    """Choose what a picture of ``question`` is drawn from; takes one small count.

    Up to 20,000 agreements all are looked at, as lists and facets do it.
    """
    # A tally that says the number spares counting the sample.
    known = is_tallied(question) or (question.only_heading and sees_public_only(question.user))
    sampled = question.count.value // SHARE if known else question.in_sample
    if sampled <= COUNTED:
        return Drawn(question.cards(IndexCard), 1)
    share = SHARE * 2 ** max(0, int(math.log2(max(sampled, 1) / enough)))
    first = by_index() if question.search else ""
    return Drawn(thinned(question.cards(SampledCard), share), share, first)


def is_tallied(question: Question) -> bool:
    """Whether the question is everybody's, of all agreements, so that tallies answer it."""
    return not question.asked and sees_public_only(question.user)
