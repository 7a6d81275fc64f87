"""Spreadsheets for tests, and the steps of an import in one call each."""

import csv
import io
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.models import ImportBatch
from partnerships.services import importing
from partnerships.services.importing.working import work_on

ESAC = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "agreements"


def csv_of(*rows: list[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A file with these rows, the first of which are the headings."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def upload(data: bytes, *, by, office, filename: str = "agreements.csv", **facts) -> ImportBatch:
    """Take a file in and read it, up to the question what its columns are."""
    batch = importing.receive_upload(
        upload=SimpleUploadedFile(filename, data), filename=filename, by=by, office=office, **facts
    )
    return worked(batch)


def worked(batch: ImportBatch) -> ImportBatch:
    """Do the job that waits."""
    work_on(batch.pk)
    batch.refresh_from_db()
    return batch


def guessed(batch: ImportBatch, **facts) -> importing.Mapping:
    """The mapping that is proposed, completed by ``facts``."""
    return importing.Mapping(targets=[column["guess"] for column in batch.columns], **facts)


def checked(batch: ImportBatch, by=None, **facts) -> ImportBatch:
    """Accept the proposed mapping and check the rows."""
    facts = {"type": "memorandum_of_understanding", "system": "own"} | facts
    mapping = importing.Mapping(**facts) if "targets" in facts else guessed(batch, **facts)
    return worked(importing.choose_mapping(batch=batch, by=by or batch.user, mapping=mapping))


def run(batch: ImportBatch, by=None) -> ImportBatch:
    """Write it."""
    return worked(importing.run_import(batch=batch, by=by or batch.user))


def undo(batch: ImportBatch, by=None, **facts) -> ImportBatch:
    """Take it back."""
    return worked(importing.undo_import(batch=batch, by=by or batch.user, **facts))
