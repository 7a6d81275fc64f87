"""Agreements with everything that belongs to them, from plain facts."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.models import (
    Activity,
    Agreement,
    AgreementFocusArea,
    AgreementIdentifier,
    AgreementRelation,
    Party,
    Period,
    Signatory,
    Source,
    Statement,
)
from partnerships.services.errors import told_clearly
from partnerships.services.publication import settle
from people.access import office_ids
from people.history import acting
from people.transactions import one_transaction

from .errors import Stale
from .identifiers import hold_identifiers
from .rows import Rows, columns_of, misplaced, write

Facts = dict[str, Any]

_PARTIES = Rows("parties", Party, key=("institution",))
_SIGNATORIES = Rows("signatories", Signatory, key=("party", "name_as_printed"), within="party_id")
_SOURCES = Rows("sources", Source, key=("kind", "title"))
_STATEMENTS = Rows("statements", Statement, key=("person", "language"))
_SUBJECTS = Rows("focus_areas", AgreementFocusArea, key=("focus_area",))
_ACTIVITIES = Rows("activities", Activity, key=("kind", "direction", "from_party", "to_party"))
_PERIODS = Rows("periods", Period, key=("number",))
_IDENTIFIERS = Rows("identifiers", AgreementIdentifier, key=("system", "value"))
_RELATIONS = Rows("relations", AgreementRelation, key=("kind", "target"))
_LISTS = {
    "parties", "signatories", "sources", "statements", "focus_areas", "activities", "periods", "relations",
    "identifiers",
}  # fmt: skip


@one_transaction
def record_agreement(*, by, facts: Facts, reason: str = "") -> Agreement:
    """Record a new agreement as a draft.

    Args:
        by: a user or a token's principal. Without an ``office`` among the facts the record belongs
            to the one office of ``by``.
        facts: fields of the model by name, and the lists ``parties``, ``signatories``, ``sources``,
            ``statements``, ``focus_areas``, ``activities``, ``periods``, ``relations``, ``identifiers``
            of rows whose references are resolved. A signatory and a one-way activity name institutions
            that are parties; a statement names its source by the ``id`` that the source carries in the list.
        reason: for the history.

    Raises:
        PermissionDenied: ``by`` may not add records, or none of that office.
        ValidationError: naming each field, with dots for what is nested.
    """
    agreement = Agreement()
    own = office_ids(by)
    if "office" not in facts and len(own) == 1:
        agreement.office_id = next(iter(own))
    return _written(agreement, "add", by, facts, reason or "recorded")


@one_transaction
def revise_agreement(
    *, agreement: Agreement, by, facts: Facts, reason: str = "", read_at: datetime | None = None
) -> Agreement:
    """Change an agreement: fields that are given, and lists that are given as a whole.

    Args:
        read_at: the record's ``updated_at`` when the caller read it.

    Raises:
        Stale: somebody changed the record after ``read_at``.
        PermissionDenied, ValidationError: as for ``record_agreement``.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    _require(by, "change", locked)
    if read_at is not None and read_at != locked.updated_at:
        raise Stale
    return _written(locked, "change", by, facts, reason or "revised")


def _written(agreement: Agreement, verb: str, by, facts: Facts, reason: str) -> Agreement:
    columns = columns_of(Agreement, facts, without=_LISTS)
    if "office_id" in columns:
        agreement.office_id = columns["office_id"]
    # Asked before anything is written, and of the office that the record will belong to.
    _require(by, verb, agreement)
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
        _IDENTIFIERS.sync(agreement.identifiers.all(), given, agreement=agreement)
    if "parties" in facts:
        _write_parties(agreement, facts)
    parties = {party.institution_id: party for party in agreement.parties.all()}
    if "signatories" in facts:
        rows = [
            {"party": _party(parties, "signatories", index, "institution", row.pop("institution")), **row}
            for index, row in enumerate(_copied(facts["signatories"]))
        ]
        stored = Signatory.objects.filter(party__agreement=agreement).order_by("party__position", "position")
        _SIGNATORIES.sync(stored, rows)
    labels = _write_sources(agreement, facts)
    if "statements" in facts:
        rows = _copied(facts["statements"])
        for index, row in enumerate(rows):
            row["source"] = _source(labels, index, row.get("source"))
        _STATEMENTS.sync(agreement.statements.all(), rows, agreement=agreement)
    if "focus_areas" in facts:
        _SUBJECTS.sync(agreement.subjects.all(), facts["focus_areas"], agreement=agreement)
    if "activities" in facts:
        rows = _copied(facts["activities"])
        for index, row in enumerate(rows):
            for end in ("from", "to"):
                institution = row.pop(f"{end}_institution")
                row[f"{end}_party"] = institution and _party(
                    parties, "activities", index, f"{end}_institution", institution
                )
        _ACTIVITIES.sync(agreement.activities.all(), rows, agreement=agreement)
    if "periods" in facts:
        _PERIODS.sync(agreement.periods.all(), facts["periods"], agreement=agreement)
    if "relations" in facts:
        # A relation to a record that ``by`` may not see stays: nobody removes what they cannot know of.
        seen = agreement.relations.filter(target__in=Agreement.objects.visible_to(by).values("pk"))
        _RELATIONS.sync(seen, facts["relations"], agreement=agreement)


def _write_parties(agreement: Agreement, facts: Facts) -> None:
    staying = {row["institution"].pk for row in facts["parties"]}
    if "signatories" not in facts:
        leaving = agreement.parties.exclude(institution__in=staying).exclude(signatories=None)
        if party := leaving.first():
            message = f"Somebody signed for {party}, which is no longer a party: send “signatories” too."
            raise ValidationError({"parties": message})
    _PARTIES.sync(agreement.parties.all(), facts["parties"], agreement=agreement)


def _write_sources(agreement: Agreement, facts: Facts) -> dict[str, Source]:
    """Return the sources by the id that a statement may name them by."""
    labels = {source.uid: source for source in agreement.sources.all()}
    if "sources" in facts:
        rows = _SOURCES.sync(agreement.sources.all(), facts["sources"], agreement=agreement)
        labels = {row.uid: row for row in rows}
        for given, row in zip(facts["sources"], rows, strict=True):
            labels.setdefault(given.get("id"), row)
    return labels


def _party(parties: dict[int, Party], name: str, index: int, field: str, institution) -> Party:
    if institution.pk not in parties:
        raise misplaced(name, index, field, f"{institution} is no party of this agreement.")
    return parties[institution.pk]


def _source(labels: dict[str, Source], index: int, label: str | None) -> Source | None:
    if not label:
        return None
    if label not in labels:
        raise misplaced("statements", index, "source", f"“{label}” is no source of this agreement.")
    return labels[label]


def _copied(rows: list[Facts]) -> list[Facts]:
    return [dict(row) for row in rows]


def _require(by, verb: str, agreement: Agreement) -> None:
    if not by.has_perm(f"partnerships.{verb}_agreement", agreement):
        raise PermissionDenied(f"You may not {verb} records of this office.")
