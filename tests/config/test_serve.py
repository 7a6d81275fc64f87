"""``manage.py serve`` as a real process: what it says, what it serves, what it leaves behind."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from config.embedded import Cluster
from tests.config.conftest import BASE, operator_environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(data_dir: Path, port: int, **environment: str) -> Iterator[subprocess.Popen]:
    """Start ``serve`` and make sure that it is gone at the end."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=BASE, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env=operator_environment(data_dir, PORT=str(port), **environment),
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(40)


@pytest.fixture(autouse=True)
def no_server_left(data_dir: Path) -> Iterator[None]:
    """Stop a database that a failing test leaves behind."""
    yield
    if data_dir.exists():
        Cluster(data_dir).stop_if_unused()


def read_until(process: subprocess.Popen, text: str) -> str:
    """Return what the process says up to the line with ``text``; fail when it ends before."""
    said = ""
    for line in process.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(said)


def fetch(port: int, path: str):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20)
    except urllib.error.HTTPError as error:
        return error


def raw(port: int, line: str) -> bytes:
    """Send a request as a careless client writes it and return what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(f"{line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_a_whole_life(data_dir: Path, manage: Callable) -> None:
    port = free_port()
    with serving(data_dir, port) as process:
        said = read_until(process, "Ctrl-C")
        assert f"http://127.0.0.1:{port}/" in said
        login = said.partition("Staff login")[2].splitlines()[0].split()
        assert login[0] == "demo"
        assert len(login[2]) == 16

        assert fetch(port, "/healthz").status == 200
        ready = fetch(port, "/readyz")
        assert (ready.status, json.load(ready)["status"]) == (200, "ok")
        found = raw(port, "GET /api/v1/agreements/?q=카이스트&fields=title HTTP/1.1")
        assert b"KAIST" in found, "addresses are answered as people write them"
        page = fetch(port, "/admin/login/")
        assert page.status == 200
        assert page.headers["X-Request-ID"]

        beside = manage("shell", "-v0", "-c", "from people.models import User; print(User.objects.count())")
        assert beside.stdout.strip() == "1", beside.stderr

        same_port = manage("serve", PORT=str(port))
        assert same_port.returncode == 1
        assert same_port.stderr.strip() == f"Port {port} is in use; choose another: PORT={port + 1} make run"
        same_data = manage("serve", PORT=str(free_port()))
        assert same_data.returncode == 1
        assert f"in use by process {process.pid}" in same_data.stderr
        assert len(same_data.stderr.strip().splitlines()) == 1

        worker = worker_of(process)
        worker.kill()
        second = worker_of(process, besides=worker.pid)

        # Killed, it can stop nothing itself: web server and worker go by their own, the database waits.
        process.kill()
        process.wait(10)
        wait_until_free(port)
        second.wait(10)

    # The next start takes over what is there, finds the login of the first, and ends in order.
    with serving(data_dir, port, STATEMENT_TIMEOUT_MS="500") as process:
        assert login[2] in read_until(process, "Ctrl-C")
        cluster = Cluster(data_dir)
        assert cluster.is_up()
        with locked(cluster, "partnerships_event"):
            assert fetch(port, "/events/").status == 503
            assert fetch(port, "/api/v1/events/").headers["Retry-After"]
        assert fetch(port, "/events/").status == 200
        worker = worker_of(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
        assert not worker.is_running()
        assert not cluster.is_up()
        assert not cluster.postmaster.is_running()


def worker_of(process: subprocess.Popen, besides: int | None = None) -> psutil.Process:
    """The process that does jobs for ``process``, as soon as there is one other than ``besides``."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for child in psutil.Process(process.pid).children():
            with contextlib.suppress(psutil.Error):
                if "work" in child.cmdline() and child.pid != besides:
                    return child
        time.sleep(0.1)
    raise AssertionError("no worker")


@contextlib.contextmanager
def locked(cluster: Cluster, table: str) -> Iterator[None]:
    """Make everybody wait who reads ``table``."""
    with contextlib.closing(psycopg2.connect(cluster.url)) as holder, holder.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def wait_until_free(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return
        time.sleep(0.1)
    raise AssertionError(f"something still holds port {port}")


def test_ctrl_c_while_it_prepares_stops_it_too(data_dir: Path) -> None:
    with serving(data_dir, free_port()) as process:
        read_until(process, "Preparing")
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
        assert not Cluster(data_dir).postmaster.is_running()


def test_a_port_that_is_none(manage: Callable) -> None:
    done = manage("serve", PORT="eighty")
    assert done.returncode == 1
    assert done.stderr.strip() == "PORT must be a number from 1 to 65535, not 'eighty'."
