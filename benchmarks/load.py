"""Asking a server over HTTP as fast as it answers, and saying how long each answer took.

Runs in a process of its own (``measure`` starts it): the generator shares the processors with the
servers, so it does as little as it can. One thread watches kept-alive connections; each sends its
next request when its answer is complete.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


class BadAnswer(Exception):
    """A server answered with something else than a success of a stated length."""


@dataclass(frozen=True)
class Measured:
    """What one server did in one slot.

    Attributes:
        milliseconds: of each request, from sending it to the last byte of its answer.
        seconds: from the first request to the last answer.
        bytes: of all answers, without their heads.
    """

    milliseconds: list[float]
    seconds: float
    bytes: int


def measure(
    port: int,
    paths: list[str],
    *,
    concurrency: int,
    seconds: float,
    least: int = 1,
    headers: dict[str, str] | None = None,
    again: bool = False,
) -> Measured:
    """Ask ``paths`` of a server in turn until the time is up.

    Args:
        port: on 127.0.0.1.
        concurrency: connections that ask at the same time.
        seconds: after these no new request is sent,
        least: but at least so many are made, however slow they are.
        headers: sent with each request.
        again: each path is read once first, and then asked with the tag that it had, so that
            every answer counted is a 304.

    Raises:
        BadAnswer: an answer was no success.
    """
    asked = {
        "port": port,
        "paths": paths,
        "concurrency": concurrency,
        "seconds": seconds,
        "least": least,
        "headers": headers or {},
        "again": again,
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BadAnswer(done.stderr.strip().splitlines()[-1])
    return Measured(**json.loads(done.stdout))


class Connection:
    """One kept-alive connection with one request under way."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self.port, self.selector = port, selector
        self.buffer = bytearray()
        self.whole = self.body = 0
        self._connect()

    def ask(self, request: bytes) -> None:
        self.request = request
        self.buffer.clear()
        self.whole = 0
        self.started = time.perf_counter()
        try:
            self.socket.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            self._ask_again()

    def read(self) -> bool:
        """Take what has come; True when the answer is complete."""
        try:
            piece = self.socket.recv(262_144)
        except ConnectionResetError:
            piece = b""
        if not piece:
            self._ask_again()
            return False
        self.buffer += piece
        if not self.whole:
            self._read_head()
        return bool(self.whole) and len(self.buffer) >= self.whole

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(self.socket, selectors.EVENT_READ, self)

    def _ask_again(self) -> None:
        """Do what every client does when a worker retires: connect anew; the time goes on."""
        if self.buffer:
            raise BadAnswer("The server closed the connection in the middle of an answer.")
        self.close()
        self._connect()
        self.socket.sendall(self.request)

    def close(self) -> None:
        self.selector.unregister(self.socket)
        self.socket.close()

    def _read_head(self) -> None:
        end = self.buffer.find(_END_OF_HEAD)
        if end < 0:
            return
        head = bytes(self.buffer[: end + 2]).lower()
        if head.startswith(b"http/1.1 304"):
            self.body, self.whole = 0, end + len(_END_OF_HEAD)
            return
        if not head.startswith(b"http/1.1 200"):
            raise BadAnswer(bytes(self.buffer[:400]).decode(errors="replace"))
        at = head.find(_LENGTH)
        if at < 0:
            raise BadAnswer("An answer does not state its length.")
        self.body = int(head[at + len(_LENGTH) : head.index(b"\r", at + 2)])
        self.whole = end + len(_END_OF_HEAD) + self.body


def run(
    port: int,
    paths: list[str],
    concurrency: int,
    seconds: float,
    least: int,
    headers: dict[str, str],
    again: bool,
) -> Measured:
    """Do in this process what ``measure`` promises."""
    requests = [_request(port, path, headers) for path in paths]
    if again:
        tags = [_tag(port, path, headers) for path in paths]
        requests = [
            _request(port, path, headers | {"If-None-Match": tag})
            for path, tag in zip(paths, tags, strict=True)
        ]
    selector = selectors.DefaultSelector()
    connections = [Connection(port, selector) for _ in range(concurrency)]
    taken: list[float] = []
    size = sent = 0
    begin = last = time.perf_counter()
    for connection in connections:
        connection.ask(requests[sent % len(requests)])
        sent += 1
    under_way = len(connections)
    while under_way:
        for key, _ in selector.select():
            connection = key.data
            if not connection.read():
                continue
            last = time.perf_counter()
            taken.append((last - connection.started) * 1000)
            size += connection.body
            if last - begin < seconds or sent < least:
                connection.ask(requests[sent % len(requests)])
                sent += 1
            else:
                connection.close()
                under_way -= 1
    return Measured(milliseconds=taken, seconds=last - begin, bytes=size)


def _request(port: int, path: str, headers: dict[str, str]) -> bytes:
    lines = {"Host": f"127.0.0.1:{port}", "Accept": "application/json"} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


def _tag(port: int, path: str, headers: dict[str, str]) -> str:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return answer.headers["ETag"]


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps(vars(run(**json.load(sys.stdin)))))
    except (BadAnswer, OSError) as error:
        sys.exit(" ".join(str(error).split()))
