"""How gunicorn serves: a few processes with a few threads each, ended in order."""

import gc
import os

from config.logs import logging_config
from config.parent import end_with_parent

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
# A cursor holds a row's title, and a question may hold 300 letters of nine bytes each.
limit_request_line = 8_190
# A fresh process now and then, not all at once: a slow leak never grows old.
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
# The application writes one line for each request itself, with the request's id.
accesslog = None
logconfig_dict = logging_config(level="WARNING")


def when_ready(server) -> None:
    """Keep what is loaded out of the garbage collector's rounds: it stays, in every worker."""
    gc.collect()
    gc.freeze()


def on_starting(server) -> None:
    """Have the kernel stop us when ``serve`` is killed and cannot do it (Linux)."""
    end_with_parent()


def post_worker_init(worker) -> None:
    """Let nobody wait for changes in a worker that is asked to stop."""
    from partnerships.services.feed import waiting

    waiting.keep_on = lambda: worker.alive
