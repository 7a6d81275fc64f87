"""A data folder with an awkward name, and commands run on it the way an operator runs them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.embedded import Cluster

BASE = Path(__file__).resolve().parent.parent.parent


def operator_environment(data_dir: Path, **extra: str) -> dict[str, str]:
    """Return the environment of a command outside the test run."""
    ours = ("ENTENTE_TESTING", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")
    inherited = {key: value for key, value in os.environ.items() if key not in ours}
    return inherited | {"DATA_DIR": str(data_dir)} | extra


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder that does not exist yet, with a space and letters outside ASCII in its name."""
    return tmp_path / "daten ordner é 한국"


@pytest.fixture
def cluster(data_dir: Path) -> Iterator[Cluster]:
    """The server of ``data_dir``, not started; stopped at the end whatever the test did."""
    cluster = Cluster(data_dir, durable=False)
    yield cluster
    cluster.release()
    cluster.stop_if_unused()


@pytest.fixture
def manage(data_dir: Path) -> Callable[..., subprocess.CompletedProcess]:
    """Run ``manage.py`` on ``data_dir`` and return what it said."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *words], cwd=BASE,
            env=operator_environment(data_dir, **environment), capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    return run
