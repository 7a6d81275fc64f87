"""Filters of what several headings say together: two institutions, countries, one alone; and of the end."""

from functools import cached_property

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext

from partnerships.models import Country, Facet, Heading
from partnerships.querysets.crossed import under_all, under_only

from .base import ResolvedField, ResolvedFilter, ValuesWidget
from .keyed import YearsField

#: So many countries can be asked for together.
MOST_TOGETHER = 50


class CountrySetsField(forms.Field):
    """Country codes joined by commas, as a parameter that may be repeated.

    Args:
        most: how many codes a value may have.
    """

    widget = ValuesWidget

    def __init__(self, *, most: int, **kwargs):
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value) -> list[tuple[str, ...]]:
        written = [
            tuple(sorted({code.strip().upper() for code in text.split(",") if code.strip()}))
            for text in value or []
        ]
        for codes in written:
            if not 1 <= len(codes) <= self.most:
                raise ValidationError(self._wanted, code="invalid")
        asked = {code for codes in written for code in codes if "\x00" not in code}
        known = set(Country.objects.filter(code__in=asked).values_list("code", flat=True)) if asked else set()
        for codes in written:
            for code in codes:
                if code not in known:
                    shown = code.replace(chr(0), "")
                    told = gettext("“%(text)s” is no ISO 3166-1 country code known here.")
                    raise ValidationError(told, code="unknown", params={"text": shown})
        return written

    @property
    def _wanted(self) -> str:
        if self.most == 1:
            return gettext("Write one two-letter country code.")
        told = gettext("Write up to %(number)s two-letter country codes, separated by commas: GB,KR.")
        return told % {"number": self.most}


class TogetherFilter(django_filters.Filter):
    """Agreements with parties in every country of one of the values."""

    most = MOST_TOGETHER

    @property
    def field(self):
        if not hasattr(self, "_field"):
            self._field = CountrySetsField(
                most=self.most,
                required=False,
                label=self.label,
                help_text=self.extra.get("help_text", ""),
            )
        return self._field

    @cached_property
    def _headings(self) -> dict[str, int]:
        """Ids of the headings of all countries, by code."""
        rows = Heading.objects.filter(facet=Facet.COUNTRY)
        return dict(rows.values_list("value", "pk"))

    def filter(self, queryset, value):
        if not value:
            return queryset
        # Where a country has no heading, nothing stands under it.
        known = [codes for codes in value if self._headings.keys() >= set(codes)]
        if not known:
            return queryset.none()
        asked = Q()
        for codes in known:
            asked |= self._condition(codes)
        return queryset.filter(asked)

    def _condition(self, codes: tuple[str, ...]) -> Q:
        return under_all(self._headings[code] for code in codes)


class WithinFilter(TogetherFilter):
    """Agreements with parties in one country and, as far as known, in no other."""

    most = 1

    def _condition(self, codes: tuple[str, ...]) -> Q:
        [code] = codes
        return under_only(self._headings[code], (pk for other, pk in self._headings.items() if other != code))


class PairsField(ResolvedField):
    """Two institutions as ``<id>-<id>``, a parameter that may be repeated; resolved to primary keys."""

    def to_python(self, value: list[str]) -> list[tuple[int, int]]:
        written = [[part.strip() for part in text.split("-")] for text in value or []]
        if any(len(parts) != 2 or not all(parts) for parts in written):
            raise ValidationError(
                gettext("Write the ids of two institutions with a hyphen between."), code="invalid"
            )
        keys = super().to_python([part for parts in written for part in parts])
        pairs = list(zip(keys[::2], keys[1::2], strict=True))
        if any(one == other for one, other in pairs):
            raise ValidationError(gettext("Name two different institutions."), code="invalid")
        return pairs


class PairFilter(ResolvedFilter):
    """Agreements between both institutions of one of the values; the filter set says which these are."""

    field_class = PairsField

    def filter(self, queryset, value):
        return queryset.filter(self.parent.between) if value else queryset


class EndYearFilter(django_filters.Filter):
    """Years in which agreements end or ended."""

    field_class = YearsField

    def filter(self, queryset, value):
        return queryset.ending_in(map(int, value)) if value else queryset
