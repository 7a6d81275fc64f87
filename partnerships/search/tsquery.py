"""Clauses as PostgreSQL understands them: what each word may stand for, and the text of a ``tsquery``.

A word stands for itself, for its stems (``en=agreement`` in records that carry a language, the bare
stem anywhere), and in some scripts for spellings that people do not tell apart. ``search/cards``
writes the lexemes that are found by this.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from .scripts import is_unspaced, parts, without_particle
from .stemmers import OWN_LANGUAGE, STEMMERS
from .syntax import Clause, Term

#: Lexemes are cut to this length on the cards.
LONGEST_LEXEME = 60
#: A shorter stem says too little to be looked for without its language: Quan is no stem of quantum.
_SHORTEST_STEM = {OWN_LANGUAGE: 3}
_SHORTEST_STEM_ABROAD = 5

_LANGUAGES = {
    dictionary: [code for code, same in STEMMERS.items() if same == dictionary]
    for dictionary in dict.fromkeys(STEMMERS.values())
}
#: The words of each text, folded, with their stems by dictionary.
_FOLDED = f"""
SELECT given.number, left(cut.word, {LONGEST_LEXEME}), ARRAY(
           SELECT (ts_lexize(dictionary, left(cut.word, {LONGEST_LEXEME})))[1]
             FROM unnest(%s::regdictionary[]) WITH ORDINALITY AS known(dictionary, place) ORDER BY place)
  FROM unnest(%s::text[]) WITH ORDINALITY AS given(text, number),
       unnest(string_to_array(folded_name(given.text), ' ')) WITH ORDINALITY AS cut(word, place)
 WHERE cut.word <> ''
 ORDER BY given.number, cut.place
