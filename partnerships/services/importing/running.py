"""The import itself: one transaction for everything that a file writes into the registry."""

from collections import Counter
from collections.abc import Iterable
from itertools import count

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from partnerships.choices import ImportKind, ImportState, PartyDecision, RowKind
from partnerships.models import (
    Agreement,
    AgreementFocusArea,
    AgreementIdentifier,
    ImportBatch,
    ImportParty,
    ImportRow,
    Institution,
    Party,
)
from partnerships.services.publication import settle
from partnerships.services.recording.rows import write
from partnerships.services.ror import resolve_pending_links
from people.history import acting

from .checking import note, parties_by_key, reader_of
from .errors import check_now, told_clearly
from .journal import fingerprints, plain
from .planning.matching import match_again
from .planning.plan import Plan
from .planning.plans import Planner
from .progress import Progress
from .staging import rows_in_chunks, save_rows

_CHUNK = 500
_WRITTEN = ["kind", "title", "reasons", "changes", "parties", "agreement", "journal", "fingerprint"]


def write_rows(batch: ImportBatch, progress: Progress) -> None:
    """Plan every row once more, against the registry of this moment, and write what is new or changed.

    All of it stands when the transaction ends, the state of the import included; or none of it.

    Raises:
        PermissionDenied: the right was taken away meanwhile.
        ValidationError: the database refused something.
    """
    reason = f"import of {batch.filename}"
    with transaction.atomic(), told_clearly(), acting(user=batch.user, reason=reason, importing=batch.uid):
        _write_all(batch, progress)
        batch.state, batch.ran_at = ImportState.DONE, timezone.now()
        batch.save(update_fields=["counts", "state", "ran_at"])
        check_now()


def _write_all(batch: ImportBatch, progress: Progress) -> None:
    if not batch.user.has_perm("partnerships.add_agreement", Agreement(office_id=batch.office_id)):
        raise PermissionDenied("You may not import for this office any more.")
    # Two imports that bring the same identifiers, one after the other: the second sees what the first wrote.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import of agreements'))")
    reader = reader_of(batch)
    match_again(batch, user=batch.user)
    _create_institutions(batch)
    planner = Planner(batch, user=batch.user, reader=reader, parties=parties_by_key(batch, reader))
    counts: Counter = Counter()
    done = 0
    for chunk in rows_in_chunks(batch):
        plans = planner.plan(chunk)
        _write_chunk(batch, plans)
        for plan in plans:
            counts[plan.row.kind] += 1
        done += len(chunk)
        progress.tell(done)
    _take_fingerprints(batch)
    batch.counts = {
        name: batch.counts.get(name, 0) for name in batch.counts if name.startswith("inst")
    } | counts
    batch.counts["institutions_created"] = batch.parties.filter(created=True).count()


def _create_institutions(batch: ImportBatch) -> None:
    """Create each institution once that some row needs."""
    needed: set[int] = set()
    for chunk in rows_in_chunks(batch, kind__in=[RowKind.NEW, RowKind.CHANGED]):
        needed |= {key for row in chunk for key in row.parties}
    waiting = batch.parties.filter(decision=PartyDecision.CREATE, institution=None).order_by("pk")
    rows = [row for row in waiting if row.pk in needed]
    if not rows:
        return
    if not batch.user.has_perm("partnerships.add_institution"):
        raise PermissionDenied("You may not create institutions.")
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        made = Institution.objects.bulk_create(
            Institution(name=row.name, country_id=row.country or None, ror_id=row.ror_id or None)
            for row in part
        )
        for row, institution in zip(part, made, strict=True):
            row.institution, row.created = institution, True
        ImportParty.objects.bulk_update(part, ["institution", "created"])
        if known := [one for one in made if one.ror_id]:
            resolve_pending_links(known, reason=f"import of {batch.filename}")


