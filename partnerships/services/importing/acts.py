"""What a person does with an import: each act checks right and state, and leaves the work to a job."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from partnerships.choices import ImportKind, ImportState, PartyDecision
from partnerships.models import Agreement, ImportBatch, ImportParty, ImportProfile, Institution
from people.history import acting
from people.models import Office
from people.transactions import one_transaction

from .errors import NOT_NOW, told_clearly
from .mapping import Mapping
from .reading import MAX_BYTES, FileRefused, open_table

_MAPPABLE = {ImportState.MAPPING, ImportState.CHECKED}


@one_transaction
def receive_upload(
    *, upload: File, filename: str, office: Office, by, kind: str = "", reading: dict[str, str] | None = None
) -> ImportBatch:
    """Take a file in, once its headings can be read; its rows follow in a job.

    Args:
        kind: an ``ImportKind``; told by the headings if empty.
        reading: ``encoding``, ``delimiter`` or ``sheet`` where they are not to be found out.

    Raises:
        PermissionDenied: ``by`` may not record for this office.
        ValidationError: the file cannot be read as a table; under ``file``.
    """
    _require(by, office.pk)
    if upload.size > MAX_BYTES:
        raise ValidationError({"file": f"The file is larger than {MAX_BYTES // 1024 // 1024} MB."})
    reading = {name: value for name, value in (reading or {}).items() if value}
    filename = filename.replace("\x00", "").replace("\\", "/").rsplit("/", 1)[-1][-255:] or "file"
    try:
        table = open_table(upload, filename, reading)
        next(table.rows, None)
    except FileRefused as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal
    batch = ImportBatch(
        office=office,
        user=by,
        kind=kind or ImportKind.AGREEMENTS,
        filename=filename,
        reading=reading,
        columns=[{"header": header} for header in table.headers],
    )
    upload.seek(0)
    batch.file.save(filename, File(upload), save=False)
    batch.save()
    return batch


@one_transaction
def choose_mapping(*, batch: ImportBatch, by, mapping: Mapping, profile: str = "") -> ImportBatch:
    """Say what the columns are, and have every row checked against the registry.

    Args:
        profile: a name under which the office keeps the mapping; one that is known is written anew.

    Raises:
        ValidationError: by field, see ``Mapping.check``.
    """
    locked = _locked(batch, by, _MAPPABLE)
    mapping.check(locked.kind, locked.headers, locked.columns)
    locked.mapping = mapping.dump()
    if profile.strip():
        _keep(locked, by, profile.strip()[:100])
    return _hand_over(locked, by, ImportState.CHECKING)


@one_transaction
def choose_institutions(*, batch: ImportBatch, by, choices: dict[int, Institution | None]) -> ImportBatch:
    """Say who is meant by names of the file, and have its rows checked again.

    Args:
        choices: by key of an ``ImportParty`` the institution, or None to create a new one.
    """
    locked = _locked(batch, by, {ImportState.CHECKED})
    seen = set(
        Institution.objects.visible_to(by)
        .filter(pk__in=[one.pk for one in choices.values() if one])
        .values_list("pk", flat=True)
    )
    for row in ImportParty.objects.filter(batch=locked, pk__in=choices):
        chosen = choices[row.pk]
        if chosen is not None and chosen.pk not in seen:
            raise ValidationError("There is no such institution.")
        row.institution, row.by_person = chosen, True
        row.decision = PartyDecision.CREATE if chosen is None else PartyDecision.MATCHED
        row.score, row.reason = None, "chosen by hand"
        row.save(update_fields=["institution", "by_person", "decision", "score", "reason"])
    return _hand_over(locked, by, ImportState.CHECKING)


@one_transaction
def run_import(*, batch: ImportBatch, by) -> ImportBatch:
    """Have everything written that is not refused: all of it, or nothing."""
    locked = _locked(batch, by, {ImportState.CHECKED})
    if not (locked.counts.get("new") or locked.counts.get("changed")):
        raise ValidationError("No row of this file is new or changed: there is nothing to import.")
    return _hand_over(locked, by, ImportState.RUNNING)


@one_transaction
def undo_import(*, batch: ImportBatch, by, leave_out: bool = False) -> ImportBatch:
    """Have everything taken back that the import wrote.

    Args:
        leave_out: take back the rest where some records were changed since; otherwise such a record
            keeps everything as it is.
    """
    locked = _locked(batch, by, {ImportState.DONE})
    locked.leave_out = leave_out
    return _hand_over(locked, by, ImportState.UNDOING)


@one_transaction
def discard_import(*, batch: ImportBatch, by) -> None:
    """Forget a file of which nothing stands in the registry."""
    states = {ImportState.UNREADABLE, ImportState.MAPPING, ImportState.CHECKED, ImportState.UNDONE}
    locked = _locked(batch, by, states)
    storage, name = locked.file.storage, locked.file.name
    locked.delete()
    transaction.on_commit(lambda: storage.delete(name))


def fitting_profiles(batch: ImportBatch, user) -> list[ImportProfile]:
    """Profiles of the office that were made for these very headings."""
    profiles = ImportProfile.objects.visible_to(user).filter(office=batch.office_id, kind=batch.kind)
    return list(profiles.filter(headers=batch.headers))


def _keep(batch: ImportBatch, by, name: str) -> None:
    with told_clearly(), acting(user=by, reason="import profile kept"):
        ImportProfile.objects.update_or_create(
            office_id=batch.office_id,
            name=name,
            defaults={"kind": batch.kind, "headers": batch.headers, "mapping": batch.mapping},
        )


def _locked(batch: ImportBatch, by, states: set[str]) -> ImportBatch:
    _require(by, batch.office_id)
    locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in states:
        raise ValidationError(
            f"The import is {locked.get_state_display().lower()}; this is not open to it now.", code=NOT_NOW
        )
    return locked


def _hand_over(batch: ImportBatch, by, state: str) -> ImportBatch:
    batch.state, batch.user = state, by
    batch.error, batch.obstacles, batch.attempts, batch.done = "", [], 0, 0
    batch.handed_over_at = timezone.now()
    batch.save()
    return batch


def _require(by, office_id: int | None) -> None:
    if not by.has_perm("partnerships.add_agreement", Agreement(office_id=office_id)):
        raise PermissionDenied("You may not import for this office.")
