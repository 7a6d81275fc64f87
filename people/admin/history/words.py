"""Changes of rows in words: labels of fields, names of what is referred to, old value and new."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, FileField, Model
from django.utils import timezone
from django.utils.text import capfirst

from people.access import fields_hidden_from

from ..access import visible_rows
from .reading import Change, Group

VERBS = {"insert": "added", "update": "changed", "delete": "removed"}
#: Bookkeeping that says nothing to a reader.
UNTOLD = {"id", "uid", "created_at", "updated_at", "digest"}
HIDDEN = "(gone, or not open to you)"
#: Characters shown around the part of a long text that differs.
MARGIN = 60
LONGEST = 600


@dataclass
class Line:
    """One field: what stood there and what stands there now."""

    label: str
    old: str
    new: str


@dataclass
class Told:
    """One changed row: what happened to what, and its fields."""

    heading: str
    kind: str
    lines: list[Line]


class Words:
    """Tells groups of changes to one reader.

    Args:
        groups: everything that will be told: names are fetched at once, a statement a model.
        user: the reader; the names of what they may not see stay hidden.
    """

    def __init__(self, groups: Iterable[Group], user):
        wanted: dict[type[Model], set] = defaultdict(set)
        for group in groups:
            for change in group.changes:
                for row in filter(None, (change.event, change.before)):
                    for field in _fields(change):
                        if field.is_relation and (key := getattr(row, field.attname)) is not None:
                            wanted[field.related_model].add(key)
        self.names = {model: _names(model, keys, user) for model, keys in wanted.items()}
        self.user = user

    def tell(self, change: Change) -> Told:
        """Return what happened to one row."""
        lines = [line for field in self._open(change) if (line := self._line(change, field))]
        return Told(self._heading(change), change.kind, lines)

    def _heading(self, change: Change) -> str:
        what, verb = capfirst(change.trail.model._meta.verbose_name), VERBS[change.kind]
        if not change.trail.link:
            return f"{what} {'created' if change.kind == 'insert' else verb}"
        name = self._called(change)
        return f"{what} {verb}: {name}" if name else f"{what} {verb}"

    def _called(self, change: Change) -> str:
        """What tells the row from its neighbours: whom it names, or its first words."""
        fields = [field for field in self._open(change) if not field.choices]
        for field in sorted(fields, key=lambda field: not field.is_relation):
            value = self._value(field, change.event)
            if value and (field.is_relation or field.get_internal_type() in ("CharField", "TextField")):
                return _cut(value, MARGIN)
        return ""

    def _open(self, change: Change) -> list[Field]:
        """The fields of a change that the reader may read: asked of the office that owned the row then."""
        rows = [row for row in (change.event, change.before) if row is not None]
        hidden = frozenset().union(
            *(fields_hidden_from(self.user, row, of=change.trail.model) for row in rows)
        )
        return [field for field in _fields(change) if field.name not in hidden]

    def _line(self, change: Change, field: Field) -> Line | None:
        label = capfirst(str(field.verbose_name))
        if change.kind != "update":
            value = _cut(self._value(field, change.event), LONGEST)
            if not value or field.name == "position":
                return None
            return Line(label, value, "") if change.kind == "delete" else Line(label, "", value)
        old = self._value(field, change.before) if change.before else ""
        new = self._value(field, change.event)
        same = change.before and getattr(change.before, field.attname) == getattr(change.event, field.attname)
        return None if same or (not old and not new) else Line(label, *_where_they_differ(old, new))

    def _value(self, field: Field, row: Model) -> str:
        value = getattr(row, field.attname)
        if field.is_relation:
            return "" if value is None else self.names.get(field.related_model, {}).get(value, HIDDEN)
        return _spelt(field, value)


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


def _fields(change: Change) -> list[Field]:
    """The fields worth telling, as the tracked model declares them."""
    kept = {field.name for field in change.trail.events._meta.fields}
    untold = UNTOLD | {change.trail.link}
    fields = change.trail.model._meta.concrete_fields
    return [field for field in fields if field.name in kept and field.name not in untold]


def _names(model: type[Model], keys: set, user) -> dict:
    return {row.pk: str(row) for row in visible_rows(model, user).filter(pk__in=keys).select_related()}


def _spelt(field: Field, value) -> str:
    """One value as a form would show it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(field, ArrayField):
        return ", ".join(_spelt(field.base_field, item) for item in value)
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


def _where_they_differ(old: str, new: str) -> tuple[str, str]:
    """Leave out what two long texts have in common at their beginning and end."""
    if min(len(old), len(new)) <= 2 * MARGIN:
        return _cut(old, LONGEST), _cut(new, LONGEST)
    shorter = min(len(old), len(new))
    start = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - start
    end = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    first, last = max(start - MARGIN, 0), max(end - MARGIN, 0)

    def around(text: str) -> str:
        middle = text[first : len(text) - last]
        return _cut(f"{'…' if first else ''}{middle}", LONGEST) + ("…" if last else "")

    return around(old), around(new)
