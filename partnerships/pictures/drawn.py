"""Which cards a picture is drawn from: all that answer, or of very many a random sample."""

from partnerships.querysets.agreements import sees_public_only
from partnerships.search.answers import SHARE, Question
from partnerships.search.samples import Drawn, looked_at

#: Of a sample so many cards are looked at, and fewer than twice as many: a picture has many parts, and each
#: is to rest on some of them.
ENOUGH = 12_000


def drawn(question: Question, enough: int = ENOUGH) -> Drawn:
    """Choose what a picture of ``question`` is drawn from; takes one small count.

    Up to 20,000 agreements all are looked at, as lists and facets do it.
    """
    # A tally that says the number spares counting the sample.
    known = is_tallied(question) or (question.only_heading and sees_public_only(question.user))
    return looked_at(question, question.count.value // SHARE if known else question.in_sample, enough)


def is_tallied(question: Question) -> bool:
    """Whether the question is everybody's, of all agreements, so that tallies answer it."""
    return not question.asked and sees_public_only(question.user)
