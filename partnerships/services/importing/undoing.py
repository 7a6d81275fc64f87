"""Taking an import back as one act."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from partnerships.choices import ImportKind, ImportState, PublicationState, RowKind
from partnerships.models import (
    Agreement,
    ImportBatch,
    ImportParty,
    ImportRow,
    Institution,
    InstitutionLink,
    Party,
    PendingInstitutionLink,
    Statement,
)
from partnerships.services.publication import settle
from partnerships.services.recording.rows import write
from people.history import acting

from .errors import check_now, told_clearly
from .journal import ADDED, fingerprints, plain
from .progress import Progress
from .running import rows_written

_SHOWN = 200
Obstacle = dict[str, str | int]


def undo_rows(batch: ImportBatch, progress: Progress) -> None:
    """Remove what the import created and restore what it changed.

    Where somebody changed such a record since, nothing is undone and the records are named, unless
    the import's ``leave_out`` says that these shall be left as they are.
    """
    reason = f"import of {batch.filename} undone"
    with transaction.atomic(), told_clearly(), acting(user=batch.user, reason=reason, importing=batch.uid):
        if not batch.user.has_perm("partnerships.add_agreement", Agreement(office_id=batch.office_id)):
            raise PermissionDenied("You may not import for this office any more.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import of agreements'))")
        obstacles = _undo_all(batch, progress)
        if obstacles and not batch.leave_out:
            transaction.set_rollback(True)
        else:
            _remove_institutions(batch)
            batch.state, batch.undone_at = ImportState.UNDONE, timezone.now()
            batch.obstacles = obstacles[:_SHOWN]
            batch.save(update_fields=["state", "undone_at", "obstacles"])
            check_now()
    if obstacles and not batch.leave_out:
        batch.state, batch.obstacles = ImportState.DONE, obstacles[:_SHOWN]
        batch.error = (
            f"{len(obstacles)} of the records were changed since, or are in use. Nothing was undone."
        )
        batch.save(update_fields=["state", "obstacles", "error"])


def _undo_all(batch: ImportBatch, progress: Progress) -> list[Obstacle]:
    obstacles: list[Obstacle] = []
    done = 0
    for chunk in rows_written(batch):
        if batch.kind == ImportKind.PARTIES:
            obstacles += _remove_parties(batch, chunk)
        else:
            obstacles += _remove_records(batch, [row for row in chunk if row.kind == RowKind.NEW])
            for row in chunk:
                if row.kind == RowKind.CHANGED:
                    obstacles += _restore(batch, row)
        done += len(chunk)
        progress.tell(done)
    return obstacles


def _remove_records(batch: ImportBatch, rows: list[ImportRow]) -> Iterator[Obstacle]:
    """Delete new records that stand exactly as the import left them."""
    keys = [row.agreement_id for row in rows if row.agreement_id]
    records = {record.pk: record for record in Agreement.objects.select_for_update().filter(pk__in=keys)}
    now = fingerprints(keys)
    going = []
    for row in rows:
        record = records.get(row.agreement_id)
        if record is None:
            continue
        if record.published_at or record.publication_state != PublicationState.DRAFT:
            state = record.get_publication_state_display().lower()
            yield _obstacle(row, record, f"The record is {state} by now.", batch)
        elif now[record.pk] != row.fingerprint:
            yield _obstacle(row, record, "Somebody changed the record, or named it, since.", batch)
        else:
            going.append(record.pk)
    Agreement.objects.filter(pk__in=going).delete()


def _remove_parties(batch: ImportBatch, rows: list[ImportRow]) -> Iterator[Obstacle]:
    """Take away the parties that rows added, unless they say more by now."""
    keys = [key for row in rows for key in row.journal.get("parties", ())]
    parties = Party.objects.filter(pk__in=keys).select_related("agreement").prefetch_related("signatories")
    standing = {party.pk: party for party in parties}
    roles = {"A": batch.mapping.get("roles", {}).get("A") or "party"}
    going, public = [], {}
    for row in rows:
        for key in row.journal.get("parties", ()):
            party = standing.get(key)
            if party is None:
                continue
            if not _may_change(batch, party.agreement):
                yield _obstacle(row, party.agreement, "You may not change records of its office.", batch)
            elif party.signatories.all() or party.role != roles["A"]:
                yield _obstacle(row, party.agreement, "Somebody added to this party since.", batch)
            else:
                going.append(key)
                if party.agreement.is_public:
                    public[party.agreement_id] = party.agreement
    Party.objects.filter(pk__in=going).delete()
    for record in public.values():
        settle(record)


def _restore(batch: ImportBatch, row: ImportRow) -> Iterator[Obstacle]:
    """Give a changed record back what it was, where it still says what the import made it say."""
    record = Agreement.objects.select_for_update().filter(pk=row.agreement_id).first()
    if record is None:
        return
    columns = row.journal.get("columns", {})
    moved = [name for name, (_, new) in columns.items() if plain(getattr(record, name)) != new]
    signed = Party.objects.filter(pk__in=row.journal.get("parties", ()), signatories__isnull=False)
    if not _may_change(batch, record):
        yield _obstacle(row, record, "You may not change records of its office.", batch)
    elif moved:
        label = Agreement._meta.get_field(moved[0].removesuffix("_id")).verbose_name
        yield _obstacle(row, record, f"Somebody changed “{label}” since.", batch)
    elif signed.exists():
        yield _obstacle(row, record, "Somebody signs for a party that the import added.", batch)
    else:
        for name, model in ADDED.items():
            model.objects.filter(pk__in=row.journal.get(name, ()), agreement=record).delete()
        write(record, {name: _value(name, old) for name, (old, _) in columns.items()})
        if record.is_public:
            settle(record)


def _value(name: str, old):
    return Agreement._meta.get_field(name.removesuffix("_id")).to_python(old) if old is not None else None


def _remove_institutions(batch: ImportBatch) -> None:
    """Delete institutions that the import created, as far as nothing else has come to use them."""
    keys = ImportParty.objects.filter(batch=batch, created=True).values("institution")
    unused = Institution.objects.filter(pk__in=keys, updated_at=F("created_at"))
    for model, ways in (
        (Party, ["institution"]),
        (Statement, ["institution"]),
        (InstitutionLink, ["institution", "target"]),
        (PendingInstitutionLink, ["institution"]),
    ):
        for way in ways:
            unused = unused.exclude(pk__in=model.objects.filter(**{f"{way}__isnull": False}).values(way))
    Institution.objects.filter(pk__in=list(unused.values_list("pk", flat=True))).delete()


def _may_change(batch: ImportBatch, record: Agreement) -> bool:
    return batch.user.has_perm("partnerships.change_agreement", record)


def _obstacle(row: ImportRow, record: Agreement, message: str, batch: ImportBatch) -> Obstacle:
    return {"row": row.number, "agreement": record.pk, "title": record.title, "message": message}
