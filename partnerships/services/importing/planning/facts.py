"""What one row states, in the registry's terms; and what of it cannot be understood."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from partnerships.choices import AgreementType, Binding, EndKind, ImportKind, Renewal
from partnerships.models import Event, FocusArea
from partnerships.ror import parse_ror

from ..guessing import folded
from ..mapping import Mapping, title_by
from ..targets import TARGETS
from ..values import CountryNames, NotUnderstood, is_blank, read_choice, read_date, read_notice, tidied

Reason = dict[str, str]
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_AND = re.compile(r"\s+(?:and|und|et|y|&)\s+|\s*및\s*", re.IGNORECASE)
_DATES = ("announced_on", "signed_on", "effective_from", "terminated_on")
_CHOICES = {"type": AgreementType, "renewal": Renewal, "binding": Binding}
_TEXTS = ("title", "signed_place", "term_as_stated", "renewal_note")
_LONG_TEXTS = ("summary", "termination_reason")


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


class RowReader:
    """Reads rows by a mapping; what it needs to know of the registry it asks once.

    Args:
        user: whose view of focus areas and events decides.
    """

    def __init__(self, *, mapping: Mapping, headers: list[str], kind: str, user, filename: str = "") -> None:
        self.mapping, self.headers, self.kind, self.filename = mapping, headers, kind, filename
        self.places = {target: index for index, target in enumerate(mapping.targets) if target}
        self.countries = CountryNames()
        self.areas = self.events = {}
        if "focus_areas" in self.places:
            self.areas = _by_name(FocusArea.objects.visible_to(user))
        if "event" in self.places:
            self.events = _by_name(Event.objects.visible_to(user))
        # A form cannot send the end of a line as a value, so it has a name.
        signs = "".join(re.escape(sign) for sign in mapping.separators if len(sign) == 1)
        signs += r"\r\n" if "newline" in mapping.separators else ""
        self._signs = re.compile(f"[{signs}]") if signs else None

    def read(self, cells: list[str]) -> Facts:
        """Return what a row states; every cell that is not understood is among its ``reasons``."""
        facts = Facts()
        row = _Cells(self, cells, facts)
        facts.identifier = tidied(row.text("identifier"))
        for letter in self.mapping.parties():
            facts.parties += row.parties(letter)
        if self.kind == ImportKind.AGREEMENTS:
            self._agreement(row, facts)
            self._source(row, facts)
        if "identifier" in self.places and not facts.identifier:
            row.refuse("identifier", "The row has no identifier.")
        elif len(facts.identifier) > 200:
            row.refuse("identifier", "An identifier has 200 characters at most.")
        return facts

    def _agreement(self, row: "_Cells", facts: Facts) -> None:
        columns = facts.columns
        for name in _TEXTS:
            columns[name] = tidied(row.text(name))
        for name in _LONG_TEXTS:
            columns[name] = row.text(name).strip()
        for name, choices in _CHOICES.items():
            columns[name] = row.understood(name, lambda text, choices=choices: read_choice(text, choices))
        for name in _DATES:
            columns[name] = row.date(name)
        columns["signed_country_id"] = row.understood("signed_country", self.countries.read)
        columns["event_id"] = row.understood("event", lambda text: _named(self.events, text, "event"))
        columns["languages"] = row.understood("languages", self._languages)
        if notice := row.understood("notice", read_notice):
            columns["notice_amount"], columns["notice_unit"] = notice
        self._end(row, columns)
        facts.columns = {name: value for name, value in columns.items() if value not in (None, "", [])}
        facts.focus_areas = row.understood("focus_areas", self._areas) or []
        facts.defaults = {
            "type": self.mapping.type,
            "visibility": self.mapping.visibility,
            "title": title_by(self.mapping.title_pattern, self.headers, row.cells),
        }
        if not facts.title:
            row.refuse("title", "The row gives no title.")
        if not (facts.columns.get("type") or facts.defaults["type"]):
            row.refuse("type", "The row gives no type, and the import has none for such rows.")

    def _end(self, row: "_Cells", columns: dict[str, Any]) -> None:
        def end(text: str):
            try:
                return EndKind.DATE.value, read_date(text, row.order("ends_on"))
            except NotUnderstood:
                if any(character.isdigit() for character in text):
                    raise
            return read_choice(text, EndKind), None

        kind, day = row.understood("ends_on", end) or ("", None)
        kind = kind or row.understood("end_kind", lambda text: read_choice(text, EndKind)) or ""
        if kind == EndKind.DATE and day is None:
            if not row.faulty("ends_on"):
                row.refuse("end_kind", "The end is on a date, and the row gives none.")
        elif kind:
            columns["end_kind"] = kind
            columns["ends_on"] = day

    def _source(self, row: "_Cells", facts: Facts) -> None:
        url, title = row.text("source_url").strip(), tidied(row.text("source_title"))
        publisher, day = tidied(row.text("source_publisher")), row.date("source_published_on")
        if is_blank(url):
            url = ""
        if not (url or title):
            return
        facts.source = {
            "kind": self.mapping.source_kind,
            "url": url,
            "title": title
            or self.mapping.source_title
            or publisher
            or self.mapping.source_publisher
            or url[:500],
            "publisher": publisher or self.mapping.source_publisher,
            "published_on": day,
        }

    def split(self, text: str) -> list[str]:
        """The several things that one cell names."""
        parts = self._signs.split(text) if self._signs else [text]
        if "and" in self.mapping.separators:
            parts = [piece for part in parts for piece in _AND.split(part)]
        return [part for part in (tidied(part) for part in parts) if not is_blank(part)]

    def _languages(self, text: str) -> list[str]:
        tags = [tag.strip() for part in self.split(text) for tag in part.split(",")]
        if wrong := next((tag for tag in tags if not _LANGUAGE.fullmatch(tag)), None):
            raise NotUnderstood(f"“{wrong[:40]}” is no language tag such as en or ko.")
        return tags

    def _areas(self, text: str) -> list[int]:
        return list(dict.fromkeys(_named(self.areas, part, "focus area") for part in self.split(text)))


class _Cells:
    """The cells of one row by target, and the place for complaints about them."""

    def __init__(self, reader: RowReader, cells: list[str], facts: Facts) -> None:
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


def heading_of(reader: RowReader, target: str) -> str:
    """The heading of the column of a target, or what the target is called."""
    place = reader.places.get(target)
    return TARGETS[target].label if place is None else reader.headers[place]


def reason_for(reader: RowReader, target: str, value: str, message: str) -> Reason:
    """Why a row is refused, with the column and the value that it is about."""
    return {"column": heading_of(reader, target), "value": " ".join(value.split())[:200], "message": message}


def _ror(text: str) -> str:
    bare = parse_ror(text)
    if bare is None:
        raise NotUnderstood(f"“{text[:60]}” is no ROR id, or its check digits do not fit.")
    return bare


def _by_name(rows) -> dict[str, int | None]:
    """Keys by folded name; None where two carry it."""
    found: dict[str, int | None] = {}
    for key, name in rows.order_by().values_list("pk", "name"):
        found[folded(name)] = None if folded(name) in found else key
    return found


def _named(known: dict[str, int | None], text: str, noun: str) -> int:
    if folded(text) not in known:
        raise NotUnderstood(f"There is no {noun} “{text[:60]}” in the registry.")
    key = known[folded(text)]
    if key is None:
        raise NotUnderstood(f"Two {noun}s are called “{text[:60]}”.")
    return key
