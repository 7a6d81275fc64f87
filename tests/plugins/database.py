"""A throw-away PostgreSQL for the test run, started before Django's settings are read.

Loaded with ``-p`` from ``pyproject.toml``. With ``DATABASE_URL`` set, that server is used instead.
Under xdist the controller starts one server; every worker makes its own database in it.
"""

import atexit
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_PREFIX = "entente-tests-"
_STALE_SECONDS = 600
_undo: list[Callable[[], object]] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Start the server, unless there is one, and point the settings at it.

    A wrapper, because pytest-django reads the settings in the same hook.
    """
    # Workers inherit the environment, and with it the folder and the server, from the controller.
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _prepare()
    return (yield)


def _prepare() -> None:
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    _undo.append(lambda: shutil.rmtree(folder, ignore_errors=True))
    atexit.register(pytest_unconfigure)
    os.environ |= {"ENTENTE_TESTING": "1", "DATA_DIR": str(folder)}
    if os.environ.get("DATABASE_URL"):
        return
    from config.embedded import Cluster

    _sweep(Cluster, folder)
    # SIGTERM ends the run as Ctrl-C does: in order, with the server stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cluster = Cluster(folder, durable=False)
    cluster.acquire()
    _undo.append(cluster.release)


def _sweep(cluster: type, own: Path) -> None:
    """Stop and remove what a killed test run left behind."""
    for folder in own.parent.glob(_PREFIX + "*"):
        found = folder.stat()
        ours = found.st_uid == os.geteuid() and found.st_mtime < time.time() - _STALE_SECONDS
        if ours and cluster(folder).stop_if_unused():
            shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop what was started, however the run ended."""
    while _undo:
        _undo.pop()()
