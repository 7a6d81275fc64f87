"""A copy of the registry that follows the feed, and what it must be equal to."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

from examples.replica import Replica

_EXAMPLE = Path(__file__).resolve().parents[4] / "examples" / "replica.py"


def copy_of(replica: Replica) -> bytes:
    """The copy as its script prints it."""
    file = replica.db.execute("PRAGMA database_list").fetchone()[2]
    command = [sys.executable, str(_EXAMPLE), "http://unused", file, "--dump"]
    return subprocess.run(command, capture_output=True, check=True, env={"PYTHONIOENCODING": "utf-8"}).stdout


def fresh_export(replica: Replica) -> bytes:
    """The records of a snapshot, in the order of the copy."""
    with urlopen(f"{replica.api}snapshots/all.ndjson") as answer:  # noqa: S310
        lines = [line for line in answer.read().split(b"\n") if line.startswith(b'{"resource":')]
    # The copy is in the order of the alphabet, a snapshot in that of what is named before what names it.
    return b"".join(line + b"\n" for line in sorted(lines, key=lambda line: json.loads(line)["resource"]))
