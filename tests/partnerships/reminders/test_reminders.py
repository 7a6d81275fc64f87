"""Each reminder is told once, to whoever looks after the record, and only what they may see."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError

from partnerships.models import OfficeReminders, Reminder, ReminderMail, ReminderRun, StaffSettings
from partnerships.services.reminders.planning import distance, plan_reminders
from partnerships.services.reminders.sending import send_reminders
from partnerships.tasks import hand_over_reminders
from tests.factories import AgreementFactory, MembershipFactory, OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 1)


@pytest.fixture
def owner():
    return MembershipFactory(user__email="owner@example.org").user


def ending(days: int, **facts):
    return AgreementFactory(end_kind="date", ends_on=str(TODAY + timedelta(days=days)), **facts)


def send(on=TODAY) -> list:
    before = len(mail.outbox)
    send_reminders(on=on)
    return mail.outbox[before:]


@pytest.mark.parametrize(
    "left, reached", [(200, None), (180, 180), (100, 180), (90, 90), (16, 30), (15, 15), (0, 15), (-1, None)]
)
def test_the_nearest_distance_that_was_reached_counts(left, reached):
    assert distance(TODAY + timedelta(days=left), [180, 90, 60, 30, 15], TODAY) == reached


def test_a_reminder_is_told_once_however_often_the_job_runs(owner):
    ending(90, owner=owner, title="Exchange of gardeners")
    [told] = send()
    assert told.to == ["owner@example.org"]
    assert "Exchange of gardeners" in told.subject
    assert "ends on 2027-05-30: in 90 days" in told.body
    assert "/admin/my-settings/" in told.body
    assert send() == send(TODAY + timedelta(days=1)) == []
    [next_one] = send(TODAY + timedelta(days=30))
    assert "in 60 days" in next_one.body


def test_days_that_were_missed_are_told_as_one(owner):
    ending(90, owner=owner)
    [told] = send(TODAY + timedelta(days=70))
    assert "in 20 days" in told.body
    assert Reminder.objects.get().days == 30


def test_a_new_end_begins_anew(owner):
    agreement = ending(90, owner=owner)
    assert len(send()) == 1
    agreement.ends_on = "2027-05-31"
    agreement.save()
    assert len(send(TODAY + timedelta(days=1))) == 1


def test_notice_and_end_of_one_agreement_go_in_one_mail(owner):
    ending(90, owner=owner, notice_amount=1, notice_unit="months")
    [told] = send()
    assert "the last day to give notice is 2027-04-30" in told.body
    assert "ends on 2027-05-30" in told.body


def test_owner_and_backup_else_the_administrators_are_told(owner):
    backup = UserFactory(email="backup@example.org")
    administrator = MembershipFactory(role="administrator", user__email="head@example.org")
    ending(90, owner=owner, backup=backup, office=administrator.office)
    assert {told.to[0] for told in send()} == {"owner@example.org", "backup@example.org"}
    ending(30, office=administrator.office)
    [told] = send()
    assert told.to == ["head@example.org"]
    assert "nobody is named as its owner or backup" in told.body


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_who_cannot_be_told_is_not(owner, change):
    ending(90, owner=owner)
    type(owner).objects.filter(pk=owner.pk).update(**change)
    assert send() == []


def test_what_became_restricted_to_others_is_not_told(owner):
    agreement = ending(90, owner=owner, title="Secret garden")
    plan_reminders(on=TODAY)
    agreement.visibility, agreement.office = "restricted", OfficeFactory()
    agreement.save()
    assert send() == []
    assert ReminderMail.objects.get().outcome.startswith("Not sent")


def test_an_end_that_moved_before_the_mail_went_is_not_told(owner):
    agreement = ending(90, owner=owner)
    plan_reminders(on=TODAY)
    agreement.end_kind, agreement.ends_on = "open_ended", None
    agreement.save()
    assert send() == []


@pytest.mark.parametrize("frequency, mails", [("each", 2), ("daily", 1), ("weekly", 1), ("none", 0)])
def test_as_each_person_prefers(owner, frequency, mails):
    StaffSettings.objects.create(user=owner, reminders=frequency)
    ending(90, owner=owner)
    ending(30, owner=owner)
    assert len(send()) == mails
    assert send() == []


def test_a_weekly_mail_looks_ahead_to_the_next_one(owner):
    StaffSettings.objects.create(user=owner, reminders="weekly")
    ending(90, owner=owner)
    ending(95, owner=owner)
    [told] = send()  # a Monday
    assert told.subject.startswith("2 agreements")
    ending(30, owner=owner)
    assert send(TODAY + timedelta(days=6)) == []
    assert len(send(TODAY + timedelta(days=7))) == 1


def test_an_office_has_days_of_its_own(owner):
    office = OfficeFactory()
    OfficeReminders.objects.create(office=office, days=[7])
    ending(90, owner=owner, office=office)
    assert send() == []
    assert len(send(TODAY + timedelta(days=83))) == 1


def test_a_mail_that_the_server_refused_goes_out_later(owner):
    ending(90, owner=owner)
    with patch("partnerships.services.reminders.sending.message_of", side_effect=OSError("down")):
        assert send() == []
    planned = ReminderMail.objects.get()
    assert planned.outcome == "Not taken over: OSError" and planned.attempts == 1
    [told] = send()
    assert told.extra_headers["Message-ID"] == planned.message_id


def test_the_database_refuses_a_second_claim(owner):
    ending(90, owner=owner)
    plan_reminders(on=TODAY)
    row = Reminder.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError):
        row.save()


def test_a_title_cannot_smuggle_a_header_in(owner):
    ending(90, owner=owner, title="One\r\nBcc: all@example.org")
    [told] = send()
    assert "\n" not in told.subject and set(told.message().keys()) & {"Bcc"} == set()


def test_the_command_says_what_it_would_send_and_sends_nothing(owner, capsys):
    ending(90, owner=owner, title="Seen before")
    call_command("send_reminders", dry_run=True, on=TODAY)
    assert "owner@example.org: Seen before: ends on 2027-05-30" in capsys.readouterr().out
    assert mail.outbox == [] and not ReminderMail.objects.exists()


def test_the_job_of_the_day_is_handed_over_once(settings, django_capture_on_commit_callbacks):
    settings.REMINDER_HOUR = 0
    with django_capture_on_commit_callbacks(execute=True):
        assert hand_over_reminders() == 1
    assert ReminderRun.objects.get().finished_at
    assert hand_over_reminders() == 0


def test_a_run_that_died_is_handed_over_again(settings, monkeypatch):
    settings.REMINDER_HOUR = 0
    monkeypatch.setattr("partnerships.tasks.send_reminders", lambda: None)
    assert hand_over_reminders() == 1
    assert hand_over_reminders() == 0, "it may still be under way"
    run = ReminderRun.objects.get()
    run.handed_over_at -= timedelta(minutes=16)
    run.save()
    assert hand_over_reminders() == 1


def test_nothing_is_handed_over_before_the_hour(settings):
    settings.REMINDER_HOUR = 24
    assert hand_over_reminders() == 0
