"""Choices of the filter forms, and names of what identifiers in an address stand for.

Only what the visitor may see is offered or named.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from partnerships.filtersets.base import RegistryFilterSet, ResolvedFilter
from partnerships.models import Agreement, Country, Event, FocusArea, Institution, Party
from partnerships.querysets.agreements import sees_public_only
from partnerships.querysets.readers_names import name_for_reader
from partnerships.querysets.shared import with_country_counts
from people.models import Person

from .controls import Control
from .trees import in_tree_order

_INDENT = "\u2003"  # an em space: ordinary ones vanish at the start of an option

#: By the noun of an identifier filter: what it stands for.
_MODELS = {
    "institution": Institution,
    "person": Person,
    "event": Event,
    "focus area": FocusArea,
    "ISO 3166-1 country code": Country,
}


@dataclass(frozen=True)
class Pair:
    """Two institutions in the order of their ids: what a value of the filter ``partnership`` stands for."""

    one: Institution
    other: Institution

    @property
    def uid(self) -> str:
        return f"{self.one.uid}-{self.other.uid}"

    def __str__(self) -> str:
        return gettext("%(one)s and %(other)s") % {"one": self.one, "other": self.other}


def countries_of_agreements(user) -> list[tuple[str, str]]:
    """Countries of the parties of visible agreements."""
    if sees_public_only(user):
        tallied = with_country_counts(Country.objects.all(), user).filter(agreement_count__gt=0)
        return _countries(tallied.values("pk"))
    parties = Party.objects.filter(agreement__in=Agreement.objects.visible_to(user).values("pk"))
    return _countries(parties.values("institution__country"))


def countries_of_institutions(user) -> list[tuple[str, str]]:
    return _countries(Institution.objects.visible_to(user).values("country"))


def countries_of_events(user) -> list[tuple[str, str]]:
    return _countries(Event.objects.visible_to(user).values("country"))


def focus_areas(user) -> list[tuple[str, str]]:
    """Every visible subject, indented by its place in the tree."""
    rows = FocusArea.objects.visible_to(user).order_by("name")
    return [(row.uid, f"{_INDENT * depth}{row.name}") for row, depth in in_tree_order(rows)]


def records_of_identifiers(
    questions: RegistryFilterSet, names: Iterable[str] | None = None
) -> dict[str, dict[str, object]]:
    """Return, by parameter, the record that each written identifier stands for.

    One statement for every such parameter in use.

    Args:
        names: of these parameters alone.
    """
    found, among = {}, questions.filters if names is None else names
    for name, filter_ in questions.filters.items():
        keys = questions.form.cleaned_data.get(name) if isinstance(filter_, ResolvedFilter) else None
        if keys and name in among:
            written = [value for value in questions.data.getlist(name) if value.strip()]
            rows = _records(filter_.noun, keys, questions.user)
            found[name] = {text: rows[key] for text, key in zip(written, keys, strict=True) if key in rows}
    return found


def _records(noun: str, keys: list, user) -> dict:
    """The records that keys of an identifier filter stand for, as the reader calls them."""
    if noun == "partnership":
        sides = _records("institution", {side for pair in keys for side in pair}, user)
        known = [pair for pair in keys if sides.keys() >= set(pair)]
        return {
            pair: Pair(*sorted((sides[side] for side in pair), key=lambda side: side.uid)) for pair in known
        }
    rows = _MODELS[noun].objects.visible_to(user).in_bulk(keys)
    name_for_reader(rows)
    return rows


def choose(control: Control, records: dict[str, object]) -> None:
    """Tell a control which records its written identifiers stand for, so that it can show them as chosen."""
    control.chosen = {text: record.uid for text, record in records.items()}
    named = {record.uid: str(record) for record in records.values()}
    control.options = [*(named | dict(control.options)).items()]


def _countries(codes: Iterable) -> list[tuple[str, str]]:
    rows = list(Country.objects.filter(pk__in=codes))
    name_for_reader(rows)
    return sorted(((row.code, str(row)) for row in rows), key=lambda option: option[1])
