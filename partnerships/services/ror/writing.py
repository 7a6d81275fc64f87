"""A batch of records against the database: a few reads, and writes only where something differs."""

from typing import Any

from django.db import DatabaseError, transaction

from partnerships.choices import InstitutionState, NameKind
from partnerships.models import Institution, InstitutionName
from partnerships.services.errors import clear_message
from people.history import acting

from .mapping import Record
from .parts import sync_parts
from .report import Report


def write_batch(records: list[Record], report: Report, *, reason: str) -> None:
    """Write a batch in one transaction; if the database refuses it, each record in one of its own."""
    if not records:
        return
    try:
        outcomes = _write(records, reason)
    except DatabaseError:
        outcomes = {}
        for record in records:
            try:
                outcomes |= _write([record], reason)
            except DatabaseError as error:
                report.refuse("record", record.ror_id, clear_message(error), record.position)
    _count(records, outcomes, report)


def _count(records: list[Record], outcomes: dict[str, tuple[str, str | None]], report: Report) -> None:
    withdrawn = InstitutionState.WITHDRAWN
    for record in records:
        if record.ror_id not in outcomes:
            continue
        outcome, state_before = outcomes[record.ror_id]
        report.outcomes[record.ror_id] = "changed" if outcome == "adopted" else outcome
        report.adopted += outcome == "adopted"
        if record.facts["state"] == withdrawn:
            report.withdrawn += 1
            report.newly_withdrawn += state_before != withdrawn


@transaction.atomic
def _write(records: list[Record], reason: str) -> dict[str, tuple[str, str | None]]:
    """Return for each record its outcome and the state of the institution before."""
    with acting(reason=reason):
        stored = Institution.objects.in_bulk([record.ror_id for record in records], field_name="ror_id")
        outcomes: dict[str, tuple[str, str | None]] = {}
        new, changed, fields = [], [], set()
        replaced: dict[int, str] = {}
        for record in records:
            institution = stored.get(record.ror_id)
            if institution is None:
                new.append(Institution(ror_id=record.ror_id, **record.facts))
                outcomes[record.ror_id] = ("added", None)
                continue
            known = institution.ror_modified_on is not None
            outcomes[record.ror_id] = ("unchanged" if known else "adopted", institution.state)
            if differing := _differing(institution, record.facts, erase=known):
                if "name" in differing:
                    replaced[institution.pk] = institution.name
                for name, value in differing.items():
                    setattr(institution, name, value)
                changed.append(institution)
                fields |= differing.keys()
        Institution.objects.bulk_create(new)
        if changed:
            Institution.objects.bulk_update(changed, sorted(fields))
        stored |= {institution.ror_id: institution for institution in new}
        touched = sync_parts({stored[record.ror_id].pk: record for record in records})
        _keep_names(replaced)
        touched |= {institution.pk for institution in changed}
        for ror_id, (outcome, before) in outcomes.items():
            if outcome == "unchanged" and stored[ror_id].pk in touched:
                outcomes[ror_id] = ("changed", before)
        return outcomes


def _differing(institution: Institution, facts: dict[str, Any], *, erase: bool) -> dict[str, Any]:
    """Return the facts that are not as stored.

    Until ROR has been read once, what it leaves blank erases nothing that was typed by hand.
    """
    return {
        name: value
        for name, value in facts.items()
        if getattr(institution, name) != value and (erase or value not in (None, "", []))
    }


def _keep_names(replaced: dict[int, str]) -> None:
    """Keep a display name that ROR replaced as an alias: the institution is still looked for under it."""
    if not replaced:
        return
    rows = InstitutionName.objects.filter(institution__in=replaced).values_list("institution_id", "value")
    carried = {(institution, value.casefold()) for institution, value in rows}
    carried |= {
        (pk, name.casefold())
        for pk, name in Institution.objects.filter(pk__in=replaced).values_list("pk", "name")
    }
    InstitutionName.objects.bulk_create(
        InstitutionName(institution_id=pk, value=name, kind=NameKind.ALIAS)
        for pk, name in replaced.items()
        if (pk, name.casefold()) not in carried
    )
