"""``make test``: every check that a change must pass, each named with its time.

``python -m tests.everything [--no-pytest] [pytest arguments]``
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def checks() -> list[tuple[str, list[str]]]:
    """Return the checks that come before the tests, as (name, command)."""
    manage = [sys.executable, "manage.py"]
    found = [
        ("ruff check", [str(BIN / "ruff"), "check", "--quiet", "."]),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
        ("imports run one way", [str(BIN / "lint-imports"), "--no-cache"]),
        ("migrations are complete", [*manage, "makemigrations", "--check", "--dry-run"]),
    ]
    if any(BASE.glob("templates/**/*.html")):
        found.insert(2, ("djlint", [str(BIN / "djlint"), "--quiet", "--lint", "templates"]))
        found.insert(3, ("djlint format", [str(BIN / "djlint"), "--quiet", "--check", "templates"]))
    return found


def run(name: str, command: list[str], *, quiet: bool = True) -> bool:
    """Run one check; what it says is shown when it fails. Return True when it passes."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=BASE, capture_output=quiet, text=True)
    passed = done.returncode == 0
    if not passed and quiet:
        print(done.stdout + done.stderr)
    print(f"{'passed' if passed else 'FAILED'}  {name}  ({time.monotonic() - started:.1f} s)", flush=True)
    return passed


def main(arguments: list[str]) -> int:
    """Run everything, also after a failure, and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="entente-checks-") as folder:
        # Never the data of a registry that is being served from this checkout.
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        outcomes = [run(name, command) for name, command in checks()]
    del os.environ["DATA_DIR"]
    if "--no-pytest" not in arguments:
        command = [sys.executable, "-m", "pytest", "-n", "2", "--quiet", *arguments]
        outcomes.append(run("tests", command, quiet=False))
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
