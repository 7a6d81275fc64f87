"""Refused rows as a file again: the columns as they came, and the reason."""

import csv
import io
import re
from collections.abc import Iterator

import openpyxl

from partnerships.choices import RowKind
from partnerships.models import ImportBatch, ImportRow

from .staging import rows_in_chunks

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_REASON = "reason"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")
#: What XML cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula; plain numbers stay what they are."""
    if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def refused_rows(batch: ImportBatch) -> Iterator[list[str]]:
    """Headings, then every refused row with its reasons."""
    yield [harmless(header) for header in [*batch.headers, _REASON]]
    for chunk in rows_in_chunks(batch, kind=RowKind.REFUSED):
        for row in chunk:
            cells = (row.cells + [""] * len(batch.headers))[: len(batch.headers)]
            yield [harmless(cell) for cell in [*cells, told(row)]]


def told(row: ImportRow) -> str:
    """The reasons of a row in one line, each with its column and value."""
    return " / ".join(
        f"{reason['column']} “{reason['value']}”: {reason['message']}"
        if reason["column"] and reason["value"]
        else " ".join(filter(None, [reason["column"] and f"{reason['column']}:", reason["message"]]))
        for reason in row.reasons
    )


def as_csv(batch: ImportBatch) -> Iterator[bytes]:
    """With the mark by which Excel knows UTF-8."""
    yield b"\xef\xbb\xbf"
    for row in refused_rows(batch):
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue().encode()


def as_xlsx(batch: ImportBatch) -> Iterator[bytes]:
    """Every cell is text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Refused rows")
    for row in refused_rows(batch):
        sheet.append([_CONTROL.sub("", cell)[:32_767] for cell in row])
    file = io.BytesIO()
    book.save(file)
    yield file.getvalue()
