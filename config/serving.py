"""Serving the registry on one machine: claim the data folder, prepare the database, run gunicorn."""

import contextlib
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db import connection, connections

from config import first_start
from config.children import start_child, stop_child
from config.datadir import DataDirError, ensure
from config.embedded import Cluster, embedded_database
from config.jobs import job_worker
from config.locale_check import database_problems, driver_problem
from config.locks import claim
from partnerships.services.cards import keep_up
from partnerships.tasks import hand_over_due

GRACE_SECONDS = 25
#: How often it is asked whether a job is due.
DUE_SECONDS = 60
Say = Callable[[str], object]
logger = logging.getLogger("entente.serve")


class Stopped(BaseException):
    """Somebody asked us to stop; not an error, so not an Exception."""


def serve(host: str, port: int, say: Say) -> None:
    """Serve until a signal says stop.

    Args:
        host: the address to listen on.
        port: the port to listen on.
        say: called with each line meant for the operator.

    Raises:
        DataDirError: the port, the data folder or the database cannot be used; one line.
        Stopped: a signal asked for it, and everything is down again.
    """
    _stop_on_signals()
    require_free_port(host, port)
    with _claimed(settings.DATA_DIR), _database() as cluster:
        prepare(say)
        connections.close_all()
        with _gunicorn(host, port) as server, job_worker() as keep_working:
            _wait_until_listening(server, host, port)
            say(first_start.banner(f"http://{_written(host)}:{port}/"))
            _watch(server, cluster, keep_working)


def require_free_port(host: str, port: int) -> None:
    """Refuse to start where something else listens.

    Raises:
        DataDirError: naming the port and the way out.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = port + 1 if port < 65535 else 8000
                raise DataDirError(f"Port {port} is in use; choose another: PORT={other} make run") from None
            raise DataDirError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from None


def prepare(say: Say) -> None:
    """Bring the database up to date, collect the static files, load the demo on the first start.

    Raises:
        DataDirError: the database is unfit or does not answer.
    """
    try:
        problems = [*filter(None, [driver_problem()]), *database_problems(connection)]
    except DatabaseError as error:
        raise DataDirError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from None
    if problems:
        raise DataDirError(" ".join(problems))
    say("Preparing the database and the pages …")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    first_start.load_demo(say)
    first_start.make_demo_login()


def _stop_on_signals() -> None:
    def stop(signum, frame):
        # The second signal of an impatient operator must not interrupt the stopping.
        for name in stopping:
            signal.signal(name, signal.SIG_IGN)
        raise Stopped

    stopping = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for name in stopping:
        signal.signal(name, stop)


@contextlib.contextmanager
def _claimed(data_dir: Path) -> Iterator[None]:
    path = ensure(data_dir) / "serve.lock"
    lock = claim(path)
    if lock is None:
        holder = path.read_text().strip() or "unknown"
        raise DataDirError(
            f"The data folder {data_dir} is in use by process {holder}; stop it, or choose another: "
            "DATA_DIR=… make run"
        )
    try:
        yield
    finally:
        os.close(lock)


def _database() -> AbstractContextManager[Cluster | None]:
    if os.environ.get("DATABASE_URL"):
        return contextlib.nullcontext()
    return embedded_database(settings.DATA_DIR)


@contextlib.contextmanager
def _gunicorn(host: str, port: int) -> Iterator[subprocess.Popen]:
    base = settings.BASE_DIR
    command = [sys.executable, "-m", "gunicorn", "--config", str(base / "config" / "gunicorn.py")]
    command += ["--bind", f"{_written(host)}:{port}", "config.wsgi:application"]
    server = start_child(command)
    try:
        yield server
    finally:
        stop_child(server, GRACE_SECONDS)


def _wait_until_listening(server: subprocess.Popen, host: str, port: int) -> None:
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while server.poll() is None:
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise DataDirError("The web server did not start; its last lines above say why.")


def _watch(server: subprocess.Popen, cluster: Cluster | None, keep_working: Callable[[], None]) -> None:
    looked = -DUE_SECONDS
    while True:
        _keep_up()
        keep_working()
        if time.monotonic() - looked >= DUE_SECONDS:
            looked = time.monotonic()
            _look_for_what_is_due()
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = server.wait(2)
            raise DataDirError(f"The web server ended by itself (code {code}); its last lines above say why.")
        if cluster is not None and not cluster.postmaster.is_running():
            raise DataDirError(f"The database server is gone; {cluster.log} may say why. Start again.")


def _keep_up() -> None:
    """Do what is left to do after a change of very many records."""
    try:
        connection.close_if_unusable_or_obsolete()
        keep_up()
    except DatabaseError:
        logger.exception("The cards that wait could not be written; this is tried again.")


def _look_for_what_is_due() -> None:
    """Hand over jobs that are due; one that cannot be handed over must not stop the serving."""
    try:
        hand_over_due()
    except Exception:
        logger.exception("Jobs that are due could not be handed over; this is tried again.")


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
