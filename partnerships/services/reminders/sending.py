"""Hand planned mails to the mail server, each once as far as e-mail allows.

A mail is locked while it is handed over, so no two runs send it. A run that is killed before the
hand-over leaves the mail to the next one. Killed between the server's "accepted" and our note of it,
the next run sends it again under the same Message-ID, by which mailboxes tell that it is one.
A reminder that is told twice is a lesser harm than one that is never told.
"""

import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from partnerships.models import ReminderMail, ReminderRun

from .planning import can_be_told, plan_reminders
from .writing import entries_of, message_of

_LONG_AGO = timedelta(days=1)
#: After which a run is taken for dead, and unsent mails are tried again.
_AGAIN_UNFINISHED, _AGAIN_UNSENT = timedelta(minutes=15), timedelta(hours=1)

logger = logging.getLogger("entente.reminders")


def send_reminders(*, on: date | None = None) -> int:
    """Plan what is due on day ``on`` (today), send whatever is planned; return how many mails went out."""
    on = on or timezone.localdate()
    plan_reminders(on=on)
    sent = 0
    for key in list(ReminderMail.objects.filter(sent_at=None).order_by("pk").values_list("pk", flat=True)):
        sent += _send(key, on)
    ReminderRun.objects.update_or_create(
        day=on, defaults={"finished_at": timezone.now()}, create_defaults=_now(finished=True)
    )
    return sent


def _send(key: int, on: date) -> bool:
    """Send one mail, unless another run holds it or has sent it; note how it went."""
    # Noted before the hand-over, in a transaction of its own: a killed run shows as an attempt.
    attempted = ReminderMail.objects.filter(pk=key, sent_at=None)
    with transaction.atomic():
        mail = attempted.select_for_update(skip_locked=True).first()
        if mail is None:
            return False
        mail.attempts, mail.attempted_at = mail.attempts + 1, timezone.now()
        mail.save(update_fields=["attempts", "attempted_at"])
    with transaction.atomic():
        mail = attempted.select_for_update(skip_locked=True, of=("self",)).select_related("recipient").first()
        return mail is not None and _hand_over(mail, on)


def _hand_over(mail: ReminderMail, on: date) -> bool:
    person = mail.recipient
    entries = entries_of(mail, on) if can_be_told(person) else []
    if not entries:
        mail.sent_at, mail.outcome = timezone.now(), "Not sent: nothing of it holds or may be told any more."
        mail.save(update_fields=["sent_at", "outcome"])
        return False
    try:
        with get_connection() as server:
            message_of(mail, entries, on, server).send()
    except Exception as error:
        # Whatever is wrong with this one, the others go out; it is tried again, and stands in the list.
        logger.error("reminder %s was not taken over: %s", mail.pk, error)
        mail.outcome = f"Not taken over: {type(error).__name__}"[:300]
        mail.save(update_fields=["outcome"])
        return False
    mail.sent_at, mail.outcome = timezone.now(), ""
    mail.save(update_fields=["sent_at", "outcome"])
    return True


def _now(*, finished: bool) -> dict:
    now = timezone.now()
    return {"handed_over_at": now, "finished_at": now if finished else None}


def claim_run(*, now: datetime) -> bool:
    """Say whether the reminders of the day are to be handed over at ``now``, and note that they are.

    True once a day from ``REMINDER_HOUR`` on, however late that is seen; again where a run did not
    finish, and later where the server took not all.
    """
    if now.hour < settings.REMINDER_HOUR:
        return False
    with transaction.atomic():
        ReminderRun.objects.get_or_create(day=now.date(), defaults={"handed_over_at": now - _LONG_AGO})
        run = ReminderRun.objects.select_for_update().get(day=now.date())
        waits = not run.finished_at or ReminderMail.objects.filter(sent_at=None).exists()
        patience = _AGAIN_UNSENT if run.finished_at else _AGAIN_UNFINISHED
        if not waits or now - run.handed_over_at < patience:
            return False
        run.handed_over_at = now
        run.save(update_fields=["handed_over_at"])
    return True
