"""The life of an agreement: a row for each fact, drawn as far as it is known."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partnerships.models import Agreement, AgreementRelation, Period
from partnerships.pictures.life import Life, Row, life
from tests.factories import AgreementFactory, AmendmentFactory

pytestmark = pytest.mark.django_db


def life_of(record: Agreement) -> Life:
    rows = Agreement.objects.visible_to(None).for_detail(None).with_deadlines()
    return life(rows.get(pk=record.pk))


def row_of(record: Agreement, name: str) -> Row:
    [row] = [row for row in life_of(record).rows if str(row.name) == name]
    return row


def kinds(row: Row) -> list[str]:
    return [piece.kind for piece in row.pieces]


def test_without_any_date_there_is_nothing_to_draw_and_every_row_says_not_known():
    found = life_of(AgreementFactory(published=True))
    assert found.axis is None and not found.shows_today
    assert [str(row.name) for row in found.rows] == ["Signed", "In effect from", "End"]
    assert all(row.is_unknown and not row.pieces and not row.marks for row in found.rows)


def test_a_year_is_the_stretch_within_which_it_was_signed():
    found = life_of(AgreementFactory(signed_on="2024", published=True))
    signed, effect, end = found.rows
    assert kinds(signed) == ["maybe"] and not signed.marks
    assert (signed.pieces[0].start, signed.pieces[0].stop) == (
        found.axis.at(date(2024, 1, 1)),
        found.axis.at(date(2025, 1, 1)),
    )
    assert effect.is_unknown and end.is_unknown and found.has_unknowns and found.has_intervals


def test_a_known_day_is_a_point():
    row = row_of(AgreementFactory(signed_on="2024-05-21", published=True), "Signed")
    assert not row.pieces and [mark.kind for mark in row.marks] == ["point"]


def test_the_axis_holds_all_that_is_known_and_today():
    record = AgreementFactory(signed_on="2011-03", end_kind="date", ends_on="2014", published=True)
    found = life_of(record)
    assert (found.axis.first, found.axis.last) == (2011, timezone.localdate().year)
    assert found.shows_today


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"end_kind": "date", "ends_on": "2018-05-31"}, ["force"]),
        ({"end_kind": "date", "ends_on": "2018"}, ["force", "maybe"]),
        ({"end_kind": "date", "ends_on": str(timezone.localdate().year + 3)}, ["force", "planned", "maybe"]),
        ({"end_kind": "open_ended"}, ["force", "open"]),
        ({}, ["force", "unknown"]),
        ({"end_kind": "date", "ends_on": "2020-05-31", "terminated_on": "2017-02"}, ["force", "maybe"]),
    ],
)
def test_a_term_ends_as_far_as_its_end_is_known(facts, expected):
    record = AgreementFactory(effective_from="2015-03-01", published=True, **facts)
    assert kinds(row_of(record, "In effect from")) == expected


def test_what_began_in_a_month_is_in_force_for_certain_from_its_end_on():
    row = row_of(
        AgreementFactory(effective_from="2015-03", end_kind="open_ended", published=True), "In effect from"
    )
    assert kinds(row) == ["maybe", "force", "open"]
    assert row.pieces[0].stop == row.pieces[1].start


def test_what_another_superseded_is_not_drawn_as_in_force():
    old = AgreementFactory(effective_from="2015-03-01", published=True)
    new = AgreementFactory(effective_from="2020-01-01", published=True)
    AgreementRelation.objects.create(agreement=new, kind="supersedes", target=old)
    assert kinds(row_of(old, "In effect from")) == ["unknown"]


def test_renewals_and_amendments_have_rows_of_their_own():
    record = AgreementFactory(effective_from="2015", end_kind="date", ends_on="2016", published=True)
    Period.objects.create(agreement=record, number=1, starts_on="2017", end_kind="date", ends_on="2018-12-31")
    AmendmentFactory(agreement=record, effective_from="2017-06-01", title="Adds internships")
    found = life_of(record)
    assert [str(row.name) for row in found.rows] == [
        "Signed",
        "In effect from",
        "End of the first term",
        "Renewed, period 1",
        "Amendment 1",
    ]
    assert kinds(found.rows[3]) == ["maybe", "force"]
    assert found.rows[4].note == "Adds internships" and [mark.kind for mark in found.rows[4].marks] == [
        "point"
    ]


def test_the_last_day_for_notice_is_reckoned_and_says_so():
    end = timezone.localdate() + timedelta(days=400)
    record = AgreementFactory(
        effective_from="2015-03-01", end_kind="date", ends_on=str(end), notice_amount=10, notice_unit="days",
        published=True,
    )  # fmt: skip
    row = row_of(record, "Last day to give notice")
    assert row.starts_on.first_day == end - timedelta(days=10)
    assert "less 10 days" in str(row.note)


def test_without_a_known_end_there_is_no_day_for_notice():
    record = AgreementFactory(effective_from="2015", notice_amount=10, notice_unit="days", published=True)
    assert "Last day to give notice" not in [str(row.name) for row in life_of(record).rows]


@pytest.mark.parametrize(("first", "last"), [("1000", "2999"), ("1000", "1001"), ("2998", "2999")])
def test_dates_far_away_do_not_break_the_axis(first, last):
    record = AgreementFactory(
        signed_on=first, effective_from=first, end_kind="date", ends_on=last, published=True
    )
    found = life_of(record)
    assert found.axis.last - found.axis.first <= 100 and len(found.axis.ticks) <= 10
    for row in found.rows:
        assert all(0 <= piece.start <= piece.stop <= 100 for piece in row.pieces)
        assert all(0 <= mark.at <= 100 for mark in row.marks)
