"""A throw-away PostgreSQL for the test run, started before Django's settings are read.

Loaded with ``-p`` from ``pyproject.toml``. With ``DATABASE_URL`` set, that server is used instead.
Under xdist the controller starts one server; every worker makes its own database in it.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

_started: list = []


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the server, unless there is one, and point the settings at it."""
    os.environ["ENTENTE_TESTING"] = "1"
    if _is_worker() or {"-h", "--help", "--version"} & set(sys.argv):
        return
    folder = Path(tempfile.mkdtemp(prefix="entente-tests-"))
    _started.append(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["DATA_DIR"] = str(folder)
    if os.environ.get("DATABASE_URL"):
        return
    from config.embedded import Cluster

    cluster = Cluster(folder, durable=False)
    cluster.acquire()
    _started.append(cluster.release)
    os.environ["DATABASE_URL"] = cluster.url


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop what was started, however the run ended."""
    while _started:
        _started.pop()()