def _write_chunk(batch: ImportBatch, plans: list[Plan]) -> None:
    new = [plan for plan in plans if plan.kind == RowKind.NEW and plan.agreement is None]
    for plan, record in zip(
        new, Agreement.objects.bulk_create(Agreement(**p.columns) for p in new), strict=True
    ):
        plan.agreement = record
    changed = [plan for plan in plans if plan.kind == RowKind.CHANGED]
    for plan in changed:
        _change_columns(plan)
    _add_parts([plan for plan in plans if plan.kind in (RowKind.NEW, RowKind.CHANGED)], batch)
    for plan in plans:
        note(plan)
    for plan in changed:
        if plan.agreement.is_public:
            settle(plan.agreement)
    if batch.kind == ImportKind.PARTIES:
        written = [plan.agreement for plan in plans if plan.kind == RowKind.NEW]
        public = {record.pk: record for record in written if record.is_public}
        for record in public.values():
            settle(record)
    save_rows([plan.row for plan in plans], _WRITTEN)


def _change_columns(plan: Plan) -> None:
    """Write the columns that differ, as the API would, and keep what they were."""
    locked = Agreement.objects.select_for_update().get(pk=plan.agreement.pk)
    plan.row.journal = {
        "columns": {
            name: [plain(getattr(locked, name)), plain(value)] for name, value in plan.columns.items()
        }
    }
    write(locked, plan.columns)
    plan.agreement = locked


def _add_parts(plans: list[Plan], batch: ImportBatch) -> None:
    """Add parties, sources, subjects and identifiers of all the rows, one statement a table."""
    places = _next_places(plans, Party)
    parties = [
        (plan, Party(agreement=plan.agreement, institution_id=party.institution_id, role=role,
                     reference=reference, position=next(places[plan.agreement.pk])))
        for plan in plans
        for party, role, reference in plan.parties
    ]  # fmt: skip
    places = _next_places(plans, AgreementFocusArea)
    areas = [
        (plan, AgreementFocusArea(agreement=plan.agreement, focus_area_id=key,
                                  position=next(places[plan.agreement.pk])))
        for plan in plans
        for key in plan.focus_areas
    ]  # fmt: skip
    sources = []
    for plan in plans:
        if plan.source is not None:
            plan.source.agreement = plan.agreement
            sources.append((plan, plan.source))
    identifiers = []
    if batch.kind == ImportKind.AGREEMENTS:
        system = batch.mapping["system"].strip()
        identifiers = [
            (plan, AgreementIdentifier(agreement=plan.agreement, system=system, value=plan.identifier))
            for plan in plans
            if plan.identifier and plan.kind == RowKind.NEW
        ]
    for name, rows in (
        ("parties", parties),
        ("focus_areas", areas),
        ("sources", sources),
        ("identifiers", identifiers),
    ):
        if rows:
            type(rows[0][1]).objects.bulk_create(row for _, row in rows)
        for plan, row in rows:
            plan.row.journal.setdefault(name, []).append(row.pk)


def _next_places(plans: list[Plan], model) -> dict:
    """For each agreement the positions behind those that are taken."""
    keys = {plan.agreement.pk for plan in plans}
    last: dict[int, int] = {}
    rows = (
        model.objects.filter(agreement__in=keys).order_by("position").values_list("agreement_id", "position")
    )
    last |= dict(rows)
    return {key: count(last.get(key, -1) + 1) for key in keys}


def _take_fingerprints(batch: ImportBatch) -> None:
    """Remember how the new records stand, to know at an undo whether somebody has worked on them."""
    if batch.kind != ImportKind.AGREEMENTS:
        return
    for chunk in rows_in_chunks(batch, kind=RowKind.NEW):
        found = fingerprints(row.agreement_id for row in chunk)
        for row in chunk:
            row.fingerprint = found[row.agreement_id]
        save_rows(chunk, ["fingerprint"])


def rows_written(batch: ImportBatch) -> Iterable[list[ImportRow]]:
    """Rows that wrote something, a chunk at a time."""
    return rows_in_chunks(batch, kind__in=[RowKind.NEW, RowKind.CHANGED])
