"""Words that are a slip away from one that was typed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from django.db import connection

from .scripts import composed
from .tsquery import LONGEST_LEXEME

#: So many of the nearest words are looked at for each that was typed.
_NEAREST = 40
#: A shorter word is not two words without their space.
_SHORTEST_OF_TWO = 6

#: Two words share a spelling that lacks one letter: one letter missing, too many, wrong, or two
#: exchanged. Levenshtein's distance takes an exchange for two slips.
_NEAR = f"""
SELECT typed.place, near.word
  FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, place),
       LATERAL (SELECT word FROM partnerships_findableword
                 WHERE variants && word_variants(typed.word) AND word <> typed.word
                   AND length(word) BETWEEN 3 AND {LONGEST_LEXEME}
                 ORDER BY levenshtein_less_equal(word, typed.word, 2), word LIMIT {_NEAREST}) AS near
"""  # noqa: S608


@dataclass(frozen=True)
class Slip:
    """What may be meant instead of something typed, and how many slips lead from one to the other."""

    words: tuple[str, ...]
    slips: int


def slips(typed: Sequence[str]) -> list[list[Slip]]:
    """Return for each folded word what the index knows that is a slip away, the nearest first.

    The index knows words of hidden records too: whoever shows one asks first whether it is seen.
    """
    found: dict[int, list[Slip]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [list(typed)])
        for place, word in cursor.fetchall():
            found[place - 1].append(Slip((word,), distance(typed[place - 1], word)))
    return [sorted(found[place], key=lambda slip: (slip.slips, slip.words)) for place in range(len(typed))]


def without_space(typed: Sequence[str], *, struck: bool = False) -> list[list[Slip]]:
    """Return for each folded word the two words that it may be, written without a space.

    Args:
        struck: another key may have been struck instead of the space: ``kingstonnuniversity``.
    """
    halves = [[*_halves(word), *(_halves(word, lost=1) if struck else ())] for word in typed]
    known = _known({part for pairs in halves for pair in pairs for part in pair})
    return [[Slip(pair, 1) for pair in pairs if known.issuperset(pair)] for pairs in halves]


def _halves(word: str, lost: int = 0):
    written = composed(word)
    if len(word) >= _SHORTEST_OF_TWO:
        for cut in range(2, len(written) - 1 - lost):
            yield normalize("NFKD", written[:cut]), normalize("NFKD", written[cut + lost :])


def _known(words: set[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM partnerships_findableword WHERE word = ANY(%s)", [sorted(words)])
        return {word for (word,) in cursor.fetchall()}


def distance(one: str, other: str) -> int:
    """The number of letters missing, too many, wrong or exchanged with the next (Damerau 1964)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, beside in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != beside))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == beside:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]
