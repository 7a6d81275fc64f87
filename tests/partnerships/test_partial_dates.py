"""Partial dates: in, out, ordered and stored as the intervals that they are."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from partnerships.fields import PartialDateFormField
from partnerships.models import Agreement
from partnerships.partial_dates import MAX_YEAR, MIN_YEAR, PartialDate
from tests.factories import AgreementFactory

DAYS = st.dates(date(MIN_YEAR, 1, 1), date(MAX_YEAR, 12, 31))
PARTIAL = st.builds(
    lambda day, parts: PartialDate(*(day.year, day.month, day.day)[:parts]), DAYS, st.integers(1, 3)
)


@given(PARTIAL)
def test_written_form_reads_back(value):
    assert PartialDate.parse(str(value)) == value


@given(PARTIAL)
def test_interval_reads_back(value):
    assert PartialDate.from_interval(value.first_day, value.day_after) == value


@given(PARTIAL, DAYS)
def test_covers_exactly_the_days_that_begin_like_it(value, day):
    inside = value.first_day <= day <= value.last_day
    assert inside == day.isoformat().startswith(str(value))


@pytest.mark.parametrize(
    "text",
    ["2024-13", "2024-00", "2023-02-29", "2024-04-31", "24", "2024-5", "2024/05", "0999", "3000", "May 2024",
     "2024-05-21T00:00", "", "-2024", "２０２４", "2024-05-", "\x00"],
)  # fmt: skip
def test_impossible_dates_are_refused(text):
    with pytest.raises(ValueError):
        PartialDate.parse(text)


def test_error_says_what_is_wrong():
    with pytest.raises(ValueError, match="February 2023 has no day 29"):
        PartialDate.parse("2023-02-29")


def test_form_field_names_the_forms_that_it_takes():
    field = PartialDateFormField(required=False)
    assert field.clean(" 2024-05 ") == PartialDate(2024, 5)
    assert field.clean("") is None
    with pytest.raises(ValidationError, match="2024, 2024-05 or 2024-05-21"):
        field.clean("spring 2024")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["1000", "2024", "2024-02", "2024-02-29", "2999-12-31"])
def test_database_keeps_the_precision(text):
    agreement = AgreementFactory(signed_on=text)
    assert str(Agreement.objects.get(pk=agreement.pk).signed_on) == text


@pytest.mark.django_db
def test_database_orders_by_first_day_then_by_last():
    for text in ("2024-05-21", "2025", "2024", "2024-05", "2024-01-01"):
        AgreementFactory(title=text, signed_on=text)
    AgreementFactory(title="unknown")
    ordered = list(
        Agreement.objects.exclude(signed_on=None).order_by("signed_on").values_list("title", flat=True)
    )
    assert ordered == [str(value) for value in sorted(map(PartialDate.parse, ordered))]
    assert ordered == ["2024-01-01", "2024", "2024-05", "2024-05-21", "2025"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "span", ["[2024-01-01,2024-03-01)", "[2024-01-15,2024-02-15)", "empty", "(,2024-01-01)"]
)
def test_database_refuses_what_is_no_day_month_or_year(span):
    agreement = AgreementFactory()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE partnerships_agreement SET signed_on = %s WHERE id = %s", [span, agreement.pk])
