"""Amending an agreement: what was agreed later is written into the record, what it said before is kept."""

from typing import Any

from django.core.exceptions import ValidationError

from partnerships.amendments import TERMS
from partnerships.choices import AmendableTerm, AmendmentKind, DocumentKind
from partnerships.models import Agreement, AmendedTerm, Amendment, Source
from partnerships.partial_dates import PartialDate
from partnerships.services.recording.errors import about
from partnerships.services.recording.rows import write
from partnerships.services.rules import Rule
from people.transactions import one_transaction

from .common import attach, changing
from .terms import last_term

AMEND = Rule("change")
_OF_END = {AmendableTerm.END_KIND, AmendableTerm.ENDS_ON}


@one_transaction
def amend(
    *,
    agreement: Agreement,
    by,
    title: str,
    kind: str = AmendmentKind.AMENDMENT,
    summary: str = "",
    signed_on: PartialDate | None = None,
    effective_from: PartialDate | None = None,
    source: Source | None = None,
    document=None,
    terms: dict[str, Any] | None = None,
    reason: str = "",
) -> Agreement:
    """Record an amendment, and what the amended fields say from now on.

    The end is that of the last term. A value that takes effect later is written at once as well: it
    is what was agreed last, and the amendment says from when it holds and what holds until then.

    Args:
        source: one of the record's own, which reports the amendment.
        document: an uploaded file: its text; kept for staff until made public.
        terms: new values by the names of ``AmendableTerm``; equal ones are no change.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: naming what is wrong.
    """
    if not title.strip():
        raise ValidationError({"title": "Give the amendment a title."})
    with changing(AMEND, agreement, by, reason or f"amended: {title}"[:500]) as locked:
        changes = _written(locked, terms or {})
        columns = {"kind": kind, "title": title, "summary": summary, "signed_on": signed_on,
                   "effective_from": effective_from, "number": _next_number(locked)}  # fmt: skip
        row = Amendment(agreement=locked)
        if source is not None and source.agreement_id == locked.pk:
            columns["source_id"] = source.pk
        if stored := attach(locked, document, kind=DocumentKind.AMENDMENT, title=title):
            columns["document_id"] = stored.pk
        write(row, columns)
        for field, (before, after) in changes.items():
            with about(field):
                write(AmendedTerm(amendment=row), {"field": field, "before": before, "after": after})
    return agreement


def _next_number(agreement: Agreement) -> int:
    last = agreement.amendments.order_by("-number").first()
    return last.number + 1 if last else 1


def _written(agreement: Agreement, terms: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Write the new values where they belong; return, as text, what differed: before and after."""
    last = last_term(agreement)
    changes: dict[str, tuple[str, str]] = {}
    for row, names in ((last, _OF_END), (agreement, set(AmendableTerm) - _OF_END)):
        before = {name: getattr(row, name) for name in AmendableTerm if name in names}
        write(row, {name: terms[name] for name in before if name in terms})
        changes |= {
            str(name): (_text(before[name]), _text(getattr(row, name)))
            for fields in TERMS.values()
            # All fields of a term that changed: a number without its unit would say nothing.
            if any(name in before and getattr(row, name) != before[name] for name in fields)
            for name in fields
        }
    return changes


def _text(value) -> str:
    return "" if value is None else str(value)
