"""The process that does what pages hand over, beside the web server; it is started anew when it ends."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator

from django.conf import settings

from config.children import start_child, stop_child

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
        stop_child(worker, GRACE_SECONDS)


def _start() -> subprocess.Popen:
    return start_child([sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--verbosity", "0"])
