"""Clauses as PostgreSQL understands them: what each word may stand for, and the text of a ``tsquery``.

A word stands for itself, for its stems (``en=agreement`` in records that carry a language, the bare
stem anywhere), and in some scripts for spellings that people do not tell apart. ``search/cards``
writes the lexemes that are found by this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.db import connection

from .scripts import (
    is_unspaced,
    other_article,
    parts,
    with_umlauts,
    without_leaning,
    without_particle,
    without_umlauts,
)
from .stemmers import OWN_LANGUAGE, STEMMERS, may_be_in
from .syntax import Clause, Term

#: Lexemes are cut to this length on the cards.
LONGEST_LEXEME = 60
#: Of a term that folds to more words only so many are looked for.
_LONGEST_PHRASE = 60
#: A shorter stem says too little to be looked for without its language.
_SHORTEST_STEM = 3

_Folded = tuple[str, list[str | None]]
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
 WHERE cut.word <> '' AND cut.place <= {_LONGEST_PHRASE}
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

    def query(self) -> str:
        others = sorted((self.spellings | self.stems) - {self.folded})
        either = [_lexeme(self.folded, beginning=self.beginning)]
        either += [_lexeme(other) for other in others]
        either += [_all(_lexeme(part) for part in parts) for parts in self.parts]
        return _any(either)


@dataclass(frozen=True)
class Meant:
    """A term and its words; several words must follow one another, or stand as one."""

    term: Term
    words: tuple[Word, ...]

    def query(self) -> str:
        return f"!{self.phrase()}" if self.term.excluded else self.phrase()

    def phrase(self) -> str:
        """What is looked for, whether it is to be there or not."""
        phrase = " <-> ".join(word.query() for word in self.words)
        if len(self.words) > 1:
            phrase = f"({phrase})"
            if not self.term.quoted:
                joined = Word("".join(word.folded for word in self.words)[:LONGEST_LEXEME])
                phrase = _any([phrase, joined.query()])
        return phrase


@dataclass(frozen=True)
class Compiled:
    """A query as SQL takes it.

    ``all`` is to be cast to ``tsquery``, and asked of any vector of the cards. ``clauses`` are the
    words that were understood, for those who explain or correct.
    """

    clauses: tuple[tuple[Meant, ...], ...]

    @cached_property
    def all(self) -> str:
        return " & ".join(clause_query(terms) for terms in self.clauses)

    @cached_property
    def wanted(self) -> str:
        """The part that asks for words, without what leaves words out; empty where that is all."""
        asking = [terms for terms in self.clauses if not any(meant.term.excluded for meant in terms)]
        return " & ".join(clause_query(terms) for terms in asking)

    @cached_property
    def unwanted(self) -> str:
        """What must not be there, where nothing is asked for; empty where something is.

        A text answers the whole if and only if it does not answer this.
        """
        if not all(meant.term.excluded for terms in self.clauses for meant in terms):
            return ""
        return _any(_all(meant.phrase() for meant in terms) for terms in self.clauses)


def clause_query(terms: Iterable[Meant]) -> str:
    """The text of a ``tsquery`` for terms of which one must hold."""
    return _any(term.query() for term in terms)


# What words mean depends on PostgreSQL's dictionaries alone, not on what the registry holds.
@lru_cache(maxsize=1_000)
def compile_clauses(clauses: tuple[Clause, ...]) -> Compiled | None:
    """Return what to ask for; None where nothing is left that could be found.

    Terms of nothing but signs are passed over. Takes one SQL statement, unless the same was asked lately.
    """
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
    ways = [[term.text, without_umlauts(term.text), without_leaning(term.text)] for term in terms]
    texts = list(dict.fromkeys(text for way in ways for text in way))
    folded: dict[str, list[_Folded]] = {text: [] for text in texts}
    with connection.cursor() as cursor:
        cursor.execute(_FOLDED, [list(_LANGUAGES), texts])
        for number, word, stems in cursor.fetchall():
            folded[texts[number - 1]].append((word, stems))
    return {
        term: _understood(term, [folded[text] for text in way]) for term, way in zip(terms, ways, strict=True)
    }


def _understood(term: Term, ways: list[list[_Folded]]) -> tuple[Word, ...]:
    """The words of a term, given what it folds to in each way of writing it; the first is as typed."""
    plain = ways[0]
    if term.quoted:
        return tuple(_exact(word) for word, _ in plain)
    same_length = [way for way in ways if len(way) == len(plain)]
    words = [_loose(list(same)) for same in zip(*same_length, strict=True)]
    if words and term.beginning:
        words[-1] = _open(words[-1])
    return tuple(words)


def _exact(word: str) -> Word:
    return Word(word, parts=_parts([word]))


def _open(word: Word) -> Word:
    return Word(word.folded, word.spellings, word.stems, word.parts, beginning=True)


def _loose(written: list[_Folded]) -> Word:
    """A word with its stems and everything that is as good, given the ways to write it."""
    word = written[0][0]
    shorter = without_particle(word)
    spellings = {other for other, _ in written} | {*shorter, *with_umlauts(word), *other_article(word)}
    found = set()
    for _, stems in written:
        for codes, stem in zip(_LANGUAGES.values(), stems, strict=True):
            if stem and may_be_in(codes[0], stem):
                found |= {f"{code}={stem}" for code in codes}
                # Where a word is its own stem, cards have it once, in the registry's language.
                if OWN_LANGUAGE in codes and len(stem) >= _SHORTEST_STEM:
                    found.add(stem)
    return Word(word, frozenset(spellings - {word}), frozenset(found - {word}), _parts([word, *shorter]))


def _parts(words: list[str]) -> tuple[tuple[str, ...], ...]:
    every = [tuple(parts(word)) for word in words if is_unspaced(word)]
    return tuple(dict.fromkeys(found for found in every if found))


def _lexeme(word: str, *, beginning: bool = False) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'" + ":*" * beginning


def _any(queries: Iterable[str]) -> str:
    queries = list(dict.fromkeys(queries))
    return queries[0] if len(queries) == 1 else f"({' | '.join(queries)})"


def _all(queries: Iterable[str]) -> str:
    queries = list(dict.fromkeys(queries))
    return queries[0] if len(queries) == 1 else f"({' & '.join(queries)})"
