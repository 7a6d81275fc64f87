"""What a browser sent of a form, taken apart into rows, and put together again in another order."""

from dataclasses import dataclass, field

from django.forms import Field, MultiWidget
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from .parts import Part
from .snapshots import Shown, Typed, plain

#: More rows of one inline than Django itself reads.
_MOST = 2000
DELETE = "DELETE"


@dataclass
class Sent:
    """A record, or a row of it, as it was sent.

    Args:
        place: the prefix under which it was sent; empty for the record.
        key: primary key, as text; empty for a new row.
        typed: by the rest of the field's name. A reference to another row of the form is kept as
            ``=12`` (its key) or ``+parties-3`` (the place of a new one).
        rows: by name of inline; inlines that were not sent are missing.
    """

    place: str = ""
    key: str = ""
    typed: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list] = field(default_factory=dict)
    rows: dict[str, list["Sent"]] = field(default_factory=dict)

    @property
    def removed(self) -> bool:
        """True where the bin was pressed."""
        return bool(self.typed.get(DELETE, [""])[-1])

    def value(self, name: str, shown: Field) -> Typed:
        """What was typed into a field."""
        if isinstance(shown.widget, MultiWidget):
            parts = shown.widget.decompress(None)
            return tuple(self.typed.get(f"{name}_{index}", [""])[-1] for index in range(len(parts)))
        return tuple(plain(text) for text in self.typed.get(name, ()) if text != "")

    def put(self, name: str, shown: Field, value: Typed) -> None:
        """Let the field say what somebody else typed."""
        self.files.pop(name, None)
        if isinstance(shown.widget, MultiWidget):
            self.typed |= {f"{name}_{index}": [text] for index, text in enumerate(value)}
        else:
            self.typed[name] = list(value)

    def differs(self, name: str, other: Shown) -> bool:
        """Whether the field says another thing than it does in ``other``."""
        shown = other.form.fields[name]
        if self.value(name, shown) == other.values[name]:
            return False
        if getattr(shown, "rows", ""):
            return True
        data = MultiValueDict({key: list(map(plain, values)) for key, values in self.typed.items()})
        value = shown.widget.value_from_datadict(data, MultiValueDict(self.files), name)
        return shown.has_changed(other.form.get_initial_for_field(shown, name), value)

    def anew(self) -> None:
        """Make it a new row, those below it too."""
        self.key = ""
        for row in (row for rows in self.rows.values() for row in rows):
            row.anew()

    def is_empty(self) -> bool:
        """A new row into which nothing was typed."""
        return not self.key and not self.files and not any(any(values) for values in self.typed.values())


def take_apart(data: QueryDict, files: MultiValueDict, parts: list[Part]) -> Sent:
    """Return what was sent as rows."""
    sent = _taken(
        "", {key: data.getlist(key) for key in data}, {key: files.getlist(key) for key in files}, parts
    )
    keys = {name: [row.key for row in rows] for name, rows in sent.rows.items()}
    for part in parts:
        for row in sent.rows.get(part.name, ()):
            for name, other in part.refers.items():
                row.typed[name] = [_token(text, other, keys) for text in row.typed.get(name, ()) if text]
    return sent


def put_together(sent: Sent, parts: list[Part]) -> tuple[QueryDict, MultiValueDict, dict[int, str]]:
    """Return data and files as a browser would send them: rows that stand first, new ones behind.

    The third part tells the new place of every row, by ``id()``.
    """
    data, files, places = QueryDict(mutable=True), MultiValueDict(), {}
    _lay_out(sent, "", parts, places)
    tokens = {
        (part.name, token): places[id(row)]
        for part in parts
        for row in sent.rows.get(part.name, ())
        for token in (f"={row.key}" if row.key else f"+{row.place}",)
    }
    for part in parts:
        for row in sent.rows.get(part.name, ()):
            for name, other in part.refers.items():
                # A row that is gone: its place stands in no form, so the field itself complains.
                gone = f"{other}-{_MOST}"
                row.typed[name] = [tokens.get((other, token), gone) for token in row.typed.get(name, ())]
    _write(sent, "", parts, places, data, files)
    return data, files, places


def _taken(place: str, typed: dict, files: dict, parts: list[Part]) -> Sent:
    sent = Sent(place, typed=dict(typed), files=dict(files))
    for part in parts:
        start = f"{part.name}-"
        inner = {key[len(start) :]: sent.typed.pop(key) for key in list(sent.typed) if key.startswith(start)}
        uploads = {
            key[len(start) :]: sent.files.pop(key) for key in list(sent.files) if key.startswith(start)
        }
        total = inner.get("TOTAL_FORMS", ["?"])[-1]
        if not (total.isascii() and total.isdigit()):
            continue
        by_row, uploads_by_row = _split(inner), _split(uploads)
        sent.rows[part.name] = [
            _row(f"{place}{start}{number}", by_row.get(number, {}), uploads_by_row.get(number, {}), part)
            for number in range(min(int(total), _MOST))
        ]
    return sent


def _row(place: str, typed: dict, files: dict, part: Part) -> Sent:
    row = _taken(f"{place}-", typed, files, part.below)
    row.place = place
    row.key = row.typed.pop(part.key, [""])[-1]
    row.typed.pop(part.trail.link, None)
    return row


def _split(values: dict) -> dict[int, dict]:
    found: dict[int, dict] = {}
    for key, value in values.items():
        number, dash, rest = key.partition("-")
        if dash and number.isascii() and number.isdigit() and len(number) < 6:
            found.setdefault(int(number), {})[rest] = value
    return found


def _token(place: str, other: str, keys: dict[str, list[str]]) -> str:
    number = place.removeprefix(f"{other}-")
    known = keys.get(other, [])
    if number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(known):
        return f"={known[int(number)]}" if known[int(number)] else f"+{place}"
    return place


def _lay_out(sent: Sent, start: str, parts: list[Part], places: dict[int, str]) -> None:
    for part in parts:
        rows = sent.rows.get(part.name, [])
        rows.sort(key=lambda row: not row.key)
        for number, row in enumerate(rows):
            places[id(row)] = f"{start}{part.name}-{number}"
            _lay_out(row, f"{places[id(row)]}-", part.below, places)


def _write(
    sent: Sent, start: str, parts: list[Part], places: dict, data: QueryDict, files: MultiValueDict
) -> None:
    for name, values in sent.typed.items():
        data.setlist(f"{start}{name}", values)
    for name, uploads in sent.files.items():
        files.setlist(f"{start}{name}", uploads)
    for part in parts:
        if (rows := sent.rows.get(part.name)) is None:
            continue
        heads = {
            "TOTAL": len(rows),
            "INITIAL": sum(bool(row.key) for row in rows),
            "MIN_NUM": 0,
            "MAX_NUM": 1000,
        }
        for name, number in heads.items():
            data[f"{start}{part.name}-{name}_FORMS"] = str(number)
        for row in rows:
            inner = f"{places[id(row)]}-"
            data[f"{inner}{part.key}"] = row.key
            _write(row, inner, part.below, places, data, files)
