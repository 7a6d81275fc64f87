"""The language of the query box: what is typed, cut into clauses. No database is asked here.

    KAIST OR POSTECH quantum "data science" -defence country:KR

All clauses must hold. ``OR`` (or ``|``) joins its neighbours into one clause, of which one term is
enough; quotation marks hold words together; a minus leaves out what follows; ``name:value`` sets a
filter, if one of that name is known. Nothing that can be typed is an error, except what cannot be
answered: those are the faults.
"""

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass, field

from django.utils.translation import gettext

MAX_LENGTH = 300
MAX_TERMS = 12
#: From so many letters on, a word that is still being typed is taken for the beginning of a word.
_BEGINNING, _BEGINNING_ABROAD = 3, 2

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TOKEN = re.compile(
    r"""(?P<joint>\|+)
      | (?P<minus>[-−－])? (?:(?P<name>[A-Za-z_]+)[:：])? "(?P<quoted>[^"]*)"
      | (?P<word>[^\s"|]+)""",
    re.VERBOSE,
)
_FIELD = re.compile(r"(?P<minus>[-−－])?(?P<name>[A-Za-z_]+)[:：](?P<value>.+)")

_SMALL = (
    "a an and as at by for from in of on or the to with "
    "au aux d da das de degli dei del della delle den der des di die do dos du e een el en et für "
    "gli het i il im l la las le les lo los o s und van von y zu zum zur"
)
#: Words that nearly every text has. They only count in quotation marks, or when nothing else is asked.
SMALL_WORDS = frozenset(_SMALL.split())


@dataclass(frozen=True)
class Term:
    """A word, or a phrase in quotation marks; ``start`` and ``end`` say where it stands in the text."""

    text: str
    start: int
    end: int
    quoted: bool = False
    excluded: bool = False
    #: The word may go on: it is the last one, and no space follows.
    beginning: bool = False


@dataclass(frozen=True)
class Clause:
    """Terms of which one must hold."""

    terms: tuple[Term, ...]


@dataclass
class Parsed:
    """A query box, read.

    ``text`` is what was typed without signs that cannot be seen; positions of terms refer to it.
    """

    text: str
    clauses: list[Clause] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    #: Where filters are set in the text.
    settings: list[tuple[int, int]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The text without the filters that it sets."""
        left = self.text
        for start, end in reversed(self.settings):
            left = left[:start] + left[end:]
        return " ".join(left.split())

    @property
    def is_empty(self) -> bool:
        """Nothing is asked of the words: the box is empty, or sets filters only."""
        return not self.clauses and (bool(self.fields) or not self.text.strip())


def parse(text: str, fields: Set[str] = frozenset()) -> Parsed:
    """Cut a query into clauses.

    Args:
        fields: names that set a filter; ``name:value`` with any other name is just words.
    """
    reading = _Reading(_visible(text), fields)
    if len(text) > MAX_LENGTH:
        reading.parsed.faults.append(
            gettext("Search for at most %(number)s characters.") % {"number": MAX_LENGTH}
        )
        return reading.parsed
    for token in _TOKEN.finditer(reading.parsed.text.translate(_QUOTES)):
        reading.take(token)
    return reading.finished()


class _Reading:
    """One pass over the tokens."""

    def __init__(self, text: str, fields: Set[str]):
        self.parsed = Parsed(text)
        self.names = fields
        self.clauses: list[list[Term]] = []
        #: What stands before: a clause, the name of a filter, or nothing that could be joined.
        self.before: list[Term] | str | None = None
        self.joining = False

    def take(self, token: re.Match) -> None:
        known = sum(map(len, self.parsed.fields.values()))
        self._take(token)
        if sum(map(len, self.parsed.fields.values())) > known:
            self.parsed.settings.append(token.span())

    def _take(self, token: re.Match) -> None:
        if token["joint"] or token["word"] == "OR":
            self.joining = self.before is not None
        elif token["word"]:
            self._take_word(token)
        elif (name := (token["name"] or "").lower()) in self.names:
            self._set(name, token["quoted"], excluded=bool(token["minus"]))
        else:
            if name:
                self._ask(token["name"], token.start("name"), excluded=bool(token["minus"]))
            self._ask(token["quoted"], token.start("quoted"), quoted=True, excluded=bool(token["minus"]))

    def _take_word(self, token: re.Match) -> None:
        word, start = token["word"], token.start()
        setting = _FIELD.fullmatch(word)
        if setting and setting["name"].lower() in self.names:
            self._set(setting["name"].lower(), setting["value"], excluded=bool(setting["minus"]))
            return
        excluded = word[0] in "-−－"
        self._ask(word[excluded:], start + excluded, excluded=excluded)

    def _ask(self, text: str, start: int, *, quoted: bool = False, excluded: bool = False) -> None:
        """Add a term, to the clause before it if ``OR`` stands between them."""
        if not text.strip():
            return
        term = Term(text, start, start + len(text), quoted, excluded)
        if not self.joining:
            self.before = [term]
            self.clauses.append(self.before)
        elif isinstance(self.before, list):
            self.before.append(term)
        else:
            self._refuse_joint(self.before)
        self.joining = False

    def _set(self, name: str, value: str, *, excluded: bool) -> None:
        """Note the value of a filter."""
        if excluded:
            self.parsed.faults.append(
                gettext("“%(name)s:” cannot be left out with a minus.") % {"name": name}
            )
        elif self.joining and self.before != name:
            self._refuse_joint(name)
        elif value.strip():
            self.parsed.fields.setdefault(name, []).append(value.strip())
        self.before, self.joining = name, False

    def _refuse_joint(self, name) -> None:
        told = gettext("OR joins words, or values of one filter; “%(name)s:” stands beside it.")
        self.parsed.faults.append(told % {"name": name})

    def finished(self) -> Parsed:
        clauses = _without_small_words(self.clauses)
        if sum(map(len, clauses)) > MAX_TERMS:
            self.parsed.faults.append(
                gettext("Search for at most %(number)s words at once.") % {"number": MAX_TERMS}
            )
        self.parsed.clauses = [
            Clause(tuple(_open_ended(term, self.parsed.text) for term in terms)) for terms in clauses
        ]
        return self.parsed


def _without_small_words(clauses: list[list[Term]]) -> list[list[Term]]:
    def is_small(terms: list[Term]) -> bool:
        [term] = terms if len(terms) == 1 else [None]
        return bool(
            term
            and not term.quoted
            and not term.excluded
            and term.text.strip(".,;:!?()").lower() in SMALL_WORDS
        )

    telling = [terms for terms in clauses if not is_small(terms)]
    asks_something = any(not term.excluded for terms in telling for term in terms)
    return telling if asks_something else clauses


def _open_ended(term: Term, text: str) -> Term:
    """The term, as a beginning if it is the word that is being typed."""
    if term.quoted or term.excluded or term.end < len(text):
        return term
    letters = [sign for sign in unicodedata.normalize("NFC", term.text) if sign.isalnum()]
    enough = _BEGINNING if term.text.isascii() else _BEGINNING_ABROAD
    return Term(term.text, term.start, term.end, beginning=len(letters) >= enough)


def _visible(text: str) -> str:
    """The text without control characters and signs of direction, which nobody means to search for.

    Joiners (U+200C, U+200D) stay: some scripts spell with them.
    """
    kept = []
    for sign in text[: MAX_LENGTH + 1]:
        match unicodedata.category(sign):
            case "Cc":
                kept.append(" ")
            case "Cf" | "Cs" if sign not in "\u200c\u200d":
                pass
            case _:
                kept.append(sign)
    return "".join(kept)
