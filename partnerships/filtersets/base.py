"""What all filter sets share: strictness, ordering, and filters that speak the registry's words.

The same filter set reads the query string of a page, of the API and of every export.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Value
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters.fields import BaseCSVField, MultipleChoiceField

from partnerships.fields import PartialDateFormField

#: Parameters that shape an answer without changing which question is asked.
SHAPE_PARAMETERS = frozenset(
    {"page", "page_size", "cursor", "fields", "omit", "include", "count", "format", "facets"}
)

#: Parameters that say how a page looks: they are no part of a question, and no API takes them.
PAGE_PARAMETERS = frozenset({"density"})

#: So many values of one parameter are looked at: nobody chooses more, and each has its price on a page.
MOST_VALUES = 50
TOO_MANY = format_lazy(_("At most {number} values."), number=MOST_VALUES)

_FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}


def read_flag(text: str) -> bool:
    """Read yes or no; raise ValueError for anything else."""
    if (word := text.strip().lower()) not in _FLAGS:
        raise ValueError(gettext("Write 1 or 0."))
    return _FLAGS[word]


def overfull(query, names: Iterable[str]) -> list[str]:
    """Return which of the parameters ``names`` have more values in ``query`` than are looked at."""
    if not hasattr(query, "getlist"):
        return []
    return [name for name in names if name in query and len(query.getlist(name)) > MOST_VALUES]


class ValuesWidget(forms.Widget):
    """Reads a parameter that may be repeated, leaving out empty ones."""

    def value_from_datadict(self, data, files, name) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in values if value.strip()]


class ResolvedField(forms.Field):
    """A repeatable identifier, resolved to primary keys.

    Args:
        find: gives for one written identifier the matching rows that this visitor may see.
        unknown: the error message, with ``%(text)s`` for what was written.
    """

    widget = ValuesWidget

    def __init__(self, *, find: Callable, unknown: str, **kwargs):
        super().__init__(**kwargs)
        self.find, self.unknown = find, unknown

    def to_python(self, value: list[str]) -> list:
        written = value or []
        found = self._found([text for text in dict.fromkeys(written) if "\x00" not in text])
        for text in written:
            if text not in found:
                told = {"text": text.replace("\x00", "")}
                raise ValidationError(self.unknown, code="unknown", params=told)
        return [found[text] for text in written]

    def _found(self, texts: list[str]) -> dict[str, int | str]:
        """Primary keys by what is written, however many, with one statement."""
        if not texts:
            return {}
        first, *others = (
            self.find(text).order_by("pk").annotate(nth=Value(place)).values_list("nth", "pk")[:1]
            for place, text in enumerate(texts)
        )
        return {texts[place]: key for place, key in (first.union(*others, all=True) if others else first)}


class ResolvedFilter(django_filters.Filter):
    """Filter by identifiers; ``apply(queryset, keys)`` narrows. ``find(text, user)`` resolves one.

    ``noun`` says what an identifier stands for, ``unknown`` what is said where it stands for nothing.
    """

    field_class = ResolvedField

    def __init__(self, *, find: Callable, noun: str, unknown: str, apply: Callable | None = None, **kwargs):
        super().__init__(**kwargs)
        self.find, self.noun, self.unknown, self.apply = find, noun, unknown, apply

    @property
    def field(self):
        if not hasattr(self, "_field"):
            self._field = self.field_class(
                find=lambda text: self.find(text, self.parent.user),
                unknown=self.unknown,
                required=False,
                label=self.label,
                help_text=self.extra.get("help_text", ""),
            )
        return self._field

    def filter(self, queryset, value):
        return self.apply(queryset, value) if value else queryset


class AnyOfField(MultipleChoiceField):
    """Several values of a closed list; an empty one asks nothing."""

    def to_python(self, value) -> list[str]:
        return [item for item in super().to_python(value) if item.strip()]


class AnyOfFilter(django_filters.MultipleChoiceFilter):
    """A repeatable choice from a closed list; ``apply(queryset, values)`` narrows."""

    field_class = AnyOfField

    def __init__(self, *, apply: Callable | None = None, **kwargs):
        super().__init__(**kwargs)
        self.apply = apply

    def filter(self, queryset, value):
        if not value:
            return queryset
        if self.apply:
            return self.apply(queryset, value)
        return queryset.filter(**{f"{self.field_name}__in": value})


class PartialDateFilter(django_filters.Filter):
    """A year, a month or a day; ``apply(queryset, partial_date)`` narrows."""

    field_class = PartialDateFormField

    def __init__(self, *, apply: Callable, **kwargs):
        super().__init__(**kwargs)
        self.apply = apply

    def filter(self, queryset, value):
        return self.apply(queryset, value) if value else queryset


class MomentField(forms.CharField):
    """An ISO 8601 date or date and time; without a zone it is UTC."""

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        try:
            # A plus sign that nobody percent-encoded arrives as a space.
            moment = parse_datetime(text.replace(" ", "+") if text.count(":") > 1 else text)
            day = None if moment else parse_date(text)
        except ValueError:
            moment = day = None
        if day:
            moment = datetime.combine(day, time.min)
        if not moment:
            raise ValidationError(
                gettext("Write a date or a time: 2024-05-21 or 2024-05-21T09:00:00Z."), code="invalid"
            )
        try:
            # PostgreSQL takes no zone that is 16 hours or more away.
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except OverflowError as error:
            raise ValidationError(gettext("This moment lies beyond the calendar."), code="invalid") from error


class MomentFilter(django_filters.Filter):
    field_class = MomentField


class FlagField(forms.CharField):
    """Yes or no; empty means no."""

    def to_python(self, value) -> bool:
        try:
            return read_flag(super().to_python(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


class FlagFilter(django_filters.BooleanFilter):
    """A question that is asked or not."""

    field_class = FlagField


class YesOrNoField(FlagField):
    """Yes or no; empty asks nothing."""

    def to_python(self, value) -> bool | None:
        return super().to_python(value) if (value or "").strip() else None


class YesOrNoFilter(django_filters.BooleanFilter):
    """A question with two answers."""

    field_class = YesOrNoField


class OrderField(BaseCSVField):
    """Names of fields, separated by commas."""

    def clean(self, value) -> list[str]:
        names = super().clean([name.strip() for name in value or () if name.strip()])
        if len({name.lstrip("-") for name in names}) < len(names):
            raise ValidationError(gettext("Name each field once."), code="repeated")
        return names


class NullsLastOrdering(django_filters.OrderingFilter):
    """Order by one or several fields; what is unknown comes last either way, ties by primary key."""

    base_field_class = OrderField

    def filter(self, queryset, value):
        if not value:
            return queryset
        return queryset.order_by(*self.terms(value), "-pk" if value[0].startswith("-") else "pk")

    def terms(self, value) -> list:
        """Return what to order by for the parameter's value."""
        terms = []
        for name in value:
            descending = name.startswith("-")
            column = F(self.param_map[name.lstrip("-")])
            terms.append(column.desc(nulls_last=True) if descending else column.asc(nulls_last=True))
        return terms


