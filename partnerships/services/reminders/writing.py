"""What a reminder says: plain text, to one person, of what that person may see when it is sent."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from partnerships.deadlines import Deadline, DeadlineKind, deadlines_of
from partnerships.models import Agreement, ReminderMail


@dataclass(frozen=True)
class Entry:
    """One deadline of one agreement, as a mail tells it."""

    agreement: Agreement
    deadline: Deadline
    #: Days from the day of sending.
    left: int

    @property
    def address(self) -> str:
        path = reverse("admin:partnerships_agreement_change", args=[self.agreement.pk])
        return settings.SITE_ADDRESS + path

    @property
    def what(self) -> str:
        """For example "ends on 2027-05-31" or "may end from 2027-01-01 on"."""
        day = self.deadline.day
        if self.deadline.kind == DeadlineKind.NOTICE:
            return f"the last day to give notice is {day}"
        return f"ends on {day}" if self.deadline.is_exact else f"may end from {day} on"

    @property
    def nobody_looks_after(self) -> bool:
        return self.agreement.owner_id is None and self.agreement.backup_id is None


def entries_of(mail: ReminderMail, on: date) -> list[Entry]:
    """Return what of the mail still holds and its recipient may see, the nearest deadline first."""
    person = mail.recipient
    rows = Agreement.objects.visible_to(person).with_deadlines()
    planned = {(row.agreement_id, row.kind, row.deadline) for row in mail.reminders.all()}
    rows = rows.filter(pk__in={key for key, _, _ in planned}).prefetch_related("parties__institution")
    entries = [
        Entry(agreement, deadline, (deadline.day - on).days)
        for agreement in rows
        for deadline in deadlines_of(agreement)
        if deadline.day >= on and (agreement.pk, deadline.kind, deadline.day) in planned
    ]
    return sorted(entries, key=lambda entry: (entry.deadline.day, entry.agreement.pk))


def message_of(mail: ReminderMail, entries: list[Entry], on: date, server) -> EmailMessage:
    """Return the mail, with the Message-ID that it has in every attempt."""
    first = entries[0]
    records = {entry.agreement.pk for entry in entries}
    subject = (
        f"{first.agreement.title}: {first.what}"
        if len(records) == 1
        else f"{len(records)} agreements have a deadline, the first on {first.deadline.day}"
    )
    text = render_to_string(
        "partnerships/mail/reminder.txt",
        {
            "person": mail.recipient,
            "entries": entries,
            "on": on,
            "my_settings": settings.SITE_ADDRESS + reverse("my-settings"),
            "desk": settings.SITE_ADDRESS + reverse("admin:index"),
        },
    )
    return EmailMessage(
        " ".join(subject.split())[:200],
        text,
        to=[mail.recipient.email],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        connection=server,
    )
