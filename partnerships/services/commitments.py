"""What was promised, and what became of it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.choices import CommitmentState
from partnerships.models import Agreement, Commitment
from partnerships.partial_dates import PartialDate
from partnerships.services.errors import told_clearly
from people.history import acting
from people.transactions import one_transaction

_WORDS = {
    CommitmentState.OPEN: "opened again",
    CommitmentState.DONE: "done",
    CommitmentState.LAPSED: "lapsed",
    CommitmentState.WITHDRAWN: "withdrawn",
}


@one_transaction
def add_commitment(*, agreement: Agreement, by, what: str, **facts) -> Commitment:
    """Note a commitment at the end of the record's list.

    Args:
        facts: ``party``, ``who``, ``person``, ``due_on``, ``source``, ``visibility``.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: by field.
    """
    _require(agreement, by)
    last = agreement.commitments.order_by("-position").values_list("position", flat=True).first()
    row = Commitment(agreement=agreement, what=what.strip(), position=min((last or 0) + 1, 32767), **facts)
    with told_clearly(), acting(user=by):
        row.full_clean(exclude=["created_at", "updated_at"])
        row.save()
    return row


@one_transaction
def settle_commitment(
    *, commitment: Commitment, by, state: str, done_on: PartialDate | None = None, reason: str = "",
    read_at: datetime | None = None,
) -> Commitment:  # fmt: skip
    """Say what became of a commitment: done (on a day, if that is known), lapsed, withdrawn, or open again.

    Args:
        read_at: its ``updated_at`` when the caller read it.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: there is no such state, the date does not fit, or somebody was quicker.
    """
    locked = (
        Commitment.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=commitment.pk)
    )
    _require(locked.agreement, by)
    if read_at is not None and read_at != locked.updated_at:
        raise ValidationError("Somebody changed this commitment meanwhile; look at it again.")
    if state not in CommitmentState.values:
        raise ValidationError({"state": "There is no such state."})
    locked.state, locked.done_on = state, done_on
    locked.clean()
    with told_clearly(), acting(user=by, reason=reason or _WORDS[state]):
        locked.save(update_fields=["state", "done_on"])
    return locked


def _require(agreement: Agreement, by) -> None:
    if not by.has_perm("partnerships.change_agreement", agreement):
        raise PermissionDenied("You may not change records of this office.")
