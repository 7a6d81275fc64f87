"""Excel workbooks."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

import openpyxl

from .limits import MAX_COLUMNS, MAX_SHARED_STRINGS, MAX_UNPACKED, FileRefused

_NO_WORKBOOK = "The file is no Excel workbook, or a damaged one. Save it anew as XLSX or CSV."


def read_workbook(stream: BinaryIO, sheet: str = "") -> tuple[Iterator[list[str]], dict[str, str]]:
    """Return the rows of a sheet, and which sheet it is: the first one that holds anything, unless named.

    Dates come as 2024-05-21, numbers as they would be typed.
    """
    _weigh(stream)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        sheets = {one.title: one for one in book.worksheets}
    # A hostile workbook makes the library fail in more ways than it names.
    except Exception as error:
        raise FileRefused(_NO_WORKBOOK) from error
    if sheet and sheet not in sheets:
        raise FileRefused(f"There is no sheet “{sheet}”. The sheets are: {', '.join(sheets)}.")
    chosen = sheet or next((name for name in sheets if _holds_anything(sheets[name])), "")
    if not chosen:
        raise FileRefused("The workbook is empty.")
    return _rows(sheets[chosen]), {"sheet": chosen}


def _weigh(stream: BinaryIO) -> None:
    """Refuse what is no workbook, and what would be too much unpacked, before anything is unpacked."""
    try:
        with zipfile.ZipFile(stream) as archive:
            sizes = {entry.filename.lower(): entry.file_size for entry in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused(_NO_WORKBOOK) from error
    stream.seek(0)
    if "[content_types].xml" not in sizes or not any(name.startswith("xl/") for name in sizes):
        raise FileRefused(_NO_WORKBOOK)
    if sum(sizes.values()) > MAX_UNPACKED or sizes.get("xl/sharedstrings.xml", 0) > MAX_SHARED_STRINGS:
        raise FileRefused("The workbook is too large unpacked. Save the one sheet as CSV.")


def _holds_anything(sheet) -> bool:
    return next(_rows(sheet), None) is not None


def _rows(sheet) -> Iterator[list[str]]:
    # What a sheet says of its own size may be a lie.
    sheet.reset_dimensions()
    try:
        for row in sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True):
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except Exception as error:
        raise FileRefused(_NO_WORKBOOK) from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value.isoformat() if not isinstance(value, datetime) else value.isoformat(" ", "seconds")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
