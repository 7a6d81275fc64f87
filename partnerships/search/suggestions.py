"""What somebody may mean who is still typing: institutions, people, subjects, events, countries, by any name.

How names are found and ranked says ``search/names.py``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Model

from partnerships.models import Country, Event, FindableName, FocusArea, Institution
from people.models import Person

from .names import nearest_names

MAX_LENGTH = 200


def _code(number: int) -> str:
    """The code of a country by its number in the index."""
    return number.to_bytes(2).decode()


class _Resource(NamedTuple):
    """What can be suggested; ``key`` makes a primary key of the number that the index has."""

    kind: str
    model: type[Model]
    key: Callable[[int], int | str] = int


RESOURCES = {
    "institutions": _Resource(FindableName.Kind.INSTITUTION, Institution),
    "people": _Resource(FindableName.Kind.PERSON, Person),
    "focus-areas": _Resource(FindableName.Kind.FOCUS_AREA, FocusArea),
    "events": _Resource(FindableName.Kind.EVENT, Event),
    "countries": _Resource(FindableName.Kind.COUNTRY, Country, _code),
}


@dataclass(frozen=True)
class Suggestion:
    """A record, and the name by which it was found.

    ``name_kind`` is ``name`` for the name that is shown, else the kind of a further name;
    ``similar`` says that the name does not hold what was typed, but something near it.
    """

    resource: str
    record: Institution | Person | FocusArea | Event | Country
    name: str
    name_kind: str
    language: str
    similar: bool

    @property
    def noun(self) -> str:
        """What such a record is called: “focus area”."""
        return str(self.record._meta.verbose_name)

    @property
    def basename(self) -> str:
        """What the names of its addresses begin with: ``focus-area``."""
        return self.noun.replace(" ", "-")

    @property
    def country(self) -> str | None:
        """The code of the country that the record is or lies in; None of people and subjects."""
        record = self.record
        return record.code if isinstance(record, Country) else getattr(record, "country_id", None)


def suggest(
    text: str, *, user, resources: Iterable[str] = tuple(RESOURCES), limit: int = 10
) -> list[Suggestion]:
    """Return at most ``limit`` records that ``user`` may see, the likeliest first.

    Args:
        text: what was typed, in any script; only the first ``MAX_LENGTH`` characters count.
        resources: keys of ``RESOURCES``.
    """
    wanted = {RESOURCES[name].kind: name for name in resources}
    ranked = [
        (near.kind, RESOURCES[wanted[near.kind]].key(near.target), *near[2:6])
        for near in nearest_names(text[:MAX_LENGTH], list(wanted))
    ]
    targets: dict[str, set] = defaultdict(set)
    for kind, target, *_ in ranked:
        targets[kind].add(target)
    records = {
        kind: RESOURCES[wanted[kind]].model.objects.visible_to(user).in_bulk(keys)
        for kind, keys in targets.items()
    }
    found: dict[tuple, Suggestion] = {}
    for kind, target, *name in ranked:
        record = records[kind].get(target)
        if record is not None and (kind, target) not in found:
            found[kind, target] = Suggestion(wanted[kind], record, *name)
        if len(found) == limit:
            break
    return list(found.values())
