"""Deadlines: the database and Python say the same, and nothing is invented."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from partnerships.deadlines import LONGEST, before_notice, deadlines_of, less_notice
from partnerships.models import Agreement, AgreementRelation
from partnerships.services.publication import withdraw
from tests.factories import AgreementFactory, administrator, publish_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return administrator()


def found(agreement, user, on=None):
    row = Agreement.objects.with_status(user, on).with_deadlines(user, on).get(pk=agreement.pk)
    return row, [(deadline.kind, deadline.day) for deadline in deadlines_of(row)]


@pytest.mark.parametrize(
    "day, amount, unit, wanted",
    [
        (date(2027, 5, 31), 3, "months", date(2027, 2, 28)),
        (date(2028, 5, 31), 3, "months", date(2028, 2, 29)),
        (date(2028, 2, 29), 1, "years", date(2027, 2, 28)),
        (date(2027, 1, 15), 2, "weeks", date(2027, 1, 1)),
        (date(2027, 3, 1), 1, "days", date(2027, 2, 28)),
    ],
)
def test_notice_is_taken_off_by_the_calendar(day, amount, unit, wanted):
    assert before_notice(day, amount, unit) == wanted


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    end=st.dates(date(1000, 1, 1), date(2999, 12, 31)),
    amount=st.integers(1, 32_767),
    unit=st.sampled_from(list(LONGEST)),
)
@example(end=date(2027, 5, 31), amount=3, unit="months")
@example(end=date(1000, 1, 1), amount=32_767, unit="years")
def test_database_and_python_reckon_alike(db, end, amount, unit):
    agreement = Agreement.objects.create(
        title="Notice",
        type="other",
        end_kind="date",
        ends_on=str(end),
        notice_amount=amount,
        notice_unit=unit,
    )
    day = Agreement.objects.annotate(day=less_notice(F("ends_on__first_day"))).get(pk=agreement.pk).day
    assert day == before_notice(end, amount, unit)


def test_the_earliest_possible_day_of_a_partial_date_counts(boss):
    row, days = found(
        AgreementFactory(end_kind="date", ends_on="2030", notice_amount=3, notice_unit="months"), boss
    )
    assert days == [("notice", date(2029, 10, 1)), ("end", date(2030, 1, 1))]
    assert row.notice_deadline == date(2029, 10, 1)
    assert deadlines_of(row)[1].explain() == "the last known term ends 2030, at the earliest 2030-01-01"


def test_the_last_term_counts(boss):
    agreement = AgreementFactory(end_kind="date", ends_on="2025-01-31")
    agreement.periods.create(number=1, end_kind="date", ends_on="2031-03-31")
    assert found(agreement, boss)[1] == [("end", date(2031, 3, 31))]
    agreement.periods.create(number=2, end_kind="open_ended")
    assert found(agreement, boss)[1] == []


@pytest.mark.parametrize(
    "facts",
    [
        {"end_kind": "open_ended"},
        {"end_kind": "unknown"},
        {"end_kind": "date", "ends_on": "2030", "terminated_on": "2026"},
    ],
)
def test_there_is_no_deadline_without_an_end_to_come(boss, facts):
    assert found(AgreementFactory(**facts), boss)[1] == []


def test_superseded_and_withdrawn_have_none(boss):
    old, gone = AgreementFactory.create_batch(2, end_kind="date", ends_on="2030")
    new = AgreementFactory(signed_on="2020")
    AgreementRelation.objects.create(agreement=new, kind="supersedes", target=old)
    for row in (old, gone, new):
        publish_now(row)
    withdraw(agreement=gone, by=boss, reason="A mistake")
    assert found(old, boss)[1] == found(gone, boss)[1] == []


@pytest.mark.parametrize("kind", ["end", "notice"])
def test_due_between_finds_by_first_and_by_later_terms(boss, kind):
    today = date(2027, 1, 1)
    notice = {"notice_amount": 1, "notice_unit": "months"}
    first = AgreementFactory(end_kind="date", ends_on="2027-02-15", **notice)
    later = AgreementFactory(end_kind="date", ends_on="2020", **notice)
    later.periods.create(number=1, end_kind="date", ends_on="2027-02-20")
    renewed = AgreementFactory(end_kind="date", ends_on="2027-02-15", **notice)
    renewed.periods.create(number=1, end_kind="date", ends_on="2035")
    AgreementFactory(end_kind="date", ends_on="2030", **notice)
    rows = Agreement.objects.with_status(boss, today).with_deadlines(boss, today)
    assert set(rows.due_between(kind, today, today + timedelta(days=60))) == {first, later}
