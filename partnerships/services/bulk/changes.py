"""What a bulk edit changes: fields that are set, lists that gain or lose something.

A change is kept as plain JSON, ``{"set": {field: value or key}, "add": {list: […]}, "remove": {list:
[…]}}``; an entry of the added focus areas is ``[key, emphasised]``. What undoes it has the same form.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from partnerships.models import Agreement, Event, FocusArea
from people.models import Office

#: Fields that one value can be right for on many records. Dates and texts never are.
FIELDS = ("type", "event", "office", "visibility", "renewal", "binding")
_MODELS: dict[str, type[Model]] = {"event": Event, "office": Office}
LISTS = {"focus_areas": "focus areas", "languages": "languages"}
GONE = "Something that this edit names is gone meanwhile."


@dataclass
class Difference:
    """One field of one record: what stands there and what would."""

    label: str
    old: str
    new: str


@dataclass
class Planned:
    """What a change does to one record: facts for ``revise_agreement``, words, and what takes it back."""

    facts: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    before: dict = field(default_factory=lambda: _nothing())
    after: dict = field(default_factory=lambda: _nothing())


class Changes:
    """A change, with the rows that it names fetched once, however many records it is for.

    Args:
        plain: the JSON form, one or several.
    """

    def __init__(self, *plain: dict):
        self.plain = plain[0] if plain else {}
        wanted: dict[type[Model], set] = {Event: set(), Office: set(), FocusArea: set()}
        for one in plain:
            for name, model in _MODELS.items():
                wanted[model] |= {one.get("set", {}).get(name)} - {None}
            wanted[FocusArea] |= {key for key, _ in one.get("add", {}).get("focus_areas", ())}
            wanted[FocusArea] |= set(one.get("remove", {}).get("focus_areas", ()))
        self.rows = {
            model: model._default_manager.in_bulk(keys) if keys else {} for model, keys in wanted.items()
        }

    def plan(self, agreement: Agreement, plain: dict | None = None) -> Planned:
        """Say what the change does to ``agreement``: only what differs from what stands.

        Args:
            plain: the change of this record, where each has its own.

        Raises:
            ValidationError: a row that the change names is gone.
        """
        plain = self.plain if plain is None else plain
        planned = Planned()
        for name, value in plain.get("set", {}).items():
            self._set(planned, agreement, name, value)
        if "focus_areas" in plain.get("add", {}) or "focus_areas" in plain.get("remove", {}):
            self._subjects(planned, agreement, plain)
        if "languages" in plain.get("add", {}) or "languages" in plain.get("remove", {}):
            self._languages(planned, agreement, plain)
        return planned

    def _set(self, planned: Planned, agreement: Agreement, name: str, value) -> None:
        attribute = Agreement._meta.get_field(name)
        standing = getattr(agreement, attribute.attname)
        if standing == value:
            return
        row = self._row(_MODELS[name], value) if name in _MODELS else value
        planned.facts[name] = row
        planned.before["set"][name], planned.after["set"][name] = standing, value
        old = getattr(agreement, name)
        if attribute.choices:
            words = dict(attribute.flatchoices)
            old, row = words.get(old, old), words.get(row, row)
        label = str(attribute.verbose_name).capitalize()
        planned.differences.append(Difference(label, str(old or ""), str(row or "")))

    def _row(self, model: type[Model], key) -> Model | None:
        if key is None:
            return None
        if key not in self.rows[model]:
            raise ValidationError(GONE)
        return self.rows[model][key]

    def _subjects(self, planned: Planned, agreement: Agreement, plain: dict) -> None:
        standing = {row.focus_area_id: row for row in agreement.subjects.all()}
        added = [
            (key, emphasised)
            for key, emphasised in plain.get("add", {}).get("focus_areas", ())
            if key not in standing
        ]
        removed = [key for key in plain.get("remove", {}).get("focus_areas", ()) if key in standing]
        if not added and not removed:
            return
        rows = [
            {"focus_area": row.focus_area, "emphasised": row.emphasised}
            for key, row in standing.items()
            if key not in removed
        ]
        rows += [
            {"focus_area": self._row(FocusArea, key), "emphasised": emphasised} for key, emphasised in added
        ]
        planned.facts["focus_areas"] = rows
        planned.before["add"]["focus_areas"] = [[key, standing[key].emphasised] for key in removed]
        planned.before["remove"]["focus_areas"] = [key for key, _ in added]
        old = (row.focus_area.name for row in standing.values())
        planned.differences.append(_lists("Focus areas", old, (str(row["focus_area"]) for row in rows)))

    def _languages(self, planned: Planned, agreement: Agreement, plain: dict) -> None:
        standing = list(agreement.languages)
        added = [tag for tag in plain.get("add", {}).get("languages", ()) if tag not in standing]
        removed = [tag for tag in plain.get("remove", {}).get("languages", ()) if tag in standing]
        if not added and not removed:
            return
        wanted = [tag for tag in standing if tag not in removed] + added
        planned.facts["languages"] = wanted
        planned.before["add"]["languages"], planned.before["remove"]["languages"] = removed, added
        planned.differences.append(_lists("Languages", standing, wanted))


def _nothing() -> dict:
    return {"set": {}, "add": {}, "remove": {}}


def _lists(label: str, old: Iterable[str], new: Iterable[str]) -> Difference:
    return Difference(label, ", ".join(old), ", ".join(new))
