"""The filter form of a list, made from its filter set: controls, chips and errors."""

from collections.abc import Callable
from dataclasses import dataclass, field

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

from .queries import address, without

Option = tuple[str, str]
#: Gives the choices of a select (value, words), and names what identifiers stand for.
OptionMaker = Callable[[object], list[Option]]


@dataclass
class Control:
    """One question of the form."""

    name: str
    label: str
    kind: str
    help_text: str = ""
    values: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    is_checked: bool = False

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('_', '-')}"

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def further_values(self) -> list[str]:
        """What a select cannot show: kept beside it, so that sending the form loses nothing."""
        return self.values[1:]

    @property
    def is_answered(self) -> bool:
        """True where the visitor must see the control, as it holds a value or an error."""
        return self.kind != "hidden" and bool(self.values or self.errors)


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


def chips_of(query: QueryDict, controls: list[Control], names: dict[str, dict]) -> list[Chip]:
    """Return a chip for every active filter.

    Args:
        names: for identifiers, the words of each written value, by parameter.
    """
    return [
        Chip(
            control.label,
            (dict(control.options) | names.get(control.name, {})).get(value, value).strip(),
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
    )
    if isinstance(filter_, AnyOfFilter):
        choices = questions.form.fields[name].choices
        control.kind, control.options = "checkboxes", [pair for pair in choices if pair[0]]
    elif make_options:
        control.kind, control.options = "select", make_options(questions.user)
    elif isinstance(filter_, FlagFilter):
        control.kind, control.is_checked = "checkbox", any(value in ("1", "true") for value in values)
        control.options = [("1", _("Yes")), ("true", _("Yes")), ("0", _("No")), ("false", _("No"))]
    elif isinstance(filter_, django_filters.BooleanFilter):
        control.kind, control.options = "select", [("true", _("Yes")), ("false", _("No"))]
    elif isinstance(filter_, ResolvedFilter):
        # An identifier means nothing to a reader: once given, the chip names what it stands for.
        control.kind = "hidden" if values and not control.errors else "text"
    elif name == "q":
        control.kind = "search"
    return control
