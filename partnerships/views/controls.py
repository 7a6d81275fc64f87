"""The filter form of a list, made from its filter set: controls, chips and errors."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext as _

from partnerships.filtersets.base import (
    AnyOfFilter,
    FlagFilter,
    NullsLastOrdering,
    RegistryFilterSet,
    ResolvedFilter,
)
from partnerships.search.answers import Count
from partnerships.search.facets import MOST

from .queries import address, without

Option = tuple[str, str]
#: Gives the choices of a control (value, words), and names what identifiers stand for.
OptionMaker = Callable[[object], list[Option]]

#: So many choices of a facet are shown at once, beside those that are made.
FIRST = 6
#: A facet with more choices than this has a box to narrow them.
LONG = 12
#: By the noun of an identifier filter: the resource that a box proposes while one types.
_SUGGESTED = {
    "institution": "institutions",
    "person": "people",
    "event": "events",
    "focus area": "focus-areas",
    "ISO 3166-1 country code": "countries",
}


class Choice(NamedTuple):
    """A value of a facet; ``count`` is None where nobody counted."""

    value: str
    words: str
    count: Count | None
    is_chosen: bool


@dataclass
class Control:
    """One question of the form.

    Args:
        values: as they are written in the address.
        counts: how many agreements stand under a value, of a facet that is counted.
        chosen: for identifiers, what each written value stands for: the value that the form sends.
        suggested: resource that the box proposes while one types; empty where it proposes none.
    """

    name: str
    label: str
    kind: str
    help_text: str = ""
    values: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_checked: bool = False
    counts: dict[str, Count] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    suggested: str = ""
    is_open: bool = False

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('_', '-')}"

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def further_values(self) -> list[str]:
        """What a box cannot show: kept beside it, so that sending the form loses nothing."""
        return self.values[1:]

    @property
    def is_answered(self) -> bool:
        """True where the visitor must see the control, as it holds a value or an error."""
        return bool(self.errors or (self.values and self.kind != "identifier"))

    @property
    def made(self) -> list[Choice]:
        """The choices that were made, as far as they are known: they stand on top."""
        return [choice for choice in self._choices() if choice.is_chosen]

    @property
    def first(self) -> list[Choice]:
        """The choices that are shown at once."""
        return self._choices()[: self._shown()]

    @property
    def rest(self) -> list[Choice]:
        """The choices behind “show more”."""
        return self._choices()[self._shown() :]

    @property
    def is_long(self) -> bool:
        return len(self.options) > LONG

    @property
    def is_cut(self) -> bool:
        """True where only the most frequent choices are listed: the others are to be found by name."""
        return bool(self.suggested and len(self.counts) >= MOST)

    def _shown(self) -> int:
        choices = self._choices()
        shown = max(FIRST, sum(choice.is_chosen for choice in choices))
        # Nobody opens a list for one more line than it takes itself.
        return len(choices) if len(choices) <= shown + 2 else shown

    def _choices(self) -> list[Choice]:
        values = {self.chosen.get(value, value) for value in self.values}
        choices = [
            Choice(value, words, self.counts.get(value), value in values) for value, words in self.options
        ]
        return sorted(choices, key=lambda choice: not choice.is_chosen)


@dataclass
class Chip:
    """An active filter, with the address of the list without it."""

    label: str
    words: str
    address: str
    is_wrong: bool = False


def controls_of(questions: RegistryFilterSet, option_makers: dict[str, OptionMaker]) -> list[Control]:
    """Return the form's controls in the order of the filter set; ordering is not among them."""
    return [
        _control(questions, name, option_makers.get(name))
        for name, filter_ in questions.filters.items()
        if not isinstance(filter_, NullsLastOrdering)
    ]


def chips_of(query: QueryDict, controls: list[Control], records: dict[str, dict]) -> list[Chip]:
    """Return a chip for every active filter.

    Args:
        records: for identifiers, what each written value stands for, by parameter.
    """
    return [
        Chip(
            control.label,
            str((dict(control.options) | records.get(control.name, {})).get(value, value)).strip(),
            address(without(query, control.name, value)),
            bool(control.errors),
        )
        for control in controls
        for value in control.values
    ]


def errors_of(questions: RegistryFilterSet, controls: list[Control]) -> list[dict]:
    """Return every error with the control that it belongs to (none for the order)."""
    known = {control.name: control for control in controls}
    found = []
    for name, messages in questions.form.errors.items():
        control = known.get(name)
        title = control.label if control else questions.filters[name].label
        found += [
            {"label": title, "message": message, "target": control.id if control else ""}
            for message in messages
        ]
    return found


def filters_by_resource(controls: Iterable[Control]) -> str:
    """Return which filter takes a record of which resource, as a box says it: ``people:person …``."""
    found: dict[str, str] = {}
    for control in controls:
        if control.suggested:
            found.setdefault(control.suggested, control.name)
    return " ".join(f"{resource}:{name}" for resource, name in found.items())


def _control(questions: RegistryFilterSet, name: str, make_options: OptionMaker | None) -> Control:
    filter_ = questions.filters[name]
    values = [value for value in questions.data.getlist(name) if value.strip()]
    control = Control(
        name=name,
        label=filter_.label or name.replace("_", " ").capitalize(),
        kind="text",
        help_text=filter_.extra.get("help_text", ""),
        values=values,
        errors=list(questions.form.errors.get(name, [])),
        suggested=_SUGGESTED.get(getattr(filter_, "noun", ""), ""),
    )
    if isinstance(filter_, AnyOfFilter):
        choices = questions.form.fields[name].choices
        control.kind, control.options = "facet", [pair for pair in choices if pair[0]]
    elif make_options:
        control.kind, control.options = "facet", make_options(questions.user)
    elif isinstance(filter_, FlagFilter):
        control.kind, control.is_checked = "checkbox", any(value in ("1", "true") for value in values)
        yes, no = _("Yes"), _("No")
        control.options = [("1", yes), ("true", yes), ("0", no), ("false", no)]
    elif isinstance(filter_, django_filters.BooleanFilter):
        control.kind, control.options = "select", [("true", _("Yes")), ("false", _("No"))]
    elif isinstance(filter_, ResolvedFilter):
        # An identifier means nothing to a reader: once given, the chip names what it stands for.
        control.kind = "identifier" if values and not control.errors else "text"
    elif name == "q":
        control.kind = "search"
    return control
