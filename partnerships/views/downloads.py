"""Handing out a stored file: to be kept, never to be run by the browser on this site."""

import re
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_CHUNK = 64 * 1024


class _Part:
    """The part of an open file from where it stands, read as if it were all."""

    def __init__(self, file: BinaryIO, length: int):
        self.file, self.left = file, length
        self.close = file.close

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size < 0 else min(size, self.left)
        chunk = self.file.read(wanted) if wanted else b""
        self.left -= len(chunk)
        return chunk


def handed_out(request: HttpRequest, row, stored: BinaryIO, *, shared: bool) -> HttpResponse:
    """Answer with the file of a document or of an earlier version.

    Args:
        row: carries ``filename``, ``media_type``, ``size`` and ``sha256``.
        stored: the open file; closed with the answer.
        shared: everybody may have it, so that caches may keep it. They ask each time whether it still
            holds: a record can be withdrawn, and a document can get another file.
    """
    etag = f'"{row.sha256}"'
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "public, no-cache" if shared else "private, no-cache",
        "ETag": etag,
        "Accept-Ranges": "bytes",
    }
    if unchanged := get_conditional_response(request, etag=etag):
        stored.close()
        unchanged["Cache-Control"] = headers["Cache-Control"]
        return unchanged
    span = _span(request, row.size, etag)
    if span == ():
        stored.close()
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{row.size}"})
    if span:
        first, last = span
        stored.seek(first)
        stored = _Part(stored, last - first + 1)
        headers |= {"Content-Range": f"bytes {first}-{last}/{row.size}", "Content-Length": last - first + 1}
    else:
        headers["Content-Length"] = row.size
    answer = FileResponse(
        stored, as_attachment=True, filename=row.filename, content_type=row.media_type, headers=headers
    )
    answer.block_size = _CHUNK
    answer.status_code = 206 if span else 200
    return answer


def _span(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | tuple[()] | None:
    """First and last byte that are asked for; nothing of it where all are, empty where none is there."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    held = request.headers.get("If-Range", etag)
    if request.method != "GET" or not asked or held != etag or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        span = max(0, size - int(last)), size - 1
    else:
        span = int(first), min(int(last) if last else size - 1, size - 1)
    return span if span[0] <= span[1] < size else ()
