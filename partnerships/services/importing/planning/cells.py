"""The cells of a row by what they are, and complaints about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from partnerships.ror import parse_ror

from ..guessing import folded
from ..targets import TARGETS
from ..values import NotUnderstood, is_blank, read_date, tidied

Reason = dict[str, str]


@dataclass(frozen=True)
class PartyFact:
    """A party as a row names it."""

    name: str
    country: str = ""
    ror_id: str = ""
    role: str = ""
    reference: str = ""

    @property
    def key(self) -> str:
        """What makes it another institution: its ROR id, or else its name and country."""
        return self.ror_id or f"{folded(self.name)}/{self.country}"


@dataclass
class Facts:
    """Everything that a row states.

    ``columns`` are stated by the row; ``defaults`` stand for all rows of the file and are written
    to new records only.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    parties: list[PartyFact] = field(default_factory=list)
    source: dict[str, Any] = field(default_factory=dict)
    focus_areas: list[int] = field(default_factory=list)
    identifier: str = ""
    reasons: list[Reason] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.columns.get("title") or self.defaults.get("title", "")


class Cells:
    """The cells of one row by target, and the place for complaints about them."""

    def __init__(self, reader, cells: list[str], facts: Facts) -> None:
        self.reader, self.cells, self.facts = reader, cells, facts

    def text(self, target: str) -> str:
        place = self.reader.places.get(target)
        return "" if place is None or is_blank(self.cells[place]) else self.cells[place]

    def refuse(self, target: str, message: str) -> None:
        self.facts.reasons.append(reason_for(self.reader, target, self.text(target), message))

    def faulty(self, target: str) -> bool:
        heading = heading_of(self.reader, target)
        return any(reason["column"] == heading for reason in self.facts.reasons)

    def understood(self, target: str, read: Callable[[str], Any]) -> Any:
        """What ``read`` makes of a cell; None where it is blank, or not understood and so refused."""
        text = self.text(target)
        if not text:
            return None
        try:
            return read(text.strip())
        except NotUnderstood as error:
            self.refuse(target, str(error))
            return None

    def order(self, target: str) -> str | None:
        place = self.reader.places[target]
        return self.reader.mapping.orders.get(self.reader.headers[place]) or None

    def date(self, target: str):
        return self.understood(target, lambda text: read_date(text, self.order(target)))

    def parties(self, letter: str) -> list[PartyFact]:
        """The parties of a letter: names, ROR ids and countries side by side.

        One ROR id is one institution, whatever stands in its name. Countries count where there is
        one for each name: a list of countries beside one name says nothing of its seat.
        """
        reader = self.reader
        rors = (
            self.understood(f"ror_{letter}", lambda text: [_ror(part) for part in reader.split(text)]) or []
        )
        names = reader.split(self.text(f"party_{letter}"))
        if len(rors) == 1 and names:
            names = [tidied(self.text(f"party_{letter}"))]
        if not names and rors:
            names = [""] * len(rors)
        if rors and len(rors) != len(names):
            self.refuse(f"ror_{letter}", f"There are {len(rors)} ROR ids for {len(names)} names.")
            return []
        if too_long := next((name for name in names if len(name) > 500), None):
            self.refuse(f"party_{letter}", f"The name “{too_long[:40]}…” has more than 500 characters.")
            return []
        countries = reader.split(self.text(f"country_{letter}"))
        codes = [""] * len(names)
        if len(countries) == len(names) and names:
            found = self.understood(
                f"country_{letter}", lambda _: [reader.countries.read(one) for one in countries]
            )
            codes = found or codes
        reference = tidied(self.text(f"reference_{letter}"))
        if len(reference) > 100:
            self.refuse(f"reference_{letter}", "A reference has 100 characters at most.")
        role = reader.mapping.role(letter)
        return [
            PartyFact(name, code, ror, role, reference if len(names) == 1 else "")
            for name, code, ror in zip(names, codes, rors or [""] * len(names), strict=True)
        ]


def heading_of(reader, target: str) -> str:
    """The heading of the column of a target, or what the target is called."""
    place = reader.places.get(target)
    return TARGETS[target].label if place is None else reader.headers[place]


def reason_for(reader, target: str, value: str, message: str) -> Reason:
    """Why a row is refused, with the column and the value that it is about."""
    return {"column": heading_of(reader, target), "value": " ".join(value.split())[:200], "message": message}


def _ror(text: str) -> str:
    bare = parse_ror(text)
    if bare is None:
        raise NotUnderstood(f"“{text[:60]}” is no ROR id, or its check digits do not fit.")
    return bare
