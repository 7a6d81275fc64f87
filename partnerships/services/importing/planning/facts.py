"""What one row states, in the registry's terms; and what of it cannot be understood."""

import re
from typing import Any

from partnerships.choices import AgreementType, Binding, EndKind, ImportKind, Renewal
from partnerships.models import Event, FocusArea

from ..guessing import folded
from ..mapping import Mapping, title_by
from ..values import CountryNames, NotUnderstood, is_blank, read_choice, read_date, read_notice, tidied
from .cells import Cells, Facts

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_AND = re.compile(r"\s+(?:and|und|et|y|&)\s+|\s*및\s*", re.IGNORECASE)
_DATES = ("announced_on", "signed_on", "effective_from", "terminated_on")
_CHOICES = {"type": AgreementType, "renewal": Renewal, "binding": Binding}
_TEXTS = ("title", "signed_place", "term_as_stated", "renewal_note")
_LONG_TEXTS = ("summary", "termination_reason")


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
        row = Cells(self, cells, facts)
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

    def _agreement(self, row: "Cells", facts: Facts) -> None:
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

    def _end(self, row: "Cells", columns: dict[str, Any]) -> None:
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

    def _source(self, row: "Cells", facts: Facts) -> None:
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
