"""Finding agreements by words: what the filter set and the views call.

search = read("KAIST quantum country:KR", FIELDS)
search.faults, search.fields
compiled = search.compiled()        # texts for ``words @@ …::tsquery``
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from partnerships.querysets.document_texts import found_inside, texts_stand

from .syntax import MAX_TERMS, Parsed, parse
from .tsquery import Compiled, compile_clauses


@dataclass
class Search:
    """One query box, read; made by ``read``."""

    parsed: Parsed
    #: Names that set a filter, as given to ``read``.
    names: Set[str]

    @property
    def text(self) -> str:
        """What was typed, without signs that cannot be seen."""
        return self.parsed.text.strip()

    @property
    def words(self) -> str:
        """What was typed without the filters that it sets."""
        return self.parsed.words

    @property
    def fields(self) -> dict[str, list[str]]:
        """Filters that the text sets: by name the values, as typed."""
        return self.parsed.fields

    @property
    def faults(self) -> list[str]:
        """Why the text cannot be answered, in words for whoever typed it."""
        return self.parsed.faults

    @property
    def is_empty(self) -> bool:
        """Whether the text asks nothing of the words: it is blank, or sets filters only."""
        return self.parsed.is_empty

    def compiled(self) -> Compiled | None:
        """What to ask PostgreSQL for; None where nothing can be found: signs and operators only.

        Takes at most one SQL statement, once.
        """
        return self._compiled

    @cached_property
    def _compiled(self) -> Compiled | None:
        return None if self.faults else compile_clauses(tuple(self.parsed.clauses))


def read(text: str, fields: Set[str] = frozenset()) -> Search:
    """Read a query box, without asking the database.

    Args:
        text: what was typed.
        fields: names of filters; ``name:value`` with another name is just words.
    """
    return Search(parse(text, fields), fields)


_TERM = re.compile(r'"([^"]+)"|(\S+)')


def split_terms(text: str) -> list[str]:
    """Return the words of a query; what stands in quotation marks is one term."""
    terms = [(quoted or word).strip().strip('"') for quoted, word in _TERM.findall(text)]
    return [term for term in terms if term][:MAX_TERMS]


def matching(agreements, text: str, user):
    """Narrow ``agreements`` to those that answer ``text``: in names, topics, texts, or in a document that
    ``user`` may see."""
    search = read(text)
    if search.is_empty:
        return agreements
    compiled = search.compiled()
    if not compiled:
        return agreements.none()
    answers = Q(card__words__answers=compiled.all)
    return agreements.filter(answers | found_inside("pk", compiled.all, user) if texts_stand() else answers)
