"""The formats of lists besides JSON: all rows of the question, streamed where the format allows it."""

import io
import json
from collections.abc import Iterable, Iterator

from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

from partnerships.services.tables import Column, csv_pieces, write_xlsx

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
    """RFC 4180, UTF-8."""

    media_type = "text/csv"
    format = "csv"
    content_type = "text/csv; charset=utf-8; header=present"

    def chunks(self, records, columns):
        yield from csv_pieces(records, columns)


class XlsxRenderer(ExportRenderer):
    """A workbook with one sheet; it is written whole before it is sent, so its rows are limited."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    limit = XLSX_ROWS
    schema = {"type": "string", "format": "binary"}

    def chunks(self, records, columns):
        body = io.BytesIO()
        write_xlsx(body, records, columns)
        yield body.getvalue()


LIST_RENDERERS = [JSONRenderer, CsvRenderer, XlsxRenderer, NdjsonRenderer]
