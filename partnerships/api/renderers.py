"""The formats of lists besides JSON: all rows of the question, streamed where the format allows it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

from .exports import Column

#: A spreadsheet program takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX_ROWS = 20_000


class ExportRenderer(BaseRenderer):
    """A format in which a list is answered whole, outside DRF's own rendering."""

    charset = None
    #: The most rows that the format can take, where there is such a number.
    limit: int | None = None
    #: What OpenAPI says of the body.
    schema: dict = {"type": "string"}

    def chunks(self, records: Iterable[dict], columns: list[Column]) -> Iterator[bytes]:
        """Yield the body piece by piece."""
        raise NotImplementedError

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return b"".join(self.chunks([data] if isinstance(data, dict) else data, []))


class NdjsonRenderer(ExportRenderer):
    """One JSON record a line."""

    media_type = "application/x-ndjson"
    format = "ndjson"

    def chunks(self, records, columns):
        for record in records:
            yield json.dumps(record, cls=JSONEncoder, ensure_ascii=False).encode() + b"\n"


class CsvRenderer(ExportRenderer):
    """RFC 4180, UTF-8 without a byte order mark: a mark would stick to the first heading in scripts."""

    media_type = "text/csv"
    format = "csv"
    content_type = "text/csv; charset=utf-8; header=present"

    def chunks(self, records, columns):
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        writer.writerow([column.name for column in columns])
        for record in records:
            writer.writerow([harmless(column.cell(record)) for column in columns])
            if buffer.tell() > 16_384:
                yield _emptied(buffer)
        yield _emptied(buffer)


class XlsxRenderer(ExportRenderer):
    """A workbook with one sheet; it is written whole before it is sent, so its rows are limited."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    limit = XLSX_ROWS
    schema = {"type": "string", "format": "binary"}

    def chunks(self, records, columns):
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet("records")
        sheet.append([column.name for column in columns])
        for record in records:
            sheet.append([_storable(harmless(column.cell(record))) for column in columns])
        body = io.BytesIO()
        workbook.save(body)
        yield body.getvalue()


def harmless(value):
    """Return a cell that no spreadsheet program takes for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _storable(value):
    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def _emptied(buffer: io.StringIO) -> bytes:
    body = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return body


LIST_RENDERERS = [JSONRenderer, CsvRenderer, XlsxRenderer, NdjsonRenderer]
