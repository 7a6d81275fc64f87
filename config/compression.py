"""Bodies made smaller: zstd, br or gzip, whichever the client likes best.

Who is signed in gets HTML as gzip with a random number of bytes in its head, and else nothing compressed:
an answer that holds secrets beside words of its asker would tell them by its length (BREACH). What
strangers and tokens get holds no secret but the CSRF token, which is masked anew each time.
"""

import re
import zlib
from collections.abc import Callable, Generator, Iterable
from typing import Protocol

import brotli
from backports import zstd
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

#: In bytes: a smaller body fits into one packet either way.
LEAST = 600
#: A stream goes out after so many bytes at the latest, and its beginning at once.
STRETCH = 64 * 1024
#: At most so many random bytes stand in the head of what the signed-in get.
PADDING = 100
_TYPES = re.compile(
    r"text/(?!event-stream)|application/(json|javascript|xml|x-ndjson|yaml|ld\+json|[\w.+-]+\+(json|xml|yaml)"
    r"|vnd\.oai\.openapi)|image/svg\+xml"
)


class Compressor(Protocol):
    """One body on its way."""

    def add(self, data: bytes) -> bytes: ...
    def flush(self) -> bytes: ...
    def end(self) -> bytes: ...


class Gzip:
    """Level 5; without a date in its head, so that the same body gives the same bytes."""

    def __init__(self) -> None:
        self.stream = zlib.compressobj(5, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
        self.add = self.stream.compress
        self.end = self.stream.flush

    def flush(self) -> bytes:
        return self.stream.flush(zlib.Z_SYNC_FLUSH)


class Brotli:
    """Quality 4: what takes longer than the database does is not worth it."""

    def __init__(self) -> None:
        self.stream = brotli.Compressor(mode=brotli.MODE_TEXT, quality=4, lgwin=20)
        self.add = self.stream.process
        self.flush = self.stream.flush
        self.end = self.stream.finish


class Zstandard:
    """Level 3."""

    def __init__(self) -> None:
        self.stream = zstd.ZstdCompressor(level=3)
        self.add = self.stream.compress
        self.end = self.stream.flush

    def flush(self) -> bytes:
        return self.stream.flush(zstd.ZstdCompressor.FLUSH_BLOCK)


CODINGS: dict[str, Callable[[], Compressor]] = {"zstd": Zstandard, "br": Brotli, "gzip": Gzip}
_ENTRY = re.compile(
    r"([\w!#$%&'*+.^`|~-]+)(?:\s*;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*", re.ASCII | re.IGNORECASE
)


def chosen(header: str, among: Iterable[str] = ("zstd", "br", "gzip")) -> str | None:
    """Return the coding that an ``Accept-Encoding`` likes best; None for the body as it is.

    Args:
        among: what is offered, the first one first where a client likes several as much.
    """
    liking: dict[str, float] = {}
    for part in header[:1000].split(","):
        if entry := _ENTRY.fullmatch(part.strip()):
            liking[entry[1].lower().replace("x-gzip", "gzip")] = float(entry[2] or 1)
    rest = liking.get("*", 0)
    best = max(among, key=lambda name: liking.get(name, rest))
    wanted = liking.get(best, rest)
    return best if wanted > 0 and wanted >= liking.get("identity", 0) else None


def compressed(coding: str, body: bytes) -> bytes:
    """Return a whole body in a coding."""
    compressor = CODINGS[coding]()
    return compressor.add(body) + compressor.end()


def stream_compressed(coding: str, pieces: Iterable[bytes]) -> Generator[bytes, None, None]:
    """Yield pieces of a body in a coding as they come: the first at once, then by stretches."""
    compressor = CODINGS[coding]()
    waiting, limit = 0, 1
    for piece in pieces:
        made = compressor.add(piece)
        waiting += len(piece)
        if waiting >= limit:
            made += compressor.flush()
            waiting, limit = 0, STRETCH
        if made:
            yield made
    yield compressor.end()


class CompressionMiddleware:
    """Compresses what is worth it. What is a part of a body, or can be asked for in parts, stays as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _compressible(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        coding = chosen(request.headers.get("Accept-Encoding", ""))
        if not coding or response.status_code == 304:
            return response
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            coding = _padded(request, response)
        else:
            coding = _compress(response, coding)
        if coding:
            response.headers["Content-Encoding"] = coding
        return response


def _compressible(response: HttpResponse) -> bool:
    headers = response.headers
    if response.status_code == 304:
        # Says of the body that the client has what would be said of one that is sent.
        return True
    return (
        response.status_code not in (204, 206)
        and not {"Content-Encoding", "Content-Range", "Accept-Ranges"} & {name.title() for name in headers}
        and bool(_TYPES.match(headers.get("Content-Type", "").lower()))
        and "no-transform" not in headers.get("Cache-Control", "")
        and (response.streaming or len(response.content) >= LEAST)
    )


def _compress(response: HttpResponse, coding: str) -> str | None:
    if response.streaming:
        if response.is_async:
            return None
        response.streaming_content = stream_compressed(coding, response.streaming_content)
        del response.headers["Content-Length"]
    elif not _replace(response, compressed(coding, response.content)):
        return None
    tag = response.headers.get("ETag", "")
    if tag.startswith('"'):
        # A strong tag stands for bytes: these are others.
        response.headers["ETag"] = f'{tag[:-1]}-{coding}"'
    return coding


def _padded(request: HttpRequest, response: HttpResponse) -> str | None:
    """Compress a page of somebody who is signed in, so that its length tells nothing."""
    page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    if not page or "ETag" in response.headers or not chosen(request.headers["Accept-Encoding"], ["gzip"]):
        return None
    body = compress_string(response.content, max_random_bytes=PADDING)
    return "gzip" if _replace(response, body) else None


def _replace(response: HttpResponse, body: bytes) -> bool:
    if len(body) >= len(response.content):
        return False
    response.content = body
    response.headers["Content-Length"] = str(len(body))
    return True
