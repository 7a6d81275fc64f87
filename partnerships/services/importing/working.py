"""The job: brings an import from where it stands to where a person is asked again."""

import logging
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.db.models import F, Q
from django.utils import timezone

from partnerships.choices import ImportState
from partnerships.models import ImportBatch

from .checking import check_rows
from .progress import alone_with, is_worked_on
from .running import write_rows
from .staging import stage_rows
from .undoing import undo_rows

logger = logging.getLogger(__name__)

_STEPS = {
    ImportState.READING: stage_rows,
    ImportState.CHECKING: check_rows,
    ImportState.RUNNING: write_rows,
    ImportState.UNDOING: undo_rows,
}
#: Where an import goes back to when its step fails.
_BACK = {
    ImportState.READING: ImportState.UNREADABLE,
    ImportState.CHECKING: ImportState.MAPPING,
    ImportState.RUNNING: ImportState.CHECKED,
    ImportState.UNDOING: ImportState.DONE,
}
#: A job that dies this often is not begun again: it would only die once more.
_ATTEMPTS = 3
_PATIENCE = timedelta(minutes=2)


def work_on(key: int) -> None:
    """Do the step that is under way; nothing where none is, or another job is at it.

    Whoever is killed in it leaves nothing half done: the next one does the step from its beginning.
    """
    batch = ImportBatch.objects.filter(pk=key).first()
    if batch is None:
        return
    with alone_with(batch) as progress:
        if progress is None:
            return
        ImportBatch.objects.filter(pk=key).update(attempts=F("attempts") + 1)
        batch.refresh_from_db()
        if batch.state not in _STEPS:
            return
        if batch.attempts > _ATTEMPTS:
            _fail(batch, "The job was broken off several times. Ask whoever runs this installation.")
        elif batch.user is None:
            _fail(batch, "The account in whose name this was to be done is gone.")
        else:
            _do(batch, progress)


def _do(batch: ImportBatch, progress) -> None:
    state = batch.state
    progress.tell(0, batch.total)
    try:
        _STEPS[state](batch, progress)
    except (ValidationError, PermissionDenied) as error:
        _fail(batch, " ".join(getattr(error, "messages", [str(error)])), state)
    except DatabaseError:
        # Whatever it was is for the log; the person is told that nothing was written.
        logger.exception("import %s failed", batch.uid)
        _fail(batch, "The database refused the change.", state)


def _fail(batch: ImportBatch, message: str, state: str = "") -> None:
    unwritten = "" if (state or batch.state) == ImportState.READING else " Nothing was written."
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=_BACK[state or batch.state], error=message + unwritten
    )


def left_undone() -> list[int]:
    """Keys of imports whose job died, or never came: to be handed over again."""
    died = Q(attempts__gt=0)
    never_came = Q(handed_over_at__lt=timezone.now() - _PATIENCE) | Q(
        handed_over_at=None, created_at__lt=timezone.now() - _PATIENCE
    )
    waiting = ImportBatch.objects.filter(died | never_came, state__in=ImportState.under_way()).order_by("pk")
    found = [batch for batch in waiting if not is_worked_on(batch)]
    keys = [batch.pk for batch in found]
    ImportBatch.objects.filter(pk__in=keys).update(handed_over_at=timezone.now())
    return keys
