"""Processes that ``serve`` starts beside itself, and ends in order."""

import os
import signal
import subprocess

from django.conf import settings


def start_child(command: list[str]) -> subprocess.Popen:
    """Start a process that serves the same data folder and ends when we are killed (``config.parent``)."""
    environment = os.environ | {"DATA_DIR": str(settings.DATA_DIR), "ENTENTE_PARENT": str(os.getpid())}
    # A session of its own: Ctrl-C reaches only us, and the child may finish what it is at.
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)


def stop_child(child: subprocess.Popen, seconds: int) -> None:
    """Ask the process to end, and kill it with all that it started if it has not after ``seconds``."""
    child.terminate()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
