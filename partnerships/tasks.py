"""Jobs: services that take longer than a page may, repeated by a worker until they are done.

The queue only says *when*. What is left to do stands in the registry's tables, so a job whose
worker was killed is found there and handed over again; every job may run twice.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from partnerships.models import ReminderMail, ReminderRun
from partnerships.services.reminders.sending import send_reminders

_LONG_AGO = timedelta(days=1)
#: After which a run of reminders is taken for dead, and unsent mails are tried again.
_AGAIN_UNFINISHED, _AGAIN_UNSENT = timedelta(minutes=15), timedelta(hours=1)

#: Each looks for work that is due and hands it over, and returns how much. It is called by
#: ``manage.py serve`` every minute, and by ``manage.py run_due`` where a timer does that.
DUE: list[Callable[[], int]] = []


def hand_over_due() -> int:
    """Hand over to the worker what is due now; return how many jobs that were."""
    return sum(look() for look in DUE)


@task
def send_due_reminders() -> None:
    """Send what is due today."""
    send_reminders()


def reminders_due() -> int:
    """Hand the reminders of the day over once, from ``REMINDER_HOUR`` on, however late that is seen.

    A run that did not finish is handed over again, and so are mails that the server did not take.
    """
    now = timezone.localtime()
    if now.hour < settings.REMINDER_HOUR:
        return 0
    with transaction.atomic():
        ReminderRun.objects.get_or_create(day=now.date(), defaults={"handed_over_at": now - _LONG_AGO})
        run = ReminderRun.objects.select_for_update().get(day=now.date())
        waits = not run.finished_at or ReminderMail.objects.filter(sent_at=None).exists()
        patience = _AGAIN_UNSENT if run.finished_at else _AGAIN_UNFINISHED
        if not waits or now - run.handed_over_at < patience:
            return 0
        run.handed_over_at = now
        run.save(update_fields=["handed_over_at"])
        transaction.on_commit(send_due_reminders.enqueue)
    return 1


DUE.append(reminders_due)
