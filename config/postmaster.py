"""The server process of a cluster, known by the file that it keeps: ``postmaster.pid``."""

import os
import signal
import subprocess
import time
from pathlib import Path

STOP_SECONDS = 30


class Postmaster:
    """Finds, judges and stops the server that wrote ``postmaster.pid``.

    Args:
        data: the cluster's folder.
    """

    def __init__(self, data: Path) -> None:
        self.file = data / "postmaster.pid"

    def pid(self) -> int | None:
        """Return the pid in the file, or None without a readable one."""
        try:
            return int(self.file.read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def is_running(self) -> bool:
        """True when the file names a live PostgreSQL, not merely a number that lives again.

        After a crash (and always in a fresh container) the pid may belong to any program;
        PostgreSQL itself would then refuse to start.
        """
        pid = self.pid()
        return pid is not None and _program_of(pid) in {"postgres", "postmaster"}

    def forget(self) -> None:
        """Remove the file of a server that is gone."""
        self.file.unlink(missing_ok=True)

    def stop(self, process: subprocess.Popen | None = None) -> None:
        """Stop the server in order: sessions are ended, everything is written.

        Args:
            process: the server when it is our own child, so that it is waited for.
        """
        pid = self.pid() if self.is_running() else None
        if process is not None:
            pid = process.pid if process.poll() is None else None
        for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if pid is None or not _alive(pid, process):
                return
            os.kill(pid, how)
            deadline = time.monotonic() + seconds
            while _alive(pid, process) and time.monotonic() < deadline:
                time.sleep(0.02)


def _alive(pid: int, process: subprocess.Popen | None) -> bool:
    if process is not None:
        return process.poll() is None
    return _program_of(pid) in {"postgres", "postmaster"}


def _program_of(pid: int) -> str:
    """Return the bare name of a running program, empty when there is none or it is a zombie."""
    status = Path(f"/proc/{pid}/status")
    if Path("/proc/self/status").exists():
        try:
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            return ""
        return "" if fields.get("State", "").startswith(("Z", "X")) else fields.get("Name", "").strip()
    listed = subprocess.run(["/bin/ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True)
    return Path(listed.stdout.strip()).name