class RegistryFilterSet(django_filters.FilterSet):
    """Base of all filter sets.

    ``user`` is the visitor on whose behalf identifiers are resolved. ``unknown_parameters`` lists
    what no filter and no shape parameter answers to: the API refuses it, a page says so.

    A parameter with more than ``MOST_VALUES`` values is an error, and none of them is looked at.

    Who shows no form says ``only_asked``: filters of which ``data`` says nothing are then left out.
    Making all of them and a field for each takes longer than the questions that most lists ask.
    """

    def __init__(
        self, data=None, queryset=None, *, user=None, request=None, prefix=None, only_asked: bool = False
    ):
        if only_asked:
            known = type(self).base_filters
            self.base_filters = {name: known[name] for name in known if name in data}
        self.overfull = overfull(data, type(self).base_filters)
        super().__init__(_emptied(data, self.overfull), queryset, request=request, prefix=prefix)
        self.user = user if user is not None else getattr(request, "user", None)

    def is_valid(self) -> bool:
        """Whether every value makes sense; the form then carries what is wrong with the number of them."""
        valid = super().is_valid()
        for name in self.overfull:
            if not self.form.has_error(name, "too_many"):
                self.form.add_error(name, ValidationError(TOO_MANY, code="too_many"))
        return valid and not self.overfull

    @property
    def unknown_parameters(self) -> list[str]:
        return sorted(set(self.data) - set(type(self).base_filters) - SHAPE_PARAMETERS)

    @property
    def result(self):
        """The narrowed queryset; nothing at all where a value is bad, never silently everything."""
        return self.qs if self.is_valid() else self.queryset.none()


def _emptied(data, names: list[str]):
    """``data`` in which the parameters ``names`` ask nothing."""
    if not names:
        return data
    emptied = data.copy()
    for name in names:
        emptied.setlist(name, [""])
    return emptied
