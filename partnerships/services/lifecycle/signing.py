"""Recording that an agreement was signed."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count

from partnerships.models import Agreement, Country, Event, Signatory
from partnerships.partial_dates import PartialDate
from partnerships.services.recording.errors import about
from partnerships.services.recording.rows import write
from partnerships.services.rules import Rule
from people.transactions import one_transaction

from .common import changing


def _signed_already(agreement: Agreement) -> str:
    if agreement.signed_on is None:
        return ""
    return f"A signing is recorded already ({agreement.signed_on}); correct it in the record's form."


SIGN = Rule("change", refusal=_signed_already)


@one_transaction
def record_signature(
    *,
    agreement: Agreement,
    by,
    signed_on: PartialDate | None,
    signed_place: str = "",
    signed_country: Country | None = None,
    event: Event | None = None,
    signatories: Iterable[dict[str, Any]] = (),
    reason: str = "",
) -> Agreement:
    """Record when, where and by whom the agreement was signed, as far as a source states it.

    Args:
        signatories: ``party`` (one of the record's), ``name_as_printed``, and where known
            ``title_as_printed`` and ``person``. They join those that stand already.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: a signing is recorded already, or naming what is wrong.
    """
    if not signed_on:
        raise ValidationError({"signed_on": "Say when it was signed, as precisely as your source does."})
    with changing(SIGN, agreement, by, reason or "signature recorded") as locked:
        columns: dict[str, Any] = {"signed_on": signed_on}
        # What is left empty says nothing; it takes nothing away.
        given = {"signed_place": signed_place, "signed_country_id": getattr(signed_country, "pk", None),
                 "event_id": getattr(event, "pk", None)}  # fmt: skip
        write(locked, columns | {name: value for name, value in given.items() if value})
        parties = dict(locked.parties.annotate(n=Count("signatories")).values_list("pk", "n"))
        for index, facts in enumerate(signatories):
            _sign(parties, index, **facts)
    return agreement


def _sign(
    parties: dict[int, int], index: int, *, party, name_as_printed, title_as_printed="", person=None
) -> None:
    with about(f"signatories.{index}"):
        if party.pk not in parties:
            raise ValidationError({"party": "This is no party of the record."})
        columns = {"name_as_printed": name_as_printed, "title_as_printed": title_as_printed,
                   "person_id": getattr(person, "pk", None), "position": parties[party.pk]}  # fmt: skip
        write(Signatory(party_id=party.pk), columns)
        parties[party.pk] += 1
