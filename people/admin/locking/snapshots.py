"""What a form shows of a record in one state, field by field, in the words that a browser would send."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Model
from django.forms import BaseForm, CheckboxInput, Field, FileField, MultiWidget

from ..forms import EXTRA_FIELDS
from .parts import Part

#: What a browser sends of one field; nothing for an empty one.
Typed = tuple[str, ...]


@dataclass
class Shown:
    """A record, or a row of it, as a form shows it.

    Args:
        key: primary key, as text.
        form: the unbound form; its fields judge whether something typed is another value.
        values: by name of field. A reference to another row of the form names it by key: ``=12``.
        rows: by name of inline.
    """

    key: str
    form: BaseForm
    values: dict[str, Typed]
    rows: dict[str, list["Shown"]] = field(default_factory=dict)

    def row(self, part: str, key: str) -> "Shown | None":
        """The row ``key`` of an inline, if it stands."""
        return next((row for row in self.rows.get(part, ()) if row.key == key), None)

    def digest(self) -> str:
        """Tells two states apart; the order of rows does not matter."""
        return hashlib.sha256(json.dumps(self._plain()).encode()).hexdigest()[:20]

    def only(self, keys: dict[str, set[str]]) -> "Shown":
        """The same with no more rows than those ``keys`` of each inline."""
        rows = {
            name: [row for row in found if row.key in keys.get(name, ())] for name, found in self.rows.items()
        }
        return Shown(self.key, self.form, self.values, rows)

    def _plain(self) -> list:
        rows = {name: sorted(row._plain() for row in found) for name, found in self.rows.items() if found}
        return [self.key, sorted(self.values.items()), sorted(rows.items())]


def shown_by_forms(form: BaseForm, formsets: Iterable) -> Shown:
    """Return what stands in the forms of an unbound page.

    Args:
        formsets: Django's formsets; rows of rows hang on their forms as ``nested_formsets``.
    """
    formsets = list(formsets)
    keys = {formset.prefix: [row.instance.pk for row in formset.initial_forms] for formset in formsets}
    return _of_forms(form, formsets, keys)


def _of_forms(form: BaseForm, formsets: list, keys: dict[str, list]) -> Shown:
    shown = Shown(str(form.instance.pk), form, values_of(form, keys.get))
    for formset in formsets:
        name = formset.get_default_prefix()
        shown.rows[name] = [
            _of_forms(row, [nested.formset for nested in getattr(row, "nested_formsets", ())], keys)
            for row in formset.initial_forms
        ]
    return shown


def shown_by_rows(form: BaseForm, parts: list[Part], rows_of: Callable[[Part], Iterable[Model]]) -> Shown:
    """Return what a page would show of rows, as they stand or as they stood.

    Args:
        form: the unbound form of the record in that state.
        rows_of: gives the rows of a part.
    """
    keys = {part.name: [row.pk for row in rows_of(part)] for part in parts}
    shown = Shown(str(form.instance.pk), form, values_of(form, keys.get))
    for part in parts:
        shown.rows[part.name] = _rows(part, rows_of, keys)
    return shown


def _rows(part: Part, rows_of: Callable, keys: dict[str, list], owner: object = None) -> list[Shown]:
    facts = {"keys_of": lambda name: keys.get(name, [])} if hasattr(part.formset, "keys_of") else {}
    link = part.trail.model._meta.get_field(part.trail.link).attname
    found = []
    for row in rows_of(part):
        if owner is None or getattr(row, link) == owner:
            form = part.formset.form(instance=row, prefix=part.name, **facts)
            below = {inner.name: _rows(inner, rows_of, keys, row.pk) for inner in part.below}
            found.append(Shown(str(row.pk), form, values_of(form, keys.get), below))
    return found


def values_of(form: BaseForm, keys_of: Callable[[str], list | None]) -> dict[str, Typed]:
    """What a browser would send of every field of an unbound form that nobody touched."""
    found = {}
    for name, shown in form.fields.items():
        if name in EXTRA_FIELDS or shown.disabled or _belongs_to_formset(form, name):
            continue
        typed = typed_as(shown, form.get_initial_for_field(shown, name))
        if other := getattr(shown, "rows", ""):
            typed = tuple(f"={key}" for value in typed if (key := _named(value, keys_of(other) or [])))
        found[name] = typed
    return found


def typed_as(shown: Field, value) -> Typed:
    """One value in the words of its field."""
    value, widget = shown.prepare_value(value), shown.widget
    if isinstance(shown, FileField):
        return (value.name,) if value else ()
    if isinstance(widget, CheckboxInput):
        return ("on",) if value else ()
    if isinstance(widget, MultiWidget):
        return tuple(plain("" if item is None else str(item)) for item in widget.decompress(value))
    value = widget.format_value(value)
    several = value if isinstance(value, list | tuple | set) else [value]
    return tuple(plain(str(item)) for item in several if item not in (None, ""))


def plain(text: str) -> str:
    """Text with the line ends of this side: browsers send others."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _named(prefix: str, keys: list) -> str:
    number = prefix.rpartition("-")[2]
    return str(keys[int(number)]) if number.isdigit() and int(number) < len(keys) else ""


def _belongs_to_formset(form: BaseForm, name: str) -> bool:
    """The key, the owner and the bin of a row are no facts of it."""
    if name == "DELETE" or (form.prefix and name == form.instance._meta.pk.name):
        return True
    return type(form.fields[name]).__name__ == "InlineForeignKeyField"
