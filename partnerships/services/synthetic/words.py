"""Texts of invented words: the frequent ones in nearly every text, the rare ones in one of ten thousand."""

from itertools import accumulate
from random import Random

from .scripts import SCRIPTS, Script

#: Characters of a summary, more or less.
LENGTH = 600
_SENTENCE = 12
_SPREAD = (0.85, 1.15)


class Vocabulary:
    """The words of one language, drawn as often as Zipf's law says.

    Args:
        script: of what the words are made.
        chance: makes the words; what is drawn later comes from the caller's own source of chance.
    """

    def __init__(self, script: Script, chance: Random) -> None:
        self.script, self.tag = script, script.tag
        self.words = _invented(script, chance)
        weights = [1 / (rank + 1) for rank in range(len(self.words))]
        self._weights = list(accumulate(weights))
        mean = sum(len(word) * weight for word, weight in zip(self.words, weights, strict=True))
        mean = mean / self._weights[-1] + len(script.space) + len(script.stop) / _SENTENCE
        self._fewest, self._most = (round(LENGTH / mean * part) for part in _SPREAD)

    def draw(self, chance: Random, number: int) -> list[str]:
        """Return ``number`` words, the frequent ones more often."""
        return chance.choices(self.words, cum_weights=self._weights, k=number)

    def text(self, chance: Random) -> str:
        """Return sentences of about ``LENGTH`` characters."""
        words = self.draw(chance, chance.randrange(self._fewest, self._most + 1))
        space, stop = self.script.space, self.script.stop
        sentences = [space.join(words[at : at + _SENTENCE]) for at in range(0, len(words), _SENTENCE)]
        return (stop.join(sentences) + stop).rstrip()


def vocabularies(seed: int) -> tuple[list[Vocabulary], list[float]]:
    """Return the vocabularies of a seed, and how often each is used, added up."""
    found = [Vocabulary(script, Random(f"{seed} words {script.tag}")) for script in SCRIPTS]  # noqa: S311
    return found, list(accumulate(script.share for script in SCRIPTS))


def _invented(script: Script, chance: Random) -> list[str]:
    words: dict[str, float] = {}
    pick = chance.choice
    while len(words) < script.vocabulary:
        parts = [
            pick(script.beginnings) + pick(script.middles) + pick(script.closes)
            for _ in range(pick(script.syllables))
        ]
        # A word stands with several endings, so that looking for its stem is worth something.
        for _ in range(chance.randrange(1, 4)):
            word = "".join(parts) + pick(script.endings)
            # Frequent words are mostly short ones.
            words.setdefault(word, len(word) + 4 * chance.random())
    return sorted(words, key=lambda word: (words[word], word))[: script.vocabulary]
