"""Words of a text with the place where each stands, folded as ``folded_name`` folds them in SQL.

Python's Unicode is not quite PostgreSQL's: rare signs may fold otherwise. Nothing is found by
what is here; it serves to show in a text that was found what was looked for.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from .scripts import spaced_parts, without_leaning

_APOSTROPHES = "'’‘`ʼ"
#: Letters that are not a plain one with a mark, as ``unaccent`` writes them.
_SPELLED_OUT = {
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ð": "d", "Ð": "d",
    "þ": "th", "Þ": "th", "ø": "o", "Ø": "o", "ı": "i", "ŋ": "n", "Ŋ": "n", "ĸ": "q", "〇": "0",
    "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
}  # fmt: skip
_PLAIN_WITH_SOMETHING = re.compile("LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]{1,2}) WITH ")
_DROPPED = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640" + _APOSTROPHES + "]"
)


def _marks() -> str:
    """Ranges of signs that belong to a letter, for a class of a regular expression."""
    marks = (code for code in range(0x300, 0x20000) if unicodedata.category(chr(code))[0] == "M")
    runs = groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0])
    ends = ([code for _, code in run] for _, run in runs)
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in ends)


_JOINED = _marks() + "\u200c\u200d"
_LETTERS = rf"(?:[^\W_]++|[{_JOINED}]++)++"
_WORD = re.compile(rf"{_LETTERS}(?:[{_APOSTROPHES}]{_LETTERS})*")
_BETWEEN = re.compile(rf"[^\w{_JOINED}]+")


class Stretch(NamedTuple):
    """A word of a text: where it stands, and what it is when folded (rarely several words, or ways)."""

    start: int
    end: int
    folded: tuple[str, ...]


class Text(NamedTuple):
    """A text by its words: in their order with their places, and each once as it is when folded."""

    stretches: list[Stretch]
    words: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Text":
        """The words of ``text``; of short ones, such as names, many are kept for the next time."""
        return _known(text) if len(text) <= _SHORT else cls._read(text)

    @classmethod
    def _read(cls, text: str) -> "Text":
        found = stretches(text)
        return cls(found, frozenset(word for stretch in found for word in stretch.folded))


#: Names of institutions and subjects stand on very many records.
_SHORT = 120


@lru_cache(maxsize=5_000)
def _known(text: str) -> Text:
    return Text._read(text)


def stretches(text: str) -> list[Stretch]:
    """The words of a text in their order."""
    found = (Stretch(word.start(), word.end(), _ways(word[0])) for word in _WORD.finditer(text))
    return [stretch for stretch in found if stretch.folded]


@lru_cache(maxsize=20_000)
def _ways(word: str) -> tuple[str, ...]:
    """A word of a text as the card has it: whole, without an article that leans on it, and its parts."""
    folded = folded_words(word)
    parts = [part for one in folded for part in spaced_parts(one)]
    return tuple(dict.fromkeys([*folded, *folded_words(without_leaning(word)), *parts]))


#: Letters that ``quickly`` leaves to ``folded_words``: Latin ones with more than a mark, some spelled out.
_NOT_QUICKLY = re.compile("[\u00c0-\u02af\u1d00-\u1eff\ua720-\ua7ff" + "".join(_SPELLED_OUT) + "]")


def quickly(text: str) -> str | None:
    """A text folded as a whole, without its words being known; None where that takes more than a moment.

    Every folded word of the text stands somewhere in the answer, so that a word that does not is none.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        if "Σ" in text:  # which is another letter at the end of a word
            return None
    text = _DROPPED.sub("", text.lower())
    return None if _NOT_QUICKLY.search(text) else text


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text, folded: no case, accents, vowel points; Hangul by its letters."""
    lower = text.lower() if text.isascii() else _lowered(text)
    return tuple(word for word in _BETWEEN.split(_DROPPED.sub("", lower.replace("_", " "))) if word)


def _lowered(text: str) -> str:
    """Letters one by one: a Greek sigma at the end stays what it is everywhere."""
    plain = "".join(map(_spelled_out, unicodedata.normalize("NFKC", text)))
    return "".join(_spelled_out(sign.lower()) for sign in unicodedata.normalize("NFKD", plain))


def _spelled_out(sign: str) -> str:
    if sign in _SPELLED_OUT:
        return _SPELLED_OUT[sign]
    if sign < "\u0100" or sign > "\ua7ff" or unicodedata.decomposition(sign):
        return sign
    plain = _PLAIN_WITH_SOMETHING.match(unicodedata.name(sign, ""))
    return plain[1].lower() if plain else sign
