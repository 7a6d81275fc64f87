"""Carrying out a run: each record in its own transaction, or all in one.

The truth stands in ``BulkItem.outcome``, written in the very transaction that changes the record: a
run that was killed is carried on where it stopped, and two workers never do a record twice.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from partnerships.choices import BulkOutcome, BulkState
from partnerships.models import Agreement, BulkItem, BulkRun
from people.transactions import one_transaction

from .acts import bulk_acts
from .changes import Changes
from .doing import EDIT, LONGEST_REASON, UNDO, Doing, in_words, is_busy
from .preview import MOST, undone_items

logger = logging.getLogger("entente.bulk")
#: A run whose worker has shown no sign for so long has lost it.
FORSAKEN = timedelta(minutes=2)
_SIGN_SECONDS = 5
_UNFINISHED = (BulkState.WAITING, BulkState.RUNNING)
GONE = "The record is gone, or no longer open to you."
CHANGED = "Somebody changed the record after the preview."
FAILED = "An error of the registry stopped this record; the operators find it in the log."


@one_transaction
def begin_run(
    *, by, act: str, selection: Sequence[tuple[int, datetime]], changes: dict | None = None, reason: str = "",
    whole: bool = True, question: str = "", undoes: BulkRun | None = None,
) -> BulkRun:  # fmt: skip
    """Write down what is to be done; nothing is done yet (``carry_on``).

    Args:
        act: the name of an act of ``bulk_acts``, ``EDIT`` or ``UNDO``.
        selection: key and ``updated_at`` of each record as it was previewed.
        changes: of an edit.
        whole: all records or none; otherwise each for itself.
        question: query string of the list, to lead back to.
        undoes: the run that an ``UNDO`` takes back.

    Raises:
        ValidationError: nothing is selected, or too much; the act needs a reason or is none.
        PermissionDenied: the run to undo is somebody else's.
    """
    _require(act, selection, reason)
    if undoes is not None and undoes.by_id != by.pk and not by.is_superuser:
        raise PermissionDenied("This run is somebody else’s.")
    run = BulkRun.objects.create(
        by=by, act=act, changes=changes or {}, reason=reason.strip()[:LONGEST_REASON], whole=whole,
        question=question, undoes=undoes,
    )  # fmt: skip
    undone = undone_items(undoes) if undoes else {}
    items = [
        BulkItem(run=run, agreement_id=key, seen_updated_at=seen, **_given_back(undone.get(key)))
        for key, seen in selection
    ]
    BulkItem.objects.bulk_create(items, batch_size=1000)
    return run


def _require(act: str, selection: Sequence, reason: str) -> None:
    known = bulk_acts()
    if act not in known and act not in (EDIT, UNDO):
        raise ValidationError("There is no such act.")
    if act in known and known[act].needs_reason and not reason.strip():
        raise ValidationError({"reason": "Give a reason: it goes into the history of each record."})
    if not selection:
        raise ValidationError("There is no record for which this can be done.")
    if len(selection) > MOST:
        raise ValidationError(f"At most {MOST:,} records at once; narrow the list.")


def _given_back(item: BulkItem | None) -> dict:
    return {"changes": item.before, "after": item.after} if item else {}


def carry_on(run_pk: int) -> None:
    """Do what is left to do of a run. May be called twice, at once or after a kill."""
    run = BulkRun.objects.select_related("by").filter(pk=run_pk, state__in=_UNFINISHED).first()
    if run is None:
        return
    if run.whole:
        _all_or_none(run.pk)
        return
    BulkRun.objects.filter(pk=run.pk).update(state=BulkState.RUNNING, seen_at=timezone.now())
    waiting = run.items.filter(outcome=BulkOutcome.WAITING)
    doing, shown = _doing(run), time.monotonic()
    for key in list(waiting.values_list("pk", flat=True)):
        _one_safely(doing, key)
        if time.monotonic() - shown > _SIGN_SECONDS:
            BulkRun.objects.filter(pk=run.pk).update(seen_at=timezone.now())
            shown = time.monotonic()
    if not waiting.exists():
        _finish(run, BulkState.DONE)


def forsaken_runs() -> list[int]:
    """Keys of runs that began, or should have, and show no sign of a worker any more."""
    late = timezone.now() - FORSAKEN
    return list(BulkRun.objects.filter(state__in=_UNFINISHED, seen_at__lt=late).values_list("pk", flat=True))


def _doing(run: BulkRun) -> Doing:
    own = run.items.filter(changes__isnull=False).values_list("changes", flat=True)
    changes = Changes(*own) if run.act == UNDO else Changes(run.changes)
    return Doing(run.act, run.by, run.reason, changes)


def _one_safely(doing: Doing, item_pk: int) -> None:
    """One record; whatever goes wrong with it, the others go on."""
    try:
        _one(doing, item_pk)
    except (ValidationError, DatabaseError) as error:
        if isinstance(error, DatabaseError):
            logger.exception("A record of a bulk run could not be written.")
        told = in_words(error) if isinstance(error, ValidationError) else FAILED
        waiting = BulkItem.objects.filter(pk=item_pk, outcome=BulkOutcome.WAITING)
        waiting.update(outcome=BulkOutcome.REFUSED, message=told)


@one_transaction
def _one(doing: Doing, item_pk: int) -> None:
    # Whoever else is at it finishes it.
    waiting = BulkItem.objects.select_for_update(skip_locked=True)
    item = waiting.filter(pk=item_pk, outcome=BulkOutcome.WAITING).first()
    if item is not None:
        _attempt(doing, item)
        item.save()


def _attempt(doing: Doing, item: BulkItem) -> None:
    """Do it to the record of ``item`` and note there how it went."""
    rows = Agreement.objects.select_for_update(of=("self",)).filter(pk=item.agreement_id)
    agreement = rows.first() if doing.by is not None else None
    if agreement is None or not Agreement.objects.visible_to(doing.by).filter(pk=agreement.pk).exists():
        item.outcome, item.message = BulkOutcome.LEFT_OUT, GONE
        return
    if agreement.updated_at != item.seen_updated_at:
        item.outcome, item.message = BulkOutcome.LEFT_OUT, CHANGED
        return
    try:
        with transaction.atomic():
            planned = doing.perform(agreement, item.changes, item.after if item.changes else None)
    except (PermissionDenied, ValidationError) as error:
        if is_busy(error):
            raise
        item.outcome, item.message = BulkOutcome.REFUSED, in_words(error)
        return
    item.outcome = BulkOutcome.DONE
    if planned is not None:
        item.before, item.after = planned.before, planned.after
        if not planned.facts:
            item.outcome = BulkOutcome.UNCHANGED


class _Refused(Exception):
    """A record was refused, so none is done."""


@one_transaction
def _all_or_none(run_pk: int) -> None:
    run = BulkRun.objects.select_for_update(skip_locked=True).filter(pk=run_pk, state__in=_UNFINISHED).first()
    if run is None:
        return
    items = list(run.items.filter(outcome=BulkOutcome.WAITING))
    keys = [item.agreement_id for item in items]
    # In one order, or two runs over the same records wait for each other.
    list(Agreement.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    doing, state = _doing(run), BulkState.DONE
    try:
        with transaction.atomic():
            for item in items:
                _attempt(doing, item)
            if any(item.outcome == BulkOutcome.REFUSED for item in items):
                raise _Refused
    except _Refused:
        state = BulkState.REFUSED
        for item in items:
            item.before = None
            if item.outcome in (BulkOutcome.DONE, BulkOutcome.UNCHANGED):
                item.outcome = BulkOutcome.UNDONE
    BulkItem.objects.bulk_update(items, ["outcome", "message", "before", "after"], batch_size=500)
    _finish(run, state)


def _finish(run: BulkRun, state: str) -> None:
    now = timezone.now()
    unfinished = BulkRun.objects.filter(pk=run.pk, state__in=_UNFINISHED)
    unfinished.update(state=state, finished_at=now, seen_at=now)
