"""The servers under test, each in a process of its own that ends with the run."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
_START_SECONDS = 300


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ours(port: int) -> list[str]:
    """As operators run it."""
    return [sys.executable, "manage.py", "serve", "--port", str(port)]


def bare(application: str, port: int) -> list[str]:
    """Gunicorn with the workers and threads that ours has."""
    return [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
        "--threads", str(THREADS), "--worker-class", "gthread", "--keep-alive", "30", "--log-level", "error",
        "--no-control-socket", application,
    ]  # fmt: skip


@contextlib.contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[None]:
    """Hold a server up for the length of a ``with`` block; what it says goes to ``log``.

    Raises:
        RuntimeError: it did not start.
    """
    environment = os.environ | {
        "WEB_CONCURRENCY": str(WORKERS),
        "WEB_THREADS": str(THREADS),
        "DEMO": "false",
        # One address asks as fast as it can: that is what limits are against.
        "RATE_LIMITS": "false",
    }
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=BASE, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait(server, port, log)
        yield
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"A server did not start: {log.read_text(errors='replace')[-500:]}")
