"""Jobs: services that take longer than a page may, repeated by a worker until they are done.

The queue only says *when*. What is left to do stands in the registry's tables, so a job whose
worker was killed is found there and handed over again; every job may run twice.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from partnerships.services import duplicates
from partnerships.services.bulk.running import carry_on, forsaken_runs
from partnerships.services.importing.working import left_undone, work_on
from partnerships.services.reminders.sending import claim_run, send_reminders
from partnerships.services.repeating import sweep_answers
from partnerships.services.suggestions import forget_contacts
from partnerships.services.texts.keeping import read_text
from partnerships.services.texts.waiting import read_waiting_texts, texts_wait
from partnerships.services.webhooks import sweep_deliveries
from people.services.limits import sweep_allowances
from people.services.presence import sweep_presence


@task()
def read_text_of(document_id: int) -> None:
    """Read the text of one document, if it still waits for that."""
    read_text(document_id=document_id)


@task()
def read_texts() -> None:
    """Read the texts that wait, for a while."""
    read_waiting_texts()


@task()
def find_duplicates() -> int:
    """Look at the institutions that were changed since the last time."""
    return duplicates.find_duplicates()


@task()
def carry_on_bulk_run(run_pk: int) -> None:
    """Do what is left to do of a run over many records."""
    carry_on(run_pk)


@task()
def work_on_import(key: int) -> None:
    """Bring an import to where a person is asked again."""
    work_on(key)


@task()
def send_due_reminders() -> None:
    """Send what is due today."""
    send_reminders()


def read_soon(document_id: int) -> None:
    """Have the text of a document read once the transaction at hand is written."""
    transaction.on_commit(lambda: read_text_of.enqueue(document_id))


# --- what is due, and what was left behind by a worker that was killed ------------------------------


def hand_over_texts() -> int:
    """Hand over the texts of documents that wait to be read."""
    if not texts_wait():
        return 0
    read_texts.enqueue()
    return 1


def hand_over_changed_institutions() -> int:
    """Hand over the look for duplicates where an institution was changed."""
    if not duplicates.are_due():
        return 0
    find_duplicates.enqueue()
    return 1


def hand_over_forsaken_runs() -> int:
    """Hand over runs over many records whose worker was killed."""
    found = forsaken_runs()
    for run_pk in found:
        carry_on_bulk_run.enqueue(run_pk)
    return len(found)


def hand_over_imports() -> int:
    """Hand over imports whose job died."""
    keys = left_undone()
    for key in keys:
        work_on_import.enqueue(key)
    return len(keys)


def hand_over_reminders() -> int:
    """Hand over the reminders of the day."""
    if not claim_run(now=timezone.localtime()):
        return 0
    send_due_reminders.enqueue()
    return 1


#: Each looks for work that is due and hands it over, and returns how much. It is called by
#: ``manage.py serve`` every minute, and by ``manage.py run_due`` where a timer does that.
DUE: list[Callable[[], int]] = [
    sweep_presence,
    sweep_answers,
    sweep_allowances,
    forget_contacts,
    hand_over_texts,
    hand_over_changed_institutions,
    hand_over_forsaken_runs,
    hand_over_imports,
    hand_over_reminders,
    sweep_deliveries,
]


def hand_over_due() -> int:
    """Hand over to the worker what is due now; return how many jobs that were."""
    return sum(look() for look in DUE)
