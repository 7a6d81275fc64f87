"""Filters that ask for headings: every value stands for a number among the keys of a card."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models import Facet, Heading
from partnerships.partial_dates import MAX_YEAR, MIN_YEAR

from .base import AnyOfFilter, ResolvedFilter, ValuesWidget


class _Keyed:
    """Narrows by the headings of ``facet`` that the values stand for; the filter set knows their ids."""

    facet: str

    def filter(self, queryset, value):
        return queryset.under_any(self.parent.headings(self.facet, value)) if value else queryset


class KeyedIdentifier(_Keyed, ResolvedFilter):
    """A repeatable identifier whose rows are headings."""

    def __init__(self, *, facet: str, **kwargs):
        super().__init__(**kwargs)
        self.facet = facet


class KeyedChoice(_Keyed, AnyOfFilter):
    """A repeatable choice from a closed list of headings."""

    def __init__(self, *, facet: str, **kwargs):
        super().__init__(**kwargs)
        self.facet = facet


class YearsField(forms.Field):
    """Years, as a parameter that may be repeated."""

    widget = ValuesWidget

    def to_python(self, value) -> list[str]:
        years = [text.strip() for text in value or []]
        for year in years:
            # The length first: a number of ten thousand digits is no year, and none that Python reads.
            is_number = len(year) == len(str(MAX_YEAR)) and year.isascii() and year.isdecimal()
            if not (is_number and MIN_YEAR <= int(year) <= MAX_YEAR):
                limits = {"first": MIN_YEAR, "last": MAX_YEAR}
                told = _("Write a year from %(first)s to %(last)s.")
                raise ValidationError(told, code="invalid", params=limits)
        return years


class YearFilter(_Keyed, django_filters.Filter):
    """Years of signing, or of announcement where no signing is recorded."""

    field_class = YearsField
    facet = Facet.YEAR


def heading_ids(asked: dict[str, list]) -> dict[tuple[str, str], int]:
    """Return the ids of the headings asked for, by facet and value, with one statement.

    Args:
        asked: values by facet; a value under which nothing ever stood has no heading.
    """
    wanted = Q()
    for facet, values in asked.items():
        wanted |= Q(facet=facet, value__in=[str(value) for value in values])
    if not wanted:
        return {}
    return {(facet, value): key for key, facet, value in Heading.objects.filter(wanted).values_list()}
