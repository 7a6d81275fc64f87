"""The term of an agreement: extended by a new period, or ended before its time."""

from django.core.exceptions import ValidationError

from partnerships.choices import DocumentKind, EndKind
from partnerships.models import Agreement, Period
from partnerships.partial_dates import PartialDate
from partnerships.services.recording.rows import write
from partnerships.services.rules import Rule, require_reason
from people.transactions import one_transaction

from .common import attach, changing


def terminated(agreement: Agreement) -> str:
    """Say that the record was terminated; "" where it was not."""
    return f"It was terminated ({agreement.terminated_on})." if agreement.terminated_on else ""


EXTEND = Rule("change", refusal=terminated)
TERMINATE = Rule("change", refusal=terminated)


def last_term(agreement: Agreement) -> Agreement | Period:
    """The term whose end is the record's end: the last period, or the record itself without one."""
    return agreement.periods.order_by("-number").first() or agreement


@one_transaction
def extend(
    *,
    agreement: Agreement,
    by,
    end_kind: str,
    ends_on: PartialDate | None = None,
    starts_on: PartialDate | None = None,
    note: str = "",
    reason: str = "",
) -> Agreement:
    """Let the agreement run for a further period.

    Args:
        end_kind, ends_on: the new end; the date stands with the kind "on a date" alone.
        starts_on: where a source states it; without one the period follows the term before it.
        note: what the source says of the renewal.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: the agreement was terminated, or naming what is wrong.
    """
    with changing(EXTEND, agreement, by, reason or "extended") as locked:
        last = last_term(locked)
        if ends_on and last.ends_on and ends_on.last_day < last.ends_on.first_day:
            raise ValidationError({"ends_on": f"The new end lies before the present one ({last.ends_on})."})
        number = last.number + 1 if isinstance(last, Period) else 1
        columns = {"number": number, "starts_on": starts_on, "end_kind": end_kind or EndKind.UNKNOWN,
                   "ends_on": ends_on, "note": note}  # fmt: skip
        write(Period(agreement=locked), columns)
    return agreement


@one_transaction
def terminate(
    *, agreement: Agreement, by, terminated_on: PartialDate | None, document=None, reason: str = ""
) -> Agreement:
    """Record that the agreement ended before its time.

    Args:
        terminated_on: as precisely as the source states it.
        document: an uploaded file, such as the letter; kept for staff until made public.
        reason: why it was terminated; the record says so, and the history.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: it was terminated already, or naming what is wrong.
    """
    require_reason(reason, "Say why it was terminated: the record will.")
    if not terminated_on:
        raise ValidationError({"terminated_on": "Say when it was terminated."})
    with changing(TERMINATE, agreement, by, reason) as locked:
        write(locked, {"terminated_on": terminated_on, "termination_reason": reason})
        attach(locked, document, kind=DocumentKind.CORRESPONDENCE, title=f"Termination, {terminated_on}")
    return agreement
