"""A receiver may do what it likes; an attempt ends in time and says what came of it."""

import socket
import ssl
import subprocess
import time

import pytest

from partnerships.services.webhooks import sending
from partnerships.services.webhooks.sending import EXCERPT, send

from .receivers import answering_with, drip, receiving, silence


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.5)


def raw(answer: bytes):
    def speak(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return speak


def test_what_is_sent_arrives_byte_by_byte():
    body = '{"title":"카이스트"}'.encode()
    with receiving(lambda *_: (200, {}, b"Thank you")) as receiver:
        outcome = send(receiver.address, {"webhook-id": "msg_1"}, body)
    assert (outcome.taken, outcome.status, outcome.excerpt) == (True, 200, "Thank you")
    headers, kept = receiver.kept[0]
    assert kept == body
    assert headers["Content-Type"] == "application/json"
    assert headers["webhook-id"] == "msg_1"
    assert headers["Host"] == receiver.address.split("/")[2]


def test_a_redirect_is_not_followed():
    with receiving() as target, receiving(lambda *_: (302, {"Location": target.address}, b"")) as receiver:
        outcome = send(receiver.address, {}, b"{}")
    assert outcome.status == 302
    assert "redirects are not followed" in outcome.fault
    assert target.kept == []


def test_no_proxy_of_the_environment_is_asked(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9/")
    with receiving() as receiver:
        assert send(receiver.address, {}, b"{}").taken


@pytest.mark.parametrize("speak", [silence, drip])
def test_a_receiver_that_hangs_is_left(hasty, speak):
    with answering_with(speak) as address:
        started = time.monotonic()
        outcome = send(address, {}, b"{}")
    assert "in time" in outcome.fault
    assert time.monotonic() - started < 3


def test_a_receiver_that_takes_what_is_sent_too_slowly_is_left(hasty):
    with answering_with(lambda connection: time.sleep(3)) as address:
        assert "in time" in send(address, {}, b"x" * 30_000_000).fault


def test_an_answer_without_end_is_read_no_further():
    body = b"x" * 10_000_000
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n"
    with answering_with(raw(head + body)) as address:
        outcome = send(address, {}, b"{}")
    assert outcome.taken
    assert len(outcome.excerpt) == EXCERPT


@pytest.mark.parametrize(
    "answer, fault",
    [
        (b"", "closed the connection"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "no HTTP"),
        (b"HTTP/1.1 999999 X\r\n\r\n", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n", "no HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000, "no HTTP"),
        (b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno", "answered 500"),
        (b"HTTP/1.1 404 No\r\n\r\n", "answered 404"),
    ],
)
def test_answers_that_are_none(answer, fault):
    with answering_with(raw(answer)) as address:
        assert fault in send(address, {}, b"{}").fault


def test_an_answer_that_breaks_off_counts_by_its_status():
    with answering_with(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense")) as address:
        assert send(address, {}, b"{}").taken


def test_what_is_kept_of_an_answer_is_text():
    with answering_with(raw(b"HTTP/1.1 200 OK\r\n\r\na\x00\x1b[31m\xff\xed\xa0\x80b")) as address:
        excerpt = send(address, {}, b"{}").excerpt
    assert "\x00" not in excerpt and "\x1b" not in excerpt
    excerpt.encode()


@pytest.mark.parametrize(
    "said, seconds", [("120", 120), ("-1", None), ("soon", None), ("9" * 20, None), ("٣", None)]
)
def test_when_a_receiver_wants_to_be_asked_again(said, seconds):
    with receiving(lambda *_: (503, {"Retry-After": said.encode().decode("latin-1")}, b"")) as receiver:
        assert send(receiver.address, {}, b"{}").retry_after == seconds


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        outcome = send(f"http://127.0.0.1:{free.getsockname()[1]}/", {}, b"{}")
    assert (outcome.status, outcome.fault) == (None, "The receiver refused the connection")


@pytest.fixture
def certified(tmp_path):
    """An encrypted receiver for ``hooks.example.org``, with a certificate of its own making."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key),
               "-out", str(certificate), "-subj", "/CN=hooks.example.org",
               "-addext", "subjectAltName=DNS:hooks.example.org"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    with receiving() as receiver:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
        yield receiver, certificate


@pytest.mark.parametrize(
    "host, trusted, fault",
    [
        ("hooks.example.org", True, ""),
        ("hooks.example.org", False, "certificate is not valid"),
        ("other.example.org", True, "certificate is not valid"),
    ],
)
def test_the_certificate_is_checked_against_the_name(certified, monkeypatch, host, trusted, fault):
    receiver, certificate = certified
    port = receiver.server_address[1]
    monkeypatch.setattr(sending, "look_up", lambda destination: ["127.0.0.1"])
    context = ssl.create_default_context(cafile=certificate if trusted else None)
    monkeypatch.setattr(sending, "_tls", lambda: context)
    outcome = send(f"https://{host}:{port}/", {}, b"{}")
    assert fault in outcome.fault and bool(fault) == bool(outcome.fault)
    assert len(receiver.kept) == (not fault)
