"""The legal state on a day follows from dates and relations."""

from datetime import date

import pytest

from partnerships.models import Agreement, AgreementRelation, Period
from partnerships.status import explain_status
from tests.factories import AgreementFactory, administrator, publish_now

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 15)


def status(agreement, user=None, on=DAY) -> str:
    return Agreement.objects.with_status(user, on).get(pk=agreement.pk).status


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "unknown"),
        ({"announced_on": "2024-06-15"}, "announced"),
        ({"announced_on": "2024-06-16"}, "unknown"),
        ({"signed_on": "2024"}, "signed"),
        ({"signed_on": "2025"}, "unknown"),
        ({"effective_from": "2024-06-15"}, "in_force"),
        ({"effective_from": "2024-06-16"}, "unknown"),
        ({"effective_from": "2024"}, "unknown"),
        ({"signed_on": "2023", "effective_from": "2024"}, "signed"),
        ({"effective_from": "2023", "end_kind": "open_ended"}, "in_force"),
        ({"effective_from": "2023", "end_kind": "date", "ends_on": "2024-06-15"}, "ending_soon"),
        ({"effective_from": "2023", "end_kind": "date", "ends_on": "2024"}, "ending_soon"),
        ({"effective_from": "2023", "end_kind": "date", "ends_on": "2024-09-13"}, "ending_soon"),
        ({"effective_from": "2023", "end_kind": "date", "ends_on": "2024-09-14"}, "in_force"),
        ({"effective_from": "2023", "end_kind": "date", "ends_on": "2024-06-14"}, "ended"),
        ({"signed_on": "2020", "end_kind": "date", "ends_on": "2023"}, "ended"),
        ({"effective_from": "2023", "terminated_on": "2024"}, "terminated"),
        ({"effective_from": "2023", "terminated_on": "2024-06-16"}, "in_force"),
        ({"signed_on": "2020", "end_kind": "date", "ends_on": "2023", "terminated_on": "2022"}, "terminated"),
    ],
)
def test_status_from_dates(facts, expected):
    assert status(AgreementFactory(**facts)) == expected


def test_status_differs_from_day_to_day():
    agreement = AgreementFactory(
        signed_on="2020", effective_from="2021", end_kind="date", ends_on="2023-12-31"
    )
    days = {date(2019, 1, 1): "unknown", date(2020, 1, 1): "signed", date(2022, 1, 1): "in_force",
            date(2023, 11, 1): "ending_soon", date(2024, 1, 1): "ended"}  # fmt: skip
    assert {day: status(agreement, on=day) for day in days} == days


def test_renewal_carries_on():
    agreement = AgreementFactory(effective_from="2020", end_kind="date", ends_on="2022-12-31")
    Period.objects.create(
        agreement=agreement, number=1, starts_on="2023-01-01", end_kind="date", ends_on="2025-12-31"
    )
    assert status(agreement) == "in_force"
    assert status(agreement, on=date(2025, 12, 1)) == "ending_soon"
    assert status(agreement, on=date(2026, 1, 1)) == "ended"
    Period.objects.create(agreement=agreement, number=2, end_kind="unknown")
    assert status(agreement, on=date(2026, 1, 1)) == "in_force"


def test_a_gap_between_terms_is_not_in_force():
    agreement = AgreementFactory(
        signed_on="2020", effective_from="2020", end_kind="date", ends_on="2022-12-31"
    )
    Period.objects.create(agreement=agreement, starts_on="2024-01-01", end_kind="open_ended")
    assert status(agreement, on=date(2023, 5, 1)) == "signed"


def test_superseded_only_by_a_published_record_that_has_begun():
    old = AgreementFactory(effective_from="2020", published=True)
    new = AgreementFactory(effective_from="2024-07-01")
    AgreementRelation.objects.create(agreement=new, kind="supersedes", target=old)
    boss = administrator()
    assert status(old, boss, on=date(2024, 8, 1)) == "in_force", "a draft supersedes nothing"
    publish_now(new)
    assert status(old, boss) == "in_force"
    assert status(old, boss, on=date(2024, 8, 1)) == "superseded"


def test_a_hidden_successor_does_not_show(anonymous):
    old = AgreementFactory(effective_from="2020", published=True)
    new = AgreementFactory(effective_from="2024", visibility="internal", published=True)
    AgreementRelation.objects.create(agreement=new, kind="supersedes", target=old)
    assert status(old, anonymous, on=date(2025, 6, 1)) == "in_force"
    assert status(old, administrator(), on=date(2025, 6, 1)) == "superseded"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"signed_on": "2024"}, "signed 2024; neither an effective date nor an end is stated"),
        (
            {},
            "no date of announcement, signing or effect is stated; "
            "neither an effective date nor an end is stated",
        ),
        (
            {"signed_on": "2020-05", "effective_from": "2020-06-01", "end_kind": "open_ended"},
            "signed 2020-05, in effect from 2020-06-01; open-ended",
        ),
        (
            {"effective_from": "2020", "end_kind": "date", "ends_on": "2022"},
            "in effect from 2020; ended 2022",
        ),
        ({"signed_on": "2024", "terminated_on": "2024-03"}, "signed 2024; terminated 2024-03"),
    ],
)
def test_explanation(facts, sentence):
    agreement = AgreementFactory(**facts)
    assert explain_status(Agreement.objects.with_status(None, DAY).get(pk=agreement.pk)) == sentence
