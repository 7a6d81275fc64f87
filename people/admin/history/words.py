"""Changes of rows in words: labels of fields, names of what is referred to, old value and new."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, FileField, Model
from django.utils import timezone
from django.utils.text import capfirst

from people.access import fields_hidden_from

from ..access import visible_rows
from .differences import LONGEST, MARGIN, Piece, pieces_of
from .reading import Change, Group, Trail

VERBS = {"insert": "added", "update": "changed", "delete": "removed"}
#: Bookkeeping that says nothing to a reader.
UNTOLD = {"id", "uid", "created_at", "updated_at", "digest"}
HIDDEN = "(gone, or not open to you)"


@dataclass
class Line:
    """One field: what stood there and what stands there now; ``pieces`` where both are long texts."""

    label: str
    old: str
    new: str
    name: str = ""
    pieces: list[Piece] | None = None


@dataclass
class Told:
    """One changed row: what happened to what, and its fields.

    ``ref`` names the event, for whoever wants to revert it.
    """

    heading: str
    kind: str
    lines: list[Line]
    change: Change

    @property
    def ref(self) -> str:
        return f"{self.change.trail.model._meta.model_name}:{self.change.event.pgh_id}"


class Words:
    """Tells groups of changes to one reader.

    Args:
        groups: everything that will be told: names are fetched at once, a statement a model.
        user: the reader; the names of what they may not see stay hidden.
        hidden: fields that they may not read (``HistoryPages.hidden_fields``).
        shows: whether a field of a trail is wanted; all are by default.
    """

    def __init__(
        self,
        groups: Iterable[Group],
        user,
        hidden: frozenset[str] = frozenset(),
        shows: Callable[[Trail, str], bool] = lambda trail, name: True,
    ):
        self.user, self.hidden, self.shows = user, hidden, shows
        wanted: dict[type[Model], set] = defaultdict(set)
        for group in groups:
            for change in group.changes:
                for row in filter(None, (change.event, change.before)):
                    for field in self._fields(change):
                        if field.is_relation and (key := getattr(row, field.attname)) is not None:
                            wanted[field.related_model].add(key)
        self.names = {model: _names(model, keys, user) for model, keys in wanted.items()}

    def tell(self, change: Change) -> Told:
        """Return what happened to one row."""
        fields = [field for field in self._fields(change) if self.shows(change.trail, field.name)]
        lines = [line for field in fields if (line := self._line(change, field))]
        return Told(self._heading(change), change.kind, lines, change)

    def called(self, change: Change) -> str:
        """What tells the row from its neighbours: whom it names, or its first words."""
        fields = [field for field in self._fields(change) if not field.choices]
        for field in sorted(fields, key=lambda field: not field.is_relation):
            value = self.value(field, change.event)
            if value and (field.is_relation or field.get_internal_type() in ("CharField", "TextField")):
                return _cut(value, MARGIN)
        return ""

    def value(self, field: Field, row: Model) -> str:
        """One value of a row, or of its event, as a form would show it."""
        value = getattr(row, field.attname)
        if field.is_relation:
            return "" if value is None else self.names.get(field.related_model, {}).get(value, HIDDEN)
        return spelt(field, value)

    def _fields(self, change: Change) -> list[Field]:
        """The fields that the reader may read: asked of the office that owned the row then."""
        rows = [row for row in (change.event, change.before) if row is not None]
        model = change.trail.model
        then = frozenset().union(*(fields_hidden_from(self.user, row, of=model) for row in rows))
        return told_fields(change.trail, self.hidden | then)

    def _heading(self, change: Change) -> str:
        what, verb = capfirst(change.trail.model._meta.verbose_name), VERBS[change.kind]
        if not change.trail.link:
            return f"{what} {'created' if change.kind == 'insert' else verb}"
        name = self.called(change)
        return f"{what} {verb}: {name}" if name else f"{what} {verb}"

    def _line(self, change: Change, field: Field) -> Line | None:
        label = capfirst(str(field.verbose_name))
        if change.kind != "update":
            value = _cut(self.value(field, change.event), LONGEST)
            if not value or field.name == "position":
                return None
            old, new = (value, "") if change.kind == "delete" else ("", value)
            return Line(label, old, new, field.name)
        old = self.value(field, change.before) if change.before else ""
        new = self.value(field, change.event)
        same = change.before and getattr(change.before, field.attname) == getattr(change.event, field.attname)
        if same or (not old and not new):
            return None
        return line_of(field, old, new)


def who(facts: dict | None, users: dict[int, Model], tokens: dict[int, Model]) -> str:
    """Name who acted, from the facts of a group's context."""
    if facts is None:
        return "no user: direct change in the database"
    token, user = facts.get("token"), facts.get("user")
    if token is not None:
        return f"token {tokens[token]}" if token in tokens else f"token no. {token}"
    if user is None:
        return "no user: a command of the installation"
    if user not in users:
        return f"user no. {user}"
    return users[user].get_full_name() or users[user].get_username()


def line_of(field: Field, old: str, new: str) -> Line:
    """What stood in a field and what stands there now; of long texts what differs."""
    pieces = pieces_of(old, new) if old and new and max(len(old), len(new)) > 2 * MARGIN else None
    label = str(capfirst(field.verbose_name))
    return Line(label, _cut(old, LONGEST), _cut(new, LONGEST), field.name, pieces)


def told_fields(trail: Trail, hidden: frozenset[str]) -> list[Field]:
    """The fields worth telling, as the tracked model declares them.

    Args:
        hidden: ``field`` of the record, or ``model_name.field`` of a row, that a reader may not read.
    """
    kept = {field.name for field in trail.events._meta.fields}
    untold = UNTOLD | {trail.link}
    start = f"{trail.model._meta.model_name}." if trail.link else ""
    return [
        field
        for field in trail.model._meta.concrete_fields
        if field.name in kept and field.name not in untold and f"{start}{field.name}" not in hidden
    ]


def _names(model: type[Model], keys: set, user) -> dict:
    return {row.pk: str(row) for row in visible_rows(model, user).filter(pk__in=keys).select_related()}


def spelt(field: Field, value) -> str:
    """One value as a form would show it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(field, ArrayField):
        return ", ".join(spelt(field.base_field, item) for item in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(field, FileField):
        return value.name or ""
    return str(value)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
