"""The process that does what pages hand over, beside the web server; it is started anew when it ends."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

from django.conf import settings

#: How long a job under way may go on when everything is asked to stop.
GRACE_SECONDS = 10


@contextlib.contextmanager
def job_worker() -> Iterator[Callable[[], None]]:
    """Run a worker for the length of the block; yield what to call now and then to keep it running.

    A job that is cut off is taken up again by the next worker: what is left to do stands in the
    registry's own tables, not in the queue (``partnerships.tasks``).
    """
    worker = _start()

    def keep_running() -> None:
        nonlocal worker
        if worker.poll() is not None:
            worker = _start()

    try:
        yield keep_running
    finally:
        _stop(worker)


def _start() -> subprocess.Popen:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--verbosity", "0"]
    environment = os.environ | {"DATA_DIR": str(settings.DATA_DIR), "ENTENTE_PARENT": str(os.getpid())}
    # A session of its own: Ctrl-C reaches only us, and the job at hand may finish.
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)


def _stop(worker: subprocess.Popen) -> None:
    worker.terminate()
    try:
        worker.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
