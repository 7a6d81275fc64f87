"""Where in a text the words of a term stand.

PostgreSQL has found the text already; this finds the place again, so that it can be shown. Stems
are known of the words that were asked for only, so a word of the text shares a stem if it begins
with it and ends like an inflection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from .folding import Stretch, Text
from .scripts import composed, is_unspaced, pairs, without_particle
from .syntax import Term
from .tsquery import Meant, Word

#: How well a word answers: as it was typed, or spelled as well; as a beginning, or in a longer
#: word of a script without spaces; by its stem.
_SAME, _WITHIN, _RELATED = 0, 1, 2
#: An ending of an inflection is not longer; behind a short stem it is shorter still.
_LONGEST_ENDING, _SHORT_STEM, _SHORT_ENDING = 5, 4, 2
#: A stem that is shorter than this share of its word is one of another language.
_STEM_SHARE = 0.6
_ENDINGS = frozenset({"ing", "ers", "ies"})


@dataclass(frozen=True)
class Finding:
    """A term in a text: where, and how well (the less the better)."""

    term: Term
    spans: tuple[tuple[int, int], ...]
    grade: int


class Seeker:
    """Finds one term in texts."""

    def __init__(self, meant: Meant):
        self.term = meant.term
        self.words = [_known(word) for word in meant.words]
        self.joined = "".join(word.folded for word in meant.words) if len(meant.words) > 1 else None

    def may_be_in(self, folded: str) -> bool:
        """Whether a text, folded as a whole, can hold the term: asked of very many that do not."""
        if self.joined and self.joined in folded:
            return True
        return all(any(probe in folded for probe in sought.probes) for sought in self.words)

    def find(self, text: Text, *, loosely: bool = False) -> Finding | None:
        """Return where the term stands in a text.

        Args:
            loosely: find also what only reminds of the term.
        """
        # Most texts hold nothing of it: their words are asked before their places.
        if not self._may_be_among(text.words, loosely):
            return None
        found, spans, grades = text.stretches, [], []
        for first in range(len(found)):
            held = self._held(found[first : first + len(self.words)], loosely)
            if held:
                spans.append(held[0])
                grades.append(held[1])
        return Finding(self.term, tuple(spans), min(grades)) if spans else None

    def _may_be_among(self, words: frozenset[str], loosely: bool) -> bool:
        """Whether a text of these words can hold the term."""
        if self.joined and any(self.joined in word for word in words):
            return True
        return all(any(sought.grade(word, loosely) is not None for word in words) for sought in self.words)

    def _held(self, run: Sequence[Stretch], loosely: bool) -> tuple[tuple[int, int], int] | None:
        """The span of the words in a run of as many stretches, and how well it answers."""
        if self.joined and self.joined in run[0].folded:
            return (run[0].start, run[0].end), _SAME
        if len(run) < len(self.words):
            return None
        grades = []
        for sought, stretch in zip(self.words, run, strict=True):
            grade = min((sought.grade(word, loosely) for word in stretch.folded), key=_worst_last)
            if grade is None:
                return None
            grades.append(grade)
        start, end = self.words[0].span(run[0])[0], self.words[-1].span(run[-1])[1]
        return (start, end), max(grades)


def _worst_last(grade: int | None) -> int:
    return _RELATED + 1 if grade is None else grade


class _Sought:
    """One word, and which words of a text answer it."""

    def __init__(self, word: Word):
        self.word = word
        self.same = {word.folded, *word.spellings}
        stems = {stem.partition("=")[2] or stem for stem in word.stems}
        self.stems = {stem for stem in stems if len(stem) >= _STEM_SHARE * len(word.folded)}
        shorter = without_particle(word.folded) if word.stems or word.spellings else []
        self.within = [composed(one) for one in (word.folded, *shorter) if is_unspaced(one)]
        self.pairs = pairs(word.folded)
        self.probes = self._probes()
        #: How well a word of a text answers, given whether loosely; None where it does not.
        self.grade = lru_cache(maxsize=2_000)(self._graded)

    def _probes(self) -> list[str]:
        """Texts of which one stands in every text that holds the word; none holds another."""
        within = {normalize("NFKD", one) for one in self.within}
        all_of_them = self.same | within | {stem.removesuffix("i") for stem in self.stems}
        shortest: list[str] = []
        for probe in sorted(all_of_them, key=len):
            if not any(one in probe for one in shortest):
                shortest.append(probe)
        return shortest

    def _graded(self, word: str, loosely: bool) -> int | None:
        if word in self.same:
            return _SAME
        if self.word.beginning and word.startswith(self.word.folded):
            return _WITHIN
        if self.within and any(one in composed(word) for one in self.within):
            return _WITHIN
        is_related = any(_shares(stem, word) for stem in self.stems) or (loosely and self._reminds(word))
        return _RELATED if is_related else None

    def _reminds(self, word: str) -> bool:
        if self.pairs:
            written = composed(word)
            return any(pair in written for pair in self.pairs)
        return any(word.startswith(stem[:4]) for stem in self.stems if len(stem) >= 4)

    def span(self, stretch: Stretch) -> tuple[int, int]:
        """Where the word stands in a stretch: of scripts without spaces only the part that is meant."""
        written = composed(stretch.folded[0])
        if is_unspaced(written) and len(written) == stretch.end - stretch.start:
            for one in self.within or [self.word.folded]:
                if (place := written.find(one)) >= 0:
                    return stretch.start + place, stretch.start + place + len(one)
        return stretch.start, stretch.end


@lru_cache(maxsize=100)
def _known(word: Word) -> _Sought:
    return _Sought(word)


def _shares(stem: str, word: str) -> bool:
    """Whether a word may be an inflection of a stem."""
    begins = word.startswith(stem)
    if not begins and stem.endswith("i"):
        stem = stem[:-1]
        begins = word.startswith((f"{stem}y", f"{stem}ie"))
    ending = word[len(stem) :]
    if len(stem) <= _SHORT_STEM and ending not in _ENDINGS:
        return begins and len(ending) <= _SHORT_ENDING
    return begins and len(ending) <= _LONGEST_ENDING
