"""A registry that is really served: a copy of the tests' database with the demonstration, behind gunicorn.

Who asks it comes through the network, as an integrator does. What they write stays in the copy.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

BASE = Path(__file__).resolve().parents[2]
PATIENCE = 60


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Registry:
    """A served registry.

    Attributes:
        address: ``http://127.0.0.1:<port>``.
        tokens: secrets by the scopes that they have, joined with ``+``; ``all`` has every scope.
        cookies: of a superuser who is signed in.
        uids: records that the demonstration lacks: ``withdrawn``.
        environment: of a command that works on the same data.
    """

    address: str
    environment: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body=None, token: str | None = "all", **headers: str) -> Answer:  # noqa: S107
        """Send a request; ``token`` is a key of ``tokens``, ``staff`` (signed in), or None for nobody."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token == "staff":
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            sent["X-CSRFToken"] = self.cookies["csrftoken"]
        elif token:
            sent["Authorization"] = f"Bearer {self.tokens.get(token, token)}"
        data, kind = _written(body)
        if data is not None:
            sent.setdefault("Content-Type", kind)
        request = urllib.request.Request(self.address + path, data, sent, method=method.upper())  # noqa: S310
        try:
            answer = urllib.request.urlopen(request, timeout=PATIENCE)  # noqa: S310
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(
                answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
            )


def _written(body) -> tuple[bytes | None, str]:
    """A body as it is sent, and its type: JSON, or a form where it holds a file."""
    if isinstance(body, dict) and "file" in body:
        file = SimpleUploadedFile("example.txt", body["file"].encode())
        return encode_multipart(BOUNDARY, body | {"file": file}), MULTIPART_CONTENT
    return body if body is None or isinstance(body, bytes) else json.dumps(body).encode(), "application/json"


@contextmanager
def serve_copy(folder: Path, name: str) -> Iterator[Registry]:
    """Serve a copy of the tests' database.

    Args:
        folder: where files of documents go, and what the server says.
        name: of the copy, for this process alone.
    """
    with copied(name) as environment:
        environment |= {"DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
        furnished = subprocess.run(
            [sys.executable, "-m", "tests.contract.furnish"], cwd=BASE, env=environment, capture_output=True,
            text=True, timeout=PATIENCE * 2,
        )  # fmt: skip
        assert furnished.returncode == 0, furnished.stderr
        port = _free_port()
        address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--workers", "1",
                   "--bind", f"127.0.0.1:{port}", "config.wsgi:application"]  # fmt: skip
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(command, cwd=BASE, env=environment, stdout=log, stderr=log)
            try:
                _wait(server, address, folder / "server.log")
                yield Registry(address, environment, **json.loads(furnished.stdout.splitlines()[-1]))
            finally:
                server.terminate()
                server.wait(PATIENCE)


@contextmanager
def copied(name: str) -> Iterator[dict[str, str]]:
    """Copy the tests' database; yields the environment of a process that works on the copy."""
    found = connection.settings_dict
    connection.close()
    options = {
        "user": found["USER"],
        "password": found["PASSWORD"],
        "host": found["HOST"],
        "port": found["PORT"],
    }
    with closing(psycopg2.connect(dbname="postgres", **{k: v for k, v in options.items() if v})) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{found["NAME"]}"')
            try:
                who = quote(found["USER"]) + (f":{quote(found['PASSWORD'])}" if found["PASSWORD"] else "")
                where = f"?host={found['HOST']}&port={found['PORT']}" if found["HOST"] else ""
                url = f"postgresql://{who}@/{name}{where}"
                yield dict(os.environ) | {"DATABASE_URL": url, "ENTENTE_TESTING": "1"}
            finally:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server: subprocess.Popen, address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    raise AssertionError(f"the server does not answer:\n{log.read_text()}")
