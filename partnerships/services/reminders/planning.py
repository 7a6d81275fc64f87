"""Who is to be told of which deadline: claimed in the database before any mail is written.

The nearest distance that was reached counts (with 180, 90 and 30 days: of an end in 85 days, 90), so
a day on which nothing ran is made good, and what was missed for long is told once, not five times.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from partnerships.deadlines import Deadline, deadlines_of
from partnerships.models import (
    Agreement,
    Frequency,
    OfficeReminders,
    Reminder,
    ReminderMail,
    StaffSettings,
)
from people.models import Membership, Role, User
from people.transactions import one_transaction

#: How far a weekly mail looks ahead, so that nothing falls between two of them.
WEEK_AHEAD = timedelta(days=6)
_CHUNK = 500


def plan_reminders(*, on: date) -> list[ReminderMail]:
    """Claim every reminder that is due on day ``on``, and return the mails that are to carry them.

    A second run, at the same time or later, claims nothing twice.
    """
    due = defaultdict(list)
    for agreement, person in _to_tell(on):
        due[person].append(agreement)
    frequencies = dict(StaffSettings.objects.filter(user__in=due).values_list("user", "reminders"))
    days = dict(OfficeReminders.objects.values_list("office", "days"))
    return [
        mail
        for person, agreements in due.items()
        for mail in _plan_for(
            person=person,
            agreements=agreements,
            frequency=frequencies.get(person.pk, Frequency.EACH),
            days=days,
            on=on,
        )
    ]


def distance(deadline: date, days: Iterable[int], on: date) -> int | None:
    """Return the nearest of ``days`` that was reached on day ``on``; None where none is, or it is over."""
    left = (deadline - on).days
    return min((reach for reach in days if reach >= left), default=None) if left >= 0 else None


def due_agreements(on: date):
    """Agreements that somebody may have to be told of, whatever their publication state."""
    longest = max([*settings.REMINDER_DAYS, *(max(row) for row in _all_days() if row)], default=0)
    due = Agreement.objects.due_between(on, on + WEEK_AHEAD + timedelta(days=longest)).with_deadlines()
    looked_after = due.exclude(owner=None, backup=None, office=None)
    return looked_after.select_related("owner", "backup").order_by("pk")


def recipients(agreement: Agreement, administrators: dict[int, list[User]]) -> list[User]:
    """Return owner and backup, as far as they can be reached; else the office's administrators."""
    own = {person.pk: person for person in (agreement.owner, agreement.backup) if person is not None}
    reached = [person for person in own.values() if can_be_told(person)]
    return reached or [
        person for person in administrators.get(agreement.office_id, ()) if can_be_told(person)
    ]


def can_be_told(person: User) -> bool:
    """True for an open account of the staff that has an e-mail address."""
    return bool(person.is_active and person.is_staff and person.email)


def _to_tell(on: date) -> Iterator[tuple[Agreement, User]]:
    administrators = defaultdict(list)
    for row in Membership.objects.filter(role=Role.ADMINISTRATOR).select_related("user"):
        administrators[row.office_id].append(row.user)
    for agreement in due_agreements(on).iterator(chunk_size=_CHUNK):
        for person in recipients(agreement, administrators):
            yield agreement, person


@one_transaction
def _plan_for(
    *, person: User, agreements: list[Agreement], frequency: str, days: dict[int, list[int]], on: date
) -> list[ReminderMail]:
    if frequency == Frequency.NONE:
        return []
    # Two runs at once plan one after the other: the second finds what the first claimed.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reminders'), %s)", [person.pk % 2**31])
    if frequency != Frequency.EACH and _had_digest(person, frequency, on):
        return []
    seen_from = on + WEEK_AHEAD if frequency == Frequency.WEEKLY else on
    found = [
        (agreement, deadline, reach)
        for agreement in agreements
        for deadline in deadlines_of(agreement)
        if (reach := _reach(deadline, days.get(agreement.office_id), on, seen_from)) is not None
    ]
    claimed = _unclaimed(person, found)
    if frequency == Frequency.EACH:
        grouped = defaultdict(list)
        for entry in claimed:
            grouped[entry[0].pk].append(entry)
        batches = list(grouped.values())
    else:
        batches = [claimed] if claimed else []
    return [_claim(person, batch, frequency, on) for batch in batches]


def _reach(deadline: Deadline, days: list[int] | None, on: date, seen_from: date) -> int | None:
    if deadline.day < on:
        return None
    days = settings.REMINDER_DAYS if days is None else days
    return distance(max(deadline.day, seen_from), days, seen_from)


def _had_digest(person: User, frequency: str, on: date) -> bool:
    """Whether there was one already: on this day, or in this week (from Monday)."""
    since = on if frequency == Frequency.DAILY else on - timedelta(days=on.weekday())
    return ReminderMail.objects.filter(recipient=person, frequency=frequency, planned_on__gte=since).exists()


def _unclaimed(person: User, found: list) -> list:
    keys = {agreement.pk for agreement, _, _ in found}
    told = set(
        Reminder.objects.filter(recipient=person, agreement__in=keys).values_list(
            "agreement", "kind", "deadline", "days"
        )
    )
    return [
        (agreement, deadline, reach)
        for agreement, deadline, reach in found
        if (agreement.pk, deadline.kind, deadline.day, reach) not in told
    ]


def _claim(person: User, batch: list, frequency: str, on: date) -> ReminderMail:
    mail = ReminderMail.objects.create(
        recipient=person,
        frequency=frequency,
        planned_on=on,
        message_id=make_msgid("reminder", domain=urlsplit(settings.SITE_ADDRESS).hostname or "localhost"),
    )
    Reminder.objects.bulk_create(
        Reminder(
            mail=mail,
            agreement=agreement,
            kind=deadline.kind,
            deadline=deadline.day,
            days=reach,
            recipient=person,
        )
        for agreement, deadline, reach in batch
    )
    return mail


def _all_days() -> list[list[int]]:
    return list(OfficeReminders.objects.values_list("days", flat=True))
