"""One POST to one receiver: to a checked address, within a time, reading no more than a little."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from .addresses import Destination, Refused, look_up, read_address

#: Seconds: until a connection stands, between two pieces of an answer, and for everything together.
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5, 10, 15
#: So much of an answer is read, and so much of that is kept.
READ_BYTES, EXCERPT = 4096, 500
#: So many addresses of a name are tried.
_TRIED = 3

_FAULTS = [
    (ssl.SSLCertVerificationError, "The certificate is not valid for this name"),
    (ssl.SSLError, "No encrypted connection could be made"),
    (TimeoutError, "The receiver did not answer in time"),
    (ConnectionRefusedError, "The receiver refused the connection"),
    (http.client.RemoteDisconnected, "The receiver closed the connection without an answer"),
    (http.client.HTTPException, "The receiver's answer is no HTTP"),
    (OSError, "The connection broke off or could not be made"),
]


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt.

    Args:
        status: the HTTP status; None where there was no answer.
        milliseconds: how long it took.
        excerpt: how the answer began.
        fault: why there was no answer, or why it does not count; "" where it was taken.
        retry_after: seconds after which the receiver wants to be asked again, if it said so.
    """

    status: int | None = None
    milliseconds: int = 0
    excerpt: str = ""
    fault: str = ""
    retry_after: int | None = None

    @property
    def taken(self) -> bool:
        return not self.fault


def send(address: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Post ``body`` to ``address`` and tell what came of it; never raises for what a receiver does.

    No redirect is followed, no proxy of the environment asked, and the name is looked up once: the
    connection goes to the address that was checked, the certificate is checked against the name.
    """
    started = time.monotonic()

    def outcome(**facts) -> Outcome:
        return Outcome(milliseconds=round((time.monotonic() - started) * 1000), **facts)

    try:
        destination = read_address(address)
        where = look_up(destination)
    except Refused as error:
        return outcome(fault=str(error))
    patience = Patience(WHOLE_SECONDS)
    try:
        with patience, _connected(destination, where, patience) as connection:
            connection.request("POST", destination.target, body, _all(headers))
            answer = connection.getresponse()
            excerpt = _excerpt(answer)
        if patience.is_over:
            # An answer that was cut off reads like a short one.
            raise TimeoutError
    except Exception as error:
        # A hostile answer may break the parts that read it in many ways; each is the receiver's fault.
        return outcome(fault=_told(TimeoutError() if patience.is_over else error))
    return outcome(
        status=answer.status,
        excerpt=excerpt,
        fault=_fault_of(answer.status),
        retry_after=_retry_after(answer.headers.get("Retry-After", "")),
    )


class Patience:
    """Ends what happens on a connection when its time is over, however slowly something still arrives."""

    def __init__(self, seconds: float):
        self.ends_at = time.monotonic() + seconds
        self.is_over = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def watch(self, connection: socket.socket) -> None:
        """From now on this connection ends as well."""
        self._sockets.append(connection)

    def __enter__(self) -> "Patience":
        self._timer.start()
        return self

    def __exit__(self, *error) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        for connection in self._sockets:
            try:
                # The plain one: the encrypted would let go of what the other thread still reads from.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            except OSError:
                continue


@contextmanager
def _connected(
    destination: Destination, where: list[str], patience: Patience
) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(destination.host, _stated_port(destination))
    # Given a socket, it opens none of its own.
    connection.sock = _socket(destination, where, patience)
    try:
        yield connection
    finally:
        connection.close()


def _socket(destination: Destination, where: list[str], patience: Patience) -> socket.socket:
    plain = _first_to_answer(where[:_TRIED], destination.port, patience)
    plain.settimeout(READ_SECONDS)
    if not destination.secure:
        patience.watch(plain)
        return plain
    try:
        secure = _tls().wrap_socket(plain, server_hostname=destination.host, do_handshake_on_connect=False)
    except BaseException:
        plain.close()
        raise
    patience.watch(secure)
    try:
        secure.do_handshake()
    except BaseException:
        secure.close()
        raise
    return secure


def _first_to_answer(where: list[str], port: int, patience: Patience) -> socket.socket:
    for place, address in enumerate(where, start=1):
        left = patience.ends_at - time.monotonic()
        try:
            return socket.create_connection((address, port), timeout=max(0.1, min(CONNECT_SECONDS, left)))
        except OSError:
            if place == len(where):
                raise
    raise OSError


def _stated_port(destination: Destination) -> int:
    """The port for the Host header, which ``http.client`` leaves out where it is its usual one."""
    usual = 443 if destination.secure else 80
    return http.client.HTTP_PORT if destination.port == usual else destination.port


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _all(headers: Mapping[str, str]) -> dict[str, str]:
    usual = {
        "Content-Type": "application/json",
        "User-Agent": "Entente-Webhooks/1",
        "Connection": "close",
    }
    return {**usual, **headers}


def _excerpt(answer: http.client.HTTPResponse) -> str:
    try:
        text = answer.read1(READ_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError, http.client.HTTPException):
        # What it answered is known already; how the answer goes on matters to nobody.
        return ""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)[
        :EXCERPT
    ].strip()


def _fault_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"The receiver answered {status}; redirects are not followed"
    return f"The receiver answered {status}"


def _retry_after(text: str) -> int | None:
    return (
        int(text) if text.strip().isascii() and text.strip().isdecimal() and len(text.strip()) < 7 else None
    )


def _told(error: Exception) -> str:
    for kind, words in _FAULTS:
        if isinstance(error, kind):
            return words
    return f"The receiver's answer could not be read ({type(error).__name__})"
