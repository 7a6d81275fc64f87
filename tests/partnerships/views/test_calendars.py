"""Calendars: real iCalendar files of what the reader may see."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from partnerships.models import SavedFilter, StaffSettings
from partnerships.services.reminders.preferences import calendar_address, close_calendar, renew_calendar
from partnerships.services.saved_filters import delete_filter, save_filter
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


def address(person, saved=None) -> str:
    return calendar_address(StaffSettings.objects.get(user=person), saved)


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


class TestOfASavedFilter:
    @pytest.fixture
    def saved(self, person):
        return save_filter(by=person, name="Korea", question="country=KR", office=None)

    def test_tells_deadlines_of_what_the_list_of_the_admin_finds(self, person, saved):
        korea = InstitutionFactory(country_id="KR")
        facts = {"end_kind": "date", "ends_on": f"{YEAR}-05-31"}
        draft = AgreementFactory(parties=[korea, InstitutionFactory()], **facts)
        AgreementFactory(**facts)
        AgreementFactory(
            parties=[korea, InstitutionFactory()], visibility="restricted", office=OfficeFactory(), **facts
        )
        file, events = read(address(person, saved))
        assert [event["uid"] for event in events] == [f"{draft.uid}-end@127.0.0.1"]
        assert "Korea" in file["x-wr-calname"]

    def test_its_address_opens_nothing_else(self, person, saved):
        token = address(person, saved).rpartition("/")[2]
        assert Client().get("/calendar/" + token.replace(f"-{saved.uid}", "")).status_code == 404
        delete_filter(saved=saved, by=person)
        assert Client().get(f"/calendar/{token}").status_code == 404

    def test_is_gone_with_what_is_not_shared_any_more(self, person, saved):
        other = MembershipFactory().user
        renew_calendar(user=other)
        assert Client().get(address(other, saved)).status_code == 404

    def test_a_question_that_the_list_does_not_know_is_not_found(self, person):
        odd = SavedFilter.objects.create(name="Odd", question="nonsense=1", owner=person)
        assert Client().get(address(person, odd)).status_code == 404

    def test_is_offered_beside_the_filter(self, person, saved):
        client = Client()
        client.force_login(person)
        assert address(person, saved) in client.get("/admin/partnerships/agreement/filters/").text
        close_calendar(user=person)
        assert "Open your calendar" in client.get("/admin/partnerships/agreement/filters/").text
