"""Agreements with everything that belongs to them, from plain facts."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.models import Agreement, Signatory, Source
from partnerships.services.errors import told_clearly
from partnerships.services.publication import settle
from people.access import office_ids
from people.history import acting
from people.transactions import one_transaction

from .errors import Stale
from .identifiers import hold_identifiers
from .lists import (
    ACTIVITIES,
    IDENTIFIERS,
    LISTS,
    PARTIES,
    PERIODS,
    RELATIONS,
    SIGNATORIES,
    SOURCES,
    STATEMENTS,
    SUBJECTS,
    Facts,
    activity_rows,
    labels_of,
    signatory_rows,
    statement_rows,
)
from .rows import columns_of, write


@one_transaction
def revise_agreement(
    *, agreement: Agreement, by, facts: Facts, reason: str = "", read_at: datetime | None = None
) -> Agreement:
    """Change an agreement: fields that are given, and lists that are given as a whole.

    Args:
        read_at: the record's ``updated_at`` when the caller read it.

    Raises:
        Stale: somebody changed the record after ``read_at``.
        PermissionDenied: ``by`` may not change the record.
        ValidationError: naming each field, with dots for what is nested.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    require_permission(by, "change", locked)
    if read_at is not None and read_at != locked.updated_at:
        raise Stale
    return written(locked, "change", by, facts, reason or "revised")


def written(agreement: Agreement, verb: str, by, facts: Facts, reason: str) -> Agreement:
    """Write facts into a record, new or locked, row by row: a fault of any has its place.

    Args:
        verb: of the permission that it takes: ``add``, ``change``.
    """
    columns = columns_of(Agreement, facts, without=LISTS)
    if "office_id" in columns:
        agreement.office_id = columns["office_id"]
    # Asked before anything is written, and of the office that the record will belong to.
    require_permission(by, verb, agreement)
    if verb == "change":
        agreement.refresh_from_db(fields=["office"])
    with told_clearly(), acting(user=by, reason=reason):
        write(agreement, columns)
        _write_lists(agreement, facts, by)
        settle(agreement)
    if not Agreement.objects.visible_to(by).filter(pk=agreement.pk).exists():
        raise ValidationError({"visibility": "You could not see this record yourself afterwards."})
    return agreement


def _write_lists(agreement: Agreement, facts: Facts, by) -> None:
    if "identifiers" in facts:
        given = facts["identifiers"]
        hold_identifiers("agreement", [(row["system"], row["value"]) for row in given])
        IDENTIFIERS.sync(agreement.identifiers.all(), given, agreement=agreement)
    if "parties" in facts:
        _write_parties(agreement, facts)
    parties = {party.institution_id: party for party in agreement.parties.all()}
    if "signatories" in facts:
        stored = Signatory.objects.filter(party__agreement=agreement).order_by("party__position", "position")
        SIGNATORIES.sync(stored, signatory_rows(facts, parties))
    labels = _write_sources(agreement, facts)
    if "statements" in facts:
        STATEMENTS.sync(agreement.statements.all(), statement_rows(facts, labels), agreement=agreement)
    if "focus_areas" in facts:
        SUBJECTS.sync(agreement.subjects.all(), facts["focus_areas"], agreement=agreement)
    if "activities" in facts:
        ACTIVITIES.sync(agreement.activities.all(), activity_rows(facts, parties), agreement=agreement)
    if "periods" in facts:
        PERIODS.sync(agreement.periods.all(), facts["periods"], agreement=agreement)
    if "relations" in facts:
        # A relation to a record that ``by`` may not see stays: nobody removes what they cannot know of.
        seen = agreement.relations.filter(target__in=Agreement.objects.visible_to(by).values("pk"))
        RELATIONS.sync(seen, facts["relations"], agreement=agreement)


def _write_parties(agreement: Agreement, facts: Facts) -> None:
    staying = {row["institution"].pk for row in facts["parties"]}
    if "signatories" not in facts:
        leaving = agreement.parties.exclude(institution__in=staying).exclude(signatories=None)
        if party := leaving.first():
            message = f"Somebody signed for {party}, which is no longer a party: send “signatories” too."
            raise ValidationError({"parties": message})
    PARTIES.sync(agreement.parties.all(), facts["parties"], agreement=agreement)


def _write_sources(agreement: Agreement, facts: Facts) -> dict[str, Source]:
    """Return the sources by the id that a statement may name them by."""
    labels = {source.uid: source for source in agreement.sources.all()}
    if "sources" in facts:
        rows = SOURCES.sync(agreement.sources.all(), facts["sources"], agreement=agreement)
        labels = labels_of(facts, rows)
    return labels


def at_home(by, facts: Facts) -> Agreement:
    """A new record, of the one office of ``by`` where the facts say nothing of an office."""
    agreement = Agreement()
    own = office_ids(by)
    if "office" not in facts and len(own) == 1:
        agreement.office_id = next(iter(own))
    return agreement


def require_permission(by, verb: str, agreement: Agreement) -> None:
    """Raise PermissionDenied where ``by`` may not do this to records of the agreement's office."""
    if not by.has_perm(f"partnerships.{verb}_agreement", agreement):
        raise PermissionDenied(f"You may not {verb} records of this office.")
