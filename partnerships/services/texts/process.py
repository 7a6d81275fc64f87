"""Starting the reading process, and making sure that it ends."""

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

from .found import BROKEN, TOO_LARGE, Found
from .limits import WALL_SECONDS

logger = logging.getLogger("entente.documents")

_ROOT = Path(__file__).resolve().parents[3]
_STOPPED = "This file could not be read: reading it stopped half-way. Its words cannot be searched."
_TOO_LONG = "This file could not be read: it takes too long. Its words cannot be searched."
_TOO_MUCH = "This file could not be read: it takes too much memory. Its words cannot be searched."


def read_apart(path: str, ending: str, *, seconds: float = WALL_SECONDS) -> Found:
    """Read a file in a process of its own; whatever becomes of that process, an answer is returned.

    Args:
        path: a file on the disk.
        ending: its kind, with the dot.
        seconds: how long it may take.
    """
    command = [sys.executable, "-m", "partnerships.services.texts.reading", path, ending]
    # Nothing of the environment: it holds the keys of the database and of the store.
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        answer, complaint = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return Found(TOO_LARGE, message=_TOO_LONG)
    finally:
        _end(process)
    if complaint:
        logger.warning("reading a document: %s", complaint.decode("utf-8", "replace").strip()[-500:])
    return _understood(process.returncode, answer, complaint)


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _understood(code: int, answer: bytes, complaint: bytes) -> Found:
    if code == 0:
        try:
            return Found(**json.loads(answer))
        except (ValueError, TypeError):
            return Found(BROKEN, message=_STOPPED)
    if code in (-signal.SIGXCPU, -signal.SIGALRM):
        return Found(TOO_LARGE, message=_TOO_LONG)
    if b"MemoryError" in complaint:
        return Found(TOO_LARGE, message=_TOO_MUCH)
    return Found(BROKEN, message=_STOPPED)
