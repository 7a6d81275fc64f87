"""Until when somebody has to act: what PostgreSQL reckons and what Python does are the same day."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.choices import DurationUnit, EndKind, PublicationState, RelationKind
from partnerships.deadlines import LONGEST_NOTICE, DeadlineKind, deadlines_of
from partnerships.models import Agreement, AgreementRelation, Period
from tests.factories import AgreementFactory, publish_now

pytestmark = pytest.mark.django_db


def last_day_for_notice(ends: date, amount: int, unit: str) -> date:
    """The same by the calendar of Python."""
    return ends - relativedelta(**{unit: min(amount, LONGEST_NOTICE[unit])})


def reckoned(ends: date, amount: int, unit: str) -> date:
    with connection.cursor() as cursor:
        cursor.execute("SELECT notice_by(%s, %s, %s)", [ends, amount, unit])
        return cursor.fetchone()[0]


def deadlines(agreement) -> dict[str, date]:
    found = deadlines_of(Agreement.objects.with_deadlines().get(pk=agreement.pk))
    return {deadline.kind: deadline.day for deadline in found}


def ending(ends_on: str, **facts) -> Agreement:
    return AgreementFactory(end_kind=EndKind.DATE, ends_on=ends_on, **facts)


@pytest.mark.parametrize(
    ("ends", "amount", "unit", "day"),
    [
        (date(2023, 5, 31), 3, "months", date(2023, 2, 28)),
        (date(2024, 5, 31), 3, "months", date(2024, 2, 29)),
        (date(2024, 2, 29), 1, "years", date(2023, 2, 28)),
        (date(2024, 3, 14), 2, "weeks", date(2024, 2, 29)),
        (date(2024, 3, 1), 1, "days", date(2024, 2, 29)),
    ],
)
def test_the_calendar_is_kept(ends, amount, unit, day):
    assert reckoned(ends, amount, unit) == last_day_for_notice(ends, amount, unit) == day


@settings(max_examples=200, deadline=None)
@given(
    st.dates(date(1000, 1, 1), date(2999, 12, 31)),
    st.integers(1, 32_767),
    st.sampled_from(DurationUnit.values),
)
def test_database_and_python_agree(ends, amount, unit):
    assert reckoned(ends, amount, unit) == last_day_for_notice(ends, amount, unit)


def test_a_partial_end_counts_from_its_first_day():
    year = ending("2027", notice_amount=6, notice_unit="months")
    assert deadlines(year) == {"end": date(2027, 1, 1), "notice": date(2026, 7, 1)}
    [notice, end] = deadlines_of(Agreement.objects.with_deadlines().get(pk=year.pk))
    assert not end.is_exact
    assert notice.explain() == (
        "the last known term ends 2027, at the earliest 2027-01-01; less 6 months of notice"
    )


def test_the_last_term_counts():
    renewed = ending("2020-01-01")
    Period.objects.create(agreement=renewed, number=1, end_kind=EndKind.DATE, ends_on="2030-01-01")
    assert deadlines(renewed) == {"end": date(2030, 1, 1)}
    Period.objects.create(agreement=renewed, number=2, end_kind=EndKind.OPEN_ENDED)
    assert deadlines(renewed) == {}


def test_where_nothing_ends_nothing_is_due():
    assert deadlines(AgreementFactory(end_kind=EndKind.UNKNOWN)) == {}
    assert deadlines(AgreementFactory(end_kind=EndKind.OPEN_ENDED, notice_amount=1, notice_unit="days")) == {}
    assert deadlines(ending("2030", terminated_on="2025")) == {}


def test_what_is_withdrawn_or_superseded_has_no_deadline():
    withdrawn = ending("2030")
    publish_now(withdrawn)
    withdrawn.publication_state, withdrawn.withdrawal_reason = PublicationState.WITHDRAWN, "Wrong."
    withdrawn.save()
    older, newer = ending("2030"), AgreementFactory(effective_from="2020")
    AgreementRelation.objects.create(agreement=newer, kind=RelationKind.SUPERSEDES, target=older)
    publish_now(newer)
    assert deadlines(withdrawn) == deadlines(older) == {}


def test_what_is_due_between_two_days():
    soon = ending("2030-06-30")
    notice = ending("2032-06-30", notice_amount=2, notice_unit="years")
    ending("2030", notice_amount=1, notice_unit="days")
    ending("2030-06-30", terminated_on="2029")
    span = (date(2030, 6, 1), date(2030, 6, 30))
    due = Agreement.objects.due_between
    assert set(due(*span)) == {soon, notice}
    assert set(due(*span, DeadlineKind.END)) == {soon}
    assert set(due(*span, DeadlineKind.NOTICE)) == {notice}
    assert not due(span[1] + timedelta(days=1), span[1] + timedelta(days=30)).exists()


def test_the_backup_is_somebody_else(django_user_model):
    person = django_user_model.objects.create(username="kim")
    with pytest.raises(ValidationError) as refused:
        Agreement(title="Ours", type="other", owner=person, backup=person).full_clean()
    assert "backup" in refused.value.message_dict
