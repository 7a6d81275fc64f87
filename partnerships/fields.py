"""The partial date as a model field and a form field, and lexemes.

Stored in the domain ``partial_date``: a ``daterange`` that is exactly a day, a month or a year.
The database so compares, orders and indexes it as the interval that it is.
"""

from django import forms
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models

from .partial_dates import MAX_YEAR, MIN_YEAR, PartialDate

PLACEHOLDER = "2024, 2024-05 or 2024-05-21"

CREATE_DOMAIN = f"""
CREATE DOMAIN partial_date AS daterange CONSTRAINT partial_date_is_day_month_or_year CHECK (
    VALUE IS NULL OR (
        NOT isempty(VALUE) AND NOT lower_inf(VALUE) AND NOT upper_inf(VALUE)
        AND lower(VALUE) >= DATE '{MIN_YEAR}-01-01' AND upper(VALUE) <= DATE '{MAX_YEAR + 1}-01-01'
        AND (
            upper(VALUE) = lower(VALUE) + 1
            OR (extract(day FROM lower(VALUE)) = 1
                AND upper(VALUE) = (lower(VALUE) + interval '1 month')::date)
            OR (extract(day FROM lower(VALUE)) = 1 AND extract(month FROM lower(VALUE)) = 1
                AND upper(VALUE) = (lower(VALUE) + interval '1 year')::date)
        )
    )
)
"""


def to_partial_date(value) -> PartialDate | None:
    """Return ``value`` as a partial date; raise ValidationError where it is none."""
    if value is None or value == "":
        return None
    if isinstance(value, PartialDate):
        return value
    try:
        return PartialDate.parse(str(value))
    except ValueError as error:
        raise ValidationError(str(error), code="invalid_partial_date") from error


class PartialDateField(models.Field):
    """A date known to the year, the month or the day; Python sees ``PartialDate``.

    Transforms: ``first_day`` and ``day_after`` (the first day that lies behind the interval).
    """

    description = "Date known to the year, the month or the day"

    def db_type(self, connection) -> str:
        return "partial_date"

    def get_placeholder(self, value, compiler, connection) -> str:
        return "%s::partial_date"

    def from_db_value(self, value, expression, connection) -> PartialDate | None:
        return None if value is None else PartialDate.from_interval(value.lower, value.upper)

    def to_python(self, value) -> PartialDate | None:
        return to_partial_date(value)

    def get_prep_value(self, value) -> str | None:
        value = to_partial_date(super().get_prep_value(value))
        return None if value is None else f"[{value.first_day},{value.day_after})"

    def value_to_string(self, obj) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


class _Bound(models.Transform):
    output_field = models.DateField()


@PartialDateField.register_lookup
class FirstDay(_Bound):
    lookup_name = "first_day"
    function = "lower"


@PartialDateField.register_lookup
class DayAfter(_Bound):
    lookup_name = "day_after"
    function = "upper"


class PartialDateFormField(forms.CharField):
    """Lets one type ``2024``, ``2024-05`` or ``2024-05-21``."""

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"placeholder": PLACEHOLDER, "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def to_python(self, value) -> PartialDate | None:
        return to_partial_date(super().to_python(value) if isinstance(value, str) else value)

    def prepare_value(self, value) -> str:
        return "" if value is None else str(value)

    def has_changed(self, initial, data) -> bool:
        return str(initial or "") != str(data or "").strip()


class LexemesField(SearchVectorField):
    """Lexemes with their places, as a text search asks them.

    Lookups: ``answers`` (a query as PostgreSQL writes one, such as ``'kaist' & !'turing'``), by the
    index where there is one; ``answers_each`` the same, looking at row after row in the order asked for.
    """


@LexemesField.register_lookup
class Answers(models.Lookup):
    lookup_name = "answers"

    def as_sql(self, compiler, connection):
        lexemes, parameters = self.process_lhs(compiler, connection)
        return f"{lexemes} @@ %s::tsquery", [*parameters, self.rhs]


@LexemesField.register_lookup
class AnswersEach(Answers):
    lookup_name = "answers_each"

    def as_sql(self, compiler, connection):
        condition, parameters = super().as_sql(compiler, connection)
        # No index knows a test for truth.
        return f"({condition}) IS TRUE", parameters
