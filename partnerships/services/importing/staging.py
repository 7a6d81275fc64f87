"""The rows of a file on their way into the database, in chunks."""

import json
from itertools import islice

from django.db import connection

from partnerships.choices import ImportState, RowKind
from partnerships.models import ImportBatch, ImportRow

from .guessing import ColumnSeen, guess
from .progress import Progress
from .reading import FileRefused, open_table
from .values import CountryNames

CHUNK = 1000
_SQL_TYPES = {
    "kind": "text", "title": "text", "reasons": "jsonb", "changes": "jsonb", "parties": "bigint[]",
    "agreement": "bigint", "journal": "jsonb", "fingerprint": "text",
}  # fmt: skip


def stage_rows(batch: ImportBatch, progress: Progress) -> None:
    """Read the whole file into rows of the database and learn what its columns are.

    A second run begins anew.
    """
    ImportRow.objects.filter(batch=batch).delete()
    countries = CountryNames()
    count = 0
    try:
        with batch.file.open("rb") as stream:
            table = open_table(stream, batch.filename, batch.reading)
            seen = [ColumnSeen(header) for header in table.headers]
            while chunk := list(islice(table.rows, CHUNK)):
                for _, cells, _ in chunk:
                    for column, cell in zip(seen, cells, strict=False):
                        column.see(cell, countries)
                _add_rows(batch, chunk)
                count += len(chunk)
                progress.tell(count)
        if not count:
            raise FileRefused("There are headings, and no row below them.")
    except FileRefused as refusal:
        ImportRow.objects.filter(batch=batch).delete()
        batch.state, batch.error = ImportState.UNREADABLE, str(refusal)
        batch.save(update_fields=["state", "error"])
        return
    batch.columns, batch.reading = guess(seen, batch.kind), table.reading
    batch.state, batch.total = ImportState.MAPPING, count
    batch.save(update_fields=["columns", "reading", "state", "total"])


def _add_rows(batch: ImportBatch, rows: list[tuple[int, list[str], str]]) -> None:
    told = [{"number": number, "cells": cells, "reasons": _reasons(fault)} for number, cells, fault in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO partnerships_importrow"
            " (batch_id, number, cells, reasons, kind, title, changes, parties, journal, fingerprint)"
            " SELECT %s, told.number, told.cells, told.reasons, %s, '', '[]', '{}', '{}', ''"
            " FROM jsonb_to_recordset(%s) AS told(number integer, cells text[], reasons jsonb)",
            [batch.pk, RowKind.WAITING, json.dumps(told)],
        )


def _reasons(fault: str) -> list[dict[str, str]]:
    return [{"column": "", "value": "", "message": fault, "shape": "1"}] if fault else []


def rows_in_chunks(batch: ImportBatch, *, size: int = 500, **conditions):
    """Rows of an import in the order of the file, a chunk at a time."""
    last = 0
    rows = ImportRow.objects.filter(batch=batch, **conditions).order_by("number")
    while chunk := list(rows.filter(number__gt=last)[:size]):
        yield chunk
        last = chunk[-1].number


def save_rows(rows: list[ImportRow], fields: list[str]) -> None:
    """Write fields of many rows in one statement: Django's own way spells every value out in a CASE."""
    known = [ImportRow._meta.get_field(name) for name in fields]
    columns = [(field.column, _SQL_TYPES[field.name]) for field in known]
    told = [{"id": row.pk} | {field.column: getattr(row, field.attname) for field in known} for row in rows]
    given = ", ".join(f"{column} {kind}" for column, kind in columns)
    change = ", ".join(f"{column} = told.{column}" for column, _ in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE partnerships_importrow SET {change}"  # noqa: S608
            f" FROM jsonb_to_recordset(%s) AS told(id bigint, {given})"
            " WHERE partnerships_importrow.id = told.id",
            [json.dumps(told)],
        )
