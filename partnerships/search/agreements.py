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

from partnerships.models import (
    Activity,
    Agreement,
    AgreementFocusArea,
    Event,
    FocusArea,
    Institution,
    Party,
    Signatory,
    Statement,
)
from people.models import Person, PersonName

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

        Takes one SQL statement, once.
        """
        return self._compiled

    @cached_property
    def _compiled(self) -> Compiled | None:
        return None if self.faults else compile_clauses(self.parsed.clauses)


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


def matching(agreements, text: str):
    """Narrow ``agreements`` to those in which every term of ``text`` is found somewhere.

    Looked through: title, summary, every name of the parties, their references and cities,
    people (every name, and names as printed), subjects, activities' descriptions, the event.
    """
    for term in split_terms(text):
        agreements = agreements.filter(pk__in=_carrying(term))
    return agreements


def _carrying(term: str):
    """Ids of agreements that carry ``term`` in any of their texts.

    A union of narrow queries, each on its own trigram index: one condition with OR over joined
    tables would read every table whole.
    """
    institutions = Institution.objects.named_like(term).values("pk")
    people = (
        Person.objects.filter(name__icontains=term)
        .values("pk")
        .union(PersonName.objects.filter(value__icontains=term).values("person"))
    )
    subjects = FocusArea.objects.filter(name__icontains=term).values("pk")
    signatories = Signatory.objects.filter(Q(person__in=people) | Q(name_as_printed__icontains=term))
    statements = Statement.objects.filter(
        Q(person__in=people)
        | Q(capacity__icontains=term)
        | Q(summary__icontains=term)
        | Q(institution__in=institutions)
    )
    roads = [
        Agreement.objects.filter(summary__icontains=term).values("pk"),
        Agreement.objects.filter(event__in=Event.objects.filter(name__icontains=term).values("pk")).values(
            "pk"
        ),
        Party.objects.filter(institution__in=institutions).values("agreement"),
        Party.objects.filter(reference__icontains=term).values("agreement"),
        Party.objects.filter(institution__city__iexact=term).values("agreement"),
        signatories.values("party__agreement"),
        statements.values("agreement"),
        AgreementFocusArea.objects.filter(focus_area__in=subjects).values("agreement"),
        Activity.objects.filter(description__icontains=term).values("agreement"),
    ]
    return Agreement.objects.filter(title__icontains=term).values("pk").union(*roads)
