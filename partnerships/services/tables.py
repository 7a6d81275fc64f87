"""Tables of records as files: what a column is, and how CSV and XLSX are written.

The API answers lists so, and the staff's list of agreements. A column is made from the JSON record,
so that a table can say nothing that the record does not.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from partnerships.partial_dates import PartialDate

#: A spreadsheet program takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: The longest text that a cell of a workbook holds.
_LONGEST = 32_767


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        name: its heading.
        key: the key of the record that it is made from.
        value: makes the cell from the value of that key; without it, the value stands as it is.
        dated: it holds partial dates or moments, which a workbook can show as dates.
    """

    name: str
    key: str
    value: Callable[[Any], Any] | None = None
    dated: bool = False

    def cell(self, record: dict):
        found = record.get(self.key)
        return self.value(found) if self.value and found is not None else found


@dataclass(frozen=True)
class Table:
    """A resource as a table for staff.

    Args:
        columns: in their order.
        records: ``records(request, keys)``, the JSON records of these primary keys that the visitor
            may see, in this order.
    """

    columns: list[Column]
    records: Callable[[Any, list[int]], Iterable[dict]]


#: Tables by the name of their resource. The API, which words records, enters its own here: the admin
#: stands beside it and knows nothing of it.
TABLES: dict[str, Table] = {}

#: What is told beside a table of how it came to be: label and words.
About = list[tuple[str, str]]


def csv_pieces(records: Iterable[dict], columns: list[Column], about: About = ()) -> Iterator[bytes]:
    """Yield a table as RFC 4180, UTF-8 without a byte order mark: one would stick to the first heading.

    Args:
        about: written above the headings, each line after ``# ``.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for label, words in about:
        writer.writerow([f"# {label}: {' '.join(words.split())}"])
    writer.writerow([column.name for column in columns])
    for record in records:
        writer.writerow([harmless(column.cell(record)) for column in columns])
        if buffer.tell() > 16_384:
            yield _emptied(buffer)
    yield _emptied(buffer)


def write_xlsx(
    file: IO[bytes], records: Iterable[dict], columns: list[Column], *, about: About = (), dates: bool = False
) -> None:
    """Write a workbook, row by row: its size on disk grows with the rows, its memory does not.

    Args:
        about: told on a second sheet.
        dates: days and moments become cells that hold dates; a year or a month stays text.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("records")
    sheet.append([column.name for column in columns])
    for record in records:
        sheet.append([_written(sheet, column, record, dates) for column in columns])
    if about:
        beside = workbook.create_sheet("About this export")
        beside.column_dimensions["A"].width, beside.column_dimensions["B"].width = 24, 100
        for label, words in about:
            beside.append([label, _storable(harmless(words))])
    workbook.save(file)


def harmless(value):
    """Return a cell that no spreadsheet program takes for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _written(sheet, column: Column, record: dict, dates: bool):
    value = column.cell(record)
    if dates and column.dated and (found := as_date(value)):
        cell = WriteOnlyCell(sheet, found)
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(found, datetime) else "yyyy-mm-dd"
        return cell
    return _storable(harmless(value))


def as_date(value) -> date | datetime | None:
    """Return what a workbook can keep as a date: a day, or a moment in local time. None for all else.

    Nobody invents the day of a year or a month: those stay text.
    """
    if not isinstance(value, str) or len(value) < 10:
        return None
    if len(value) > 10:
        moment = parse_datetime(value)
        return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None
    try:
        day = PartialDate.parse(value).first_day
    except ValueError:
        return None
    # The calendar of workbooks begins in 1900.
    return day if day.year > 1900 else None


def _storable(value):
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST] if isinstance(value, str) else value


def _emptied(buffer: io.StringIO) -> bytes:
    body = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return body
