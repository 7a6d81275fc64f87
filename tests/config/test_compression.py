"""Bodies made smaller: which coding, of what, and what its tag says."""

import zlib

import brotli
import pytest
from backports import zstd
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.compression import CODINGS, LEAST, STRETCH, CompressionMiddleware, chosen, stream_compressed
from tests.factories import AgreementFactory, UserFactory

BODY = b'{"title": "Memorandum of understanding"}\n' * 200


def plain(coding: str | None, body: bytes) -> bytes:
    if coding == "gzip":
        return zlib.decompress(body, 47)
    return {"br": brotli.decompress, "zstd": zstd.decompress, None: bytes}[coding](body)


def answered(accept: str | None, response=None, **cookies) -> HttpResponse:
    request = RequestFactory().get("/", headers={} if accept is None else {"accept-encoding": accept})
    request.COOKIES.update(cookies)
    if response is None:
        response = HttpResponse(BODY, content_type="application/json", headers={"ETag": '"abc"'})
    return CompressionMiddleware(lambda _: response)(request)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=1", "gzip"),
        ("br;q=0.2, gzip;q=0.9, zstd;q=0.1", "gzip"),
        ("zstd;q=0, br;q=0, *", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("identity", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0.0, br;q=0.000", None),
        ("deflate", None),
        ("", None),
        (",,; ;q=, gzip;q=9, br;q=0.1234", None),
        ("gzip" + "," * 5000, "gzip"),
    ],
)
def test_what_a_client_likes_best(header, coding):
    assert chosen(header) == coding


@pytest.mark.parametrize("coding", CODINGS)
def test_the_body_and_its_tag(coding):
    response = answered(coding)
    assert response.headers["Content-Encoding"] == coding
    assert response.headers["ETag"] == f'"abc-{coding}"'
    assert int(response.headers["Content-Length"]) == len(response.content) < len(BODY) / 4
    assert plain(coding, response.content) == BODY
    # A strong tag: the same bytes each time.
    assert answered(coding).content == response.content


def test_what_stays_as_it_is():
    for response in (
        HttpResponse(BODY[: LEAST - 1], content_type="application/json"),
        HttpResponse(BODY, content_type="image/png"),
        HttpResponse(BODY, content_type="application/pdf"),
        HttpResponse(BODY, content_type="application/json", status=206),
        HttpResponse(BODY, content_type="text/csv", headers={"Content-Encoding": "gzip"}),
        HttpResponse(BODY, content_type="text/plain", headers={"Accept-Ranges": "bytes"}),
        HttpResponse(BODY, content_type="text/plain", headers={"cache-control": "no-transform"}),
        HttpResponse(status=204),
    ):
        before = response.content, dict(response.headers)
        assert (answered("gzip, br, zstd", response).content, dict(response.headers)) == before
    for accept in (None, "identity"):
        response = answered(accept)
        assert response.content == BODY and response.headers["ETag"] == '"abc"'
        assert response.headers["Vary"] == "Accept-Encoding"
    noise = bytes(range(256)) * 4
    assert answered("br", HttpResponse(BODY, headers={"ETag": 'W/"x"'})).headers["ETag"] == 'W/"x"'
    assert plain("zstd", answered("zstd", HttpResponse(noise, content_type="text/plain")).content) == noise


def test_who_is_signed_in_gets_pages_of_uncertain_length():
    page = "<p>secret</p>" * 200
    lengths = {
        len(answered("br, gzip", HttpResponse(page), sessionid="x").content) for _ in range(40)
    }  # fmt: skip
    assert len(lengths) > 10
    response = answered("br, gzip", HttpResponse(page), sessionid="x")
    assert response.headers["Content-Encoding"] == "gzip"
    assert zlib.decompress(response.content, 47).decode() == page
    for response in (
        answered("br, gzip", sessionid="x"),
        answered("br", HttpResponse(page), sessionid="x"),
        answered("gzip", StreamingHttpResponse([BODY], content_type="text/csv"), sessionid="x"),
    ):
        assert "Content-Encoding" not in response.headers


class TestStreams:
    @pytest.mark.parametrize("coding", CODINGS)
    def test_the_beginning_comes_at_once_and_nothing_waits_for_the_end(self, coding):
        given = []

        def pieces():
            for number in range(400):
                given.append(number)
                yield b"%d " % number + BODY[:1000]

        stream = stream_compressed(coding, pieces())
        first = next(stream)
        assert given == [0] and first
        taken = [first, next(stream)]
        assert len(given) * 1000 <= STRETCH + 2000
        taken += stream
        whole = b"".join(b"%d " % number + BODY[:1000] for number in range(400))
        assert plain(coding, b"".join(taken)) == whole
        assert len(b"".join(taken)) < len(whole) / 10

    @pytest.mark.parametrize("coding", CODINGS)
    def test_nothing_and_a_failure_half_way(self, coding):
        assert plain(coding, b"".join(stream_compressed(coding, []))) == b""

        def broken():
            yield BODY
            raise OSError

        stream = stream_compressed(coding, broken())
        next(stream)
        with pytest.raises(OSError):
            list(stream)

    @pytest.mark.django_db
    def test_closing_closes_what_is_read(self):
        closed = []

        def pieces():
            try:
                yield BODY
                yield BODY
            finally:
                closed.append(True)

        response = answered("br", StreamingHttpResponse(pieces(), content_type="application/x-ndjson"))
        next(iter(response))
        response.close()
        assert closed and "Content-Length" not in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize("coding", CODINGS)
def test_pages_records_and_exports(client, coding):
    for _ in range(3):
        AgreementFactory(published=True, summary="What the parties agreed to do. " * 30)
    asking = {"accept-encoding": coding}
    for path in ("/agreements/", "/api/v1/agreements/", "/api/v1/schema/"):
        response = client.get(path, headers=asking)
        assert response.headers["Content-Encoding"] == coding, path
        assert "Accept-Encoding" in response.headers["Vary"]
    for kind in ("csv", "ndjson"):
        path = f"/api/v1/agreements/?format={kind}"
        response, whole = client.get(path, headers=asking), client.get(path)
        assert response.headers["Content-Encoding"] == coding
        assert plain(coding, b"".join(response.streaming_content)) == b"".join(whole.streaming_content)
    assert "Content-Encoding" not in client.get("/api/v1/agreements/?format=xlsx", headers=asking).headers


@pytest.mark.django_db
def test_staff_through_their_session(client):
    AgreementFactory(published=True, summary="What the parties agreed to do. " * 30)
    client.force_login(UserFactory())
    asking = {"accept-encoding": "zstd, br, gzip"}
    assert client.get("/agreements/", headers=asking).headers["Content-Encoding"] == "gzip"
    record = client.get("/api/v1/agreements/", headers=asking)
    assert "Content-Encoding" not in record.headers and record.headers["ETag"].startswith('"')
