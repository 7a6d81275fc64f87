"""Calendars: real iCalendar files of what the reader may see."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from partnerships.models import StaffSettings
from partnerships.services.reminders.preferences import calendar_address, close_calendar, renew_calendar
from partnerships.views import calendars
from tests.factories import AgreementFactory, InstitutionFactory, MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db

#: A year that is not over yet.
YEAR = timezone.localdate().year + 2


@pytest.fixture
def person():
    user = MembershipFactory().user
    renew_calendar(user=user)
    return user


def address(person) -> str:
    return calendar_address(StaffSettings.objects.get(user=person))


def read(path: str) -> tuple[Calendar, list]:
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert lines[-1] == b"" and not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    file = Calendar.from_ical(response.content)
    return file, file.walk("VEVENT")


def test_a_person_sees_what_falls_due_of_their_records(person):
    title = "양해각서, 둘; 셋\\ " + "아주 긴 이름 " * 20
    row = AgreementFactory(
        title=title.strip(),
        owner=person,
        end_kind="date",
        ends_on=f"{YEAR}-05-31",
        notice_amount=3,
        notice_unit="months",
    )
    AgreementFactory(end_kind="date", ends_on=f"{YEAR}-05-31")
    _, events = read(address(person))
    assert {event["uid"] for event in events} == {
        f"{row.uid}-end@127.0.0.1",
        f"{row.uid}-notice@127.0.0.1",
    }
    [end] = [event for event in events if "-end@" in event["uid"]]
    assert end["summary"] == f"Ends: {row.title}"
    assert end["dtstart"].dt == date(YEAR, 5, 31) and end["dtend"].dt == date(YEAR, 6, 1)
    assert end["dtstamp"].dt == row.updated_at.replace(microsecond=0)
    assert f"/admin/partnerships/agreement/{row.pk}/change/" in end["description"]


def test_an_end_known_to_the_year_says_so(person):
    AgreementFactory(title="Vague", owner=person, end_kind="date", ends_on=str(YEAR))
    [event] = read(address(person))[1]
    assert event["summary"] == f"May end from today on (known: {YEAR}): Vague"
    assert event["dtstart"].dt == date(YEAR, 1, 1)


def test_the_address_opens_nothing_once_it_is_renewed_closed_or_the_account_is(person):
    first = address(person)
    renew_calendar(user=person)
    second = address(person)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert Client().get(second).status_code == 404
    type(person).objects.filter(pk=person.pk).update(is_active=True)
    close_calendar(user=person)
    assert Client().get(second).status_code == 404


@pytest.mark.parametrize("change", ["half", "%00", "x", "a.b.c"])
def test_a_guessed_address_opens_nothing(person, change):
    key = StaffSettings.objects.get(user=person).calendar_key
    token = key if change == "half" else f"{key}.{change}"
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_a_calendar_keeps_to_the_gate_of_its_person(person):
    AgreementFactory(
        owner=person,
        visibility="restricted",
        office=OfficeFactory(),
        end_kind="date",
        ends_on=f"{YEAR}-05-31",
    )
    assert read(address(person))[1] == []


def test_a_list_has_a_calendar_of_the_same_question():
    korea = InstitutionFactory(country_id="KR")
    wanted = AgreementFactory(
        parties=[korea, InstitutionFactory()], end_kind="date", ends_on=f"{YEAR}-05-31", published=True
    )
    AgreementFactory(parties=[korea, InstitutionFactory()], end_kind="date", ends_on=f"{YEAR}-05-31")
    AgreementFactory(
        parties=[korea, InstitutionFactory()], end_kind="date", ends_on=f"{YEAR}-06", published=True
    )
    AgreementFactory(end_kind="date", ends_on=f"{YEAR}-05-31", published=True)
    file, events = read("/agreements.ics?country=KR")
    assert [event["uid"] for event in events] == [f"{wanted.uid}-end@127.0.0.1"]
    assert "1 more are left out" in file["x-wr-caldesc"]


def test_what_ended_long_ago_is_left_out():
    AgreementFactory(end_kind="date", ends_on="2001-01-01", published=True)
    assert read("/agreements.ics")[1] == []


def test_a_long_calendar_says_that_it_is_cut(monkeypatch):
    monkeypatch.setattr(calendars, "MOST", 2)
    for days in range(3):
        day = timezone.localdate() + timedelta(days=days)
        AgreementFactory(end_kind="date", ends_on=str(day), published=True)
    file, events = read("/agreements.ics")
    assert len(events) == 2
    assert "Only the first 2" in file["x-wr-caldesc"]


@pytest.mark.parametrize("question", ["country=XX", "nonsense=1", "signed_after=never"])
def test_a_bad_question_is_refused_by_name(question):
    response = Client().get(f"/agreements.ics?{question}")
    assert response.status_code == 400
    assert question.partition("=")[0] in response.content.decode()