"""  # noqa: S608


@dataclass(frozen=True)
class Word:
    """One folded word of a term, with what it may stand for."""

    folded: str
    #: Other spellings that are as good as what was typed.
    spellings: frozenset[str] = frozenset()
    #: Stems with their language (``en=agreement``), and bare ones.
    stems: frozenset[str] = frozenset()
    #: Each a set of lexemes that together tell of the word.
    parts: tuple[tuple[str, ...], ...] = ()
    beginning: bool = False

    def query(self, weights: str = "") -> str:
        others = sorted((self.spellings | self.stems) - {self.folded})
        either = [_lexeme(self.folded, weights, beginning=self.beginning)]
        either += [_lexeme(other, weights) for other in others]
        either += [_all(_lexeme(part, weights) for part in parts) for parts in self.parts]
        return _any(either)


@dataclass(frozen=True)
class Meant:
    """A term and its words; several words must follow one another, or stand as one."""

    term: Term
    words: tuple[Word, ...]

    def query(self, weights: str = "") -> str:
        phrase = " <-> ".join(word.query(weights) for word in self.words)
        if len(self.words) > 1:
            phrase = f"({phrase})"
            if not self.term.quoted:
                joined = Word("".join(word.folded for word in self.words)[:LONGEST_LEXEME])
                phrase = _any([phrase, joined.query(weights)])
        return f"!{phrase}" if self.term.excluded else phrase


@dataclass(frozen=True)
class Compiled:
    """A query as SQL takes it: texts to be cast to ``tsquery``.

    ``all`` is for everything on a card, ``names`` for the vector of titles and names, ``topics``
    for the vector of everything, but for titles, names and topics only. ``clauses`` are the
    words that were understood, for those who explain or correct.
    """

    clauses: tuple[tuple[Meant, ...], ...]
    all: str = field(init=False)
    topics: str = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "all", self._text())
        object.__setattr__(self, "topics", self._text("AB"))

    @property
    def names(self) -> str:
        return self.all

    def _text(self, weights: str = "") -> str:
        return " & ".join(_any([meant.query(weights) for meant in terms]) for terms in self.clauses)


def compile_clauses(clauses: Iterable[Clause]) -> Compiled | None:
    """Return what to ask for, by one SQL statement; None where nothing is left that could be found.

    Terms of nothing but signs are passed over.
    """
    clauses = list(clauses)
    terms = [term for clause in clauses for term in clause.terms]
    if not terms:
        return None
    words = _words_of(terms)
    understood = [
        tuple(Meant(term, words[term]) for term in clause.terms if words.get(term)) for clause in clauses
    ]
    understood = [clause for clause in understood if clause]
    return Compiled(tuple(understood)) if understood else None


def _words_of(terms: list[Term]) -> dict[Term, tuple[Word, ...]]:
    texts = [term.text for term in terms]
    folded: list[list[tuple[str, list[str | None]]]] = [[] for _ in range(2 * len(terms))]
    with connection.cursor() as cursor:
        cursor.execute(_FOLDED, [list(_LANGUAGES), texts + [_without_umlauts(text) for text in texts]])
        for number, word, stems in cursor.fetchall():
            folded[number - 1].append((word, stems))
    found = {}
    for term, plain, spelled_out in zip(terms, folded, folded[len(terms) :], strict=False):
        also = [word for word, _ in spelled_out] if len(spelled_out) == len(plain) else [w for w, _ in plain]
        words = [
            _exact(word) if term.quoted else _loose(word, other, stems)
            for (word, stems), other in zip(plain, also, strict=True)
        ]
        if words and term.beginning:
            words[-1] = _open(words[-1])
        found[term] = tuple(words)
    return found


def _exact(word: str) -> Word:
    return Word(word, parts=_parts([word]))


def _open(word: Word) -> Word:
    return Word(word.folded, word.spellings, word.stems, word.parts, beginning=True)


def _loose(word: str, other: str, stems: list[str | None]) -> Word:
    """The word with its stems and everything that is as good."""
    shorter = without_particle(word)
    spellings = {other, *shorter, *_umlauts(word), *_without_article(word)}
    found = set()
    for codes, stem in zip(_LANGUAGES.values(), stems, strict=True):
        if stem and stem != word:
            found |= {f"{code}={stem}" for code in codes}
        if stem and len(stem) >= _SHORTEST_STEM.get(codes[0], _SHORTEST_STEM_ABROAD):
            found.add(stem)
    return Word(word, frozenset(spellings - {word}), frozenset(found - {word}), _parts([word, *shorter]))


def _parts(words: list[str]) -> tuple[tuple[str, ...], ...]:
    every = [tuple(parts(word)) for word in words if is_unspaced(word)]
    return tuple(dict.fromkeys(found for found in every if found))


_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa"}
)


def _without_umlauts(text: str) -> str:
    """The text as it is written where there are no umlauts: Zuerich."""
    return unicodedata.normalize("NFC", text).translate(_UMLAUTS)


def _umlauts(word: str) -> list[str]:
    """A folded word as it would be if it had been written with umlauts: zurich for zuerich."""
    shorter = re.sub("(?<=[aou])e|(?<=a)a", "", word)
    return [shorter] if word.isascii() and shorter != word else []


def _without_article(word: str) -> list[str]:
    """An Arabic word with its article, if it has none, and without, if it has."""
    if not "\u0621" <= word[:1] <= "\u064a" or len(word) < 3:
        return []
    return [word[2:]] if word.startswith("ال") and len(word) > 4 else [f"ال{word}"]


def _lexeme(word: str, weights: str = "", *, beginning: bool = False) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    marks = f"{'*' * beginning}{weights}"
    return f"'{escaped}'" + (f":{marks}" if marks else "")


def _any(queries: Iterable[str]) -> str:
    queries = list(dict.fromkeys(queries))
    return queries[0] if len(queries) == 1 else f"({' | '.join(queries)})"


def _all(queries: Iterable[str]) -> str:
    queries = list(dict.fromkeys(queries))
    return queries[0] if len(queries) == 1 else f"({' & '.join(queries)})"
