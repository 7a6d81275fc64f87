"""Evidence beside each fact: which of an agreement's sources stand for it."""

from typing import NamedTuple

from partnerships.models import Agreement


class Evidence(NamedTuple):
    """A source beside a fact: its number in the list of sources, and its title."""

    number: int
    title: str


def evidence_of(agreement: Agreement) -> tuple[dict[str, list[Evidence]], dict[int, list[Evidence]]]:
    """Return the sources of ``agreement`` by the fact that they stand for, and each by its primary key.

    Sources are numbered as the page lists them. A source that names no fact stands in the list alone.
    """
    by_fact: dict[str, list[Evidence]] = {}
    by_key: dict[int, list[Evidence]] = {}
    for number, source in enumerate(agreement.sources.all(), start=1):
        one = Evidence(number, source.title)
        by_key[source.pk] = [one]
        for fact in source.supports:
            by_fact.setdefault(fact, []).append(one)
    return by_fact, by_key
