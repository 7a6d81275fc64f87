"""Receivers of webhooks as they come: good ones, slow ones, hostile ones. Real servers on a real port."""

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent, and answers as ``answers`` says.

    Args:
        answers: called with the request's handler and its number, from 0; returns the status.
    """

    daemon_threads = True

    def __init__(self, answers: Callable = lambda handler, number: 204):
        super().__init__(("127.0.0.1", 0), Request)
        self.answers = answers
        self.kept: list[tuple[dict, bytes]] = []
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?from=entente"

    def handle_error(self, request, client_address):
        """Who was left alone says nothing."""


class Request(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            number = len(self.server.kept)
            self.server.kept.append((dict(self.headers), body))
        answer = self.server.answers(self, number)
        status, headers, text = answer if isinstance(answer, tuple) else (answer, {}, b"")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        """Quietly."""


@contextlib.contextmanager
def receiving(answers: Callable = lambda handler, number: 204) -> Iterator[Receiver]:
    """Run a receiver for the length of the block."""
    with Receiver(answers) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


@contextlib.contextmanager
def answering_with(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Run a server that hands each connection to ``speak``; yield its address."""

    class Conversation(socketserver.BaseRequestHandler):
        def handle(self):
            with contextlib.suppress(OSError):
                speak(self.request)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Conversation) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()


def drip(connection: socket.socket) -> None:
    """Answer a byte at a time, for ever."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


def silence(connection: socket.socket) -> None:
    """Take everything, say nothing."""
    while connection.recv(65536):
        pass
