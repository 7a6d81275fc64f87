"""Which kind of file it is, its headings, its rows; and everything for which a file is refused."""

import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import BinaryIO

from .delimited import read_delimited
from .limits import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED, FileRefused
from .workbooks import read_workbook

_ZIP, _GZIP, _OLD_EXCEL = b"PK", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"
_OTHERS = {
    b"%PDF": "a PDF",
    b"{\\rtf": "an RTF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
}
_VALUE = re.compile(r"[\d\s.,/:-]+|https?://\S+", re.IGNORECASE)
_BLANK_ROWS = 1000


@dataclass
class Table:
    """Headings, and rows with their number as a spreadsheet counts them.

    ``rows`` yields the number, the cells, and what is wrong with the row's shape (empty if nothing).
    """

    headers: list[str]
    rows: Iterator[tuple[int, list[str], str]]
    reading: dict[str, str] = field(default_factory=dict)


class _Measured(io.RawIOBase):
    """The inside of a .gz, up to what may be unpacked."""

    def __init__(self, inner: BinaryIO):
        self.inner = inner

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.inner.seek(offset, whence)

    def tell(self) -> int:
        return self.inner.tell()

    def readinto(self, buffer) -> int:
        try:
            found = self.inner.read(len(buffer))
        except (EOFError, OSError, ValueError) as error:
            raise FileRefused("The .gz file is damaged or cut off.") from error
        if self.inner.tell() > MAX_UNPACKED:
            raise FileRefused("The file is too large unpacked.")
        buffer[: len(found)] = found
        return len(found)


def open_table(stream: BinaryIO, filename: str, reading: dict[str, str] | None = None) -> Table:
    """Read a file up to its headings; its rows follow as they are asked for.

    Args:
        stream: the file, at its beginning.
        filename: as it was called, for what it claims to be.
        reading: ``encoding``, ``delimiter``, ``sheet`` where a person chose them.

    Raises:
        FileRefused: also while rows are read.
    """
    reading = reading or {}
    stream.seek(0, io.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    if size == 0:
        raise FileRefused("The file is empty.")
    if size > MAX_BYTES:
        raise FileRefused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    start = stream.read(8)
    stream.seek(0)
    claims = PurePath(filename.lower()).suffix
    if start.startswith(_OLD_EXCEL):
        raise FileRefused("This is a workbook of Excel before 2007, or one with a password. Save it as XLSX.")
    for mark, name in _OTHERS.items():
        if start.startswith(mark):
            raise FileRefused(f"This is {name}, not a table. Save the table as CSV or XLSX.")
    if start.startswith(_ZIP):
        rows, found = read_workbook(stream, reading.get("sheet", ""))
    elif claims in {".xlsx", ".xlsm"}:
        raise FileRefused(f"The file is called {claims}, and is no Excel workbook inside.")
    else:
        plain = (
            io.BufferedReader(_Measured(gzip.GzipFile(fileobj=stream))) if start.startswith(_GZIP) else stream
        )
        rows, found = read_delimited(plain, reading.get("encoding", ""), reading.get("delimiter", ""))
    return _table(rows, found)


def _table(rows: Iterator[list[str]], reading: dict[str, str]) -> Table:
    numbered = enumerate(rows, 1)
    number, first = next(((n, row) for n, row in numbered if any(cell.strip() for cell in row)), (0, []))
    if not first:
        raise FileRefused("The file holds no headings and no rows.")
    while first and not first[-1].strip():
        first.pop()
    headers = [" ".join(cell.replace("\x00", "").replace("\ufeff", "").split()) for cell in first]
    _check_headers(headers)
    # A workbook leaves out empty cells at the end of a row; in a text a short row is a broken one.
    shaped = _shaped(numbered, len(headers), strict="delimiter" in reading)
    return Table(headers, shaped, reading | {"header_row": str(number)})


def _check_headers(headers: list[str]) -> None:
    if len(headers) > MAX_COLUMNS:
        raise FileRefused(f"The file has more than {MAX_COLUMNS} columns.")
    if sum(bool(_VALUE.fullmatch(header)) for header in headers if header) * 2 > len(headers):
        raise FileRefused("The first row holds values, not headings. Put a row of headings on top.")
    for place, header in enumerate(headers, 1):
        if not header:
            raise FileRefused(f"Column {place} has no heading. Give it one, or delete the column.")
        if len(header) > 200:
            raise FileRefused(f"The heading of column {place} is longer than 200 characters.")
    folded = [header.casefold() for header in headers]
    twice = sorted({header for header in headers if folded.count(header.casefold()) > 1})
    if twice:
        raise FileRefused(f"Two columns are called “{twice[0]}”. Give each a heading of its own.")


def _shaped(
    rows: Iterator[tuple[int, list[str]]], width: int, strict: bool
) -> Iterator[tuple[int, list[str], str]]:
    count = blank = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            blank += 1
            if blank > _BLANK_ROWS and count >= MAX_ROWS:
                return
            continue
        count += 1
        if count > MAX_ROWS:
            raise FileRefused(f"The file has more than {MAX_ROWS:,} rows. Cut it into several.")
        yield number, *_fitted(cells, width, strict)


def _fitted(cells: list[str], width: int, strict: bool) -> tuple[list[str], str]:
    """The cells in the number that the headings have, fit to be stored; and what had to be mended."""
    fault = ""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) > width or (strict and len(cells) < width):
        fault = f"The row has {len(cells)} cells, the headings are {width}."
    if any("\x00" in cell for cell in cells):
        fault, cells = "A cell holds a NUL character.", [cell.replace("\x00", "") for cell in cells]
    if any(len(cell) > MAX_CELL for cell in cells):
        fault, cells = f"A cell is longer than {MAX_CELL:,} characters.", [cell[:MAX_CELL] for cell in cells]
    return cells + [""] * (width - len(cells)), fault
