"""The embedded PostgreSQL of a data folder: up while anybody uses it, down when the last one leaves.

Each process that uses the server holds a shared lock on ``users.lock``; whoever leaves takes it
alone, if he can, and then knows that he is the last. Starting and stopping happen under
``start.lock``, so neither can meet the other half way. The kernel frees the locks of a process that
is killed: a server left behind is found by the next process, used, and stopped after it.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from config import postgres_install, socket_dir
from config.datadir import DataDirError, ensure
from config.locks import alone, open_lock, share, try_lock
from config.postmaster import Postmaster
from config.unprivileged import server_account

NAME = "entente"
START_SECONDS = 60
SETTLE_SECONDS = 10
LOG_BYTES = 10_000_000
#: Options of a server whose data need not survive a power cut.
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def database_settings(data_dir: Path) -> dict[str, Any]:
    """Return Django's settings of the embedded database; starts nothing."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": NAME,
        "PASSWORD": "",
        "HOST": str(socket_dir.socket_dir(data_dir)),
        "PORT": socket_dir.PORT,
    }


class Cluster:
    """The server of one data folder.

    Args:
        data_dir: the data folder; made when missing.
        durable: False for throw-away data that need not survive a power cut (tests).
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = ensure(data_dir)
        self.data = data_dir / "postgres"
        self.log = data_dir / "postgres.log"
        self.socket_dir = socket_dir.socket_dir(data_dir)
        self.durable = durable
        self.postmaster = Postmaster(self.data)
        self._users: int | None = None
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """The ``DATABASE_URL`` of this server."""
        return f"postgresql://{NAME}@/{NAME}?host={self.socket_dir}&port={socket_dir.PORT}"

    def acquire(self) -> None:
        """Join the users of the server, starting it when it is down.

        Raises:
            DataDirError: it cannot be started; one line for the operator.
        """
        with alone(self.data_dir / "start.lock"):
            self._users = open_lock(self.data_dir / "users.lock")
            try:
                others = not try_lock(self._users)
                if not self._answers():
                    self._bring_up(others)
                self._ensure_database()
                share(self._users)
            except BaseException:
                self._leave()
                raise

    def release(self) -> None:
        """Leave; stop the server when nobody else uses it."""
        if self._users is None:
            return
        with alone(self.data_dir / "start.lock"):
            self._leave()

    def is_up(self) -> bool:
        """True while the server runs."""
        return self._answers()

    def stop_if_unused(self) -> bool:
        """Stop a server that a killed process left behind; False when somebody uses it."""
        with alone(self.data_dir / "start.lock"):
            self._users = open_lock(self.data_dir / "users.lock")
            return self._leave()

    def _leave(self) -> bool:
        """Give up our share of the server; stop it and return True when we were the last."""
        last = try_lock(self._users)
        try:
            if last:
                self._take_down()
        finally:
            os.close(self._users)
            self._users = None
        return last

    def _bring_up(self, others: bool) -> None:
        if self._settled():
            return
        if others:
            # Perhaps it runs where we cannot see it: in another container on the same disk.
            raise DataDirError(
                f"Other processes use {self.data_dir}, yet its database does not answer here; stop them."
            )
        try:
            account = server_account(self.data)
        except LookupError as error:
            raise DataDirError(
                f"PostgreSQL does not run as root, and {error}: run as an ordinary user."
            ) from None
        postgres_install.require_reach(account, postgres_install.program("postgres"), self.data_dir)
        socket_dir.prepare(self.socket_dir, account)
        if self.data.exists():
            postgres_install.require_same_version(self.data)
        else:
            postgres_install.create_cluster(self.data, account, durable=self.durable)
        self._start(account)

    def _settled(self) -> bool:
        """Look after a server that somebody left behind; True when it serves us after all."""
        if not self.postmaster.is_running():
            self.postmaster.forget()
            return False
        # It may be starting or stopping, or its socket was swept out of /tmp.
        deadline = time.monotonic() + SETTLE_SECONDS
        while self.postmaster.is_running() and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.1)
        self.postmaster.stop()
        return False

    def _start(self, account) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "port": socket_dir.PORT,
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # Compiling a statement takes longer than running any of ours.
            "jit": "off",
            # The registry fits into memory or on a disk without moving parts, and many ask at once.
            "random_page_cost": "1.1",
            "max_parallel_workers_per_gather": "0",
            # A search of a million cards marks each that it finds, not whole pages of them.
            "work_mem": "32MB",
            **(_memory() if self.durable else _FORGETFUL),
        }
        words = [f"--{name}={value}" for name, value in options.items()]
        command = account.command(postgres_install.program("postgres"), "-D", self.data, *words)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            begin = log.tell()
            # A session of its own: Ctrl-C in the terminal is for us, we stop the server in order.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env=postgres_install.environment(), start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise DataDirError(
                    f"The database did not start: {self._last_words(begin)}; more in {self.log}"
                )
            time.sleep(0.05)

    def _last_words(self, begin: int) -> str:
        lines = self.log.read_bytes()[begin:].decode("utf-8", "replace").splitlines()
        telling = [line[line.index("FATAL") :] for line in lines if "FATAL" in line]
        return (telling or lines or ["it said nothing"])[-1].strip()

    def _take_down(self) -> None:
        self.postmaster.stop(self._process)
        self._process = None
        socket_dir.remove(self.socket_dir)

    def _connect(self, dbname: str = "postgres"):
        return psycopg2.connect(
            host=str(self.socket_dir), port=socket_dir.PORT, user=postgres_install.SUPERUSER, dbname=dbname,
            connect_timeout=5,
        )  # fmt: skip

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _ensure_database(self) -> None:
        """Make the role and the database that the application uses; it is no superuser."""
        with contextlib.closing(self._connect()) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            name = sql.Identifier(NAME)
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [NAME])
            if not cursor.rowcount:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(name))
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
            if not cursor.rowcount:
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))


def _memory() -> dict[str, str]:
    """Options that let the server use its share of the memory of a machine that also runs the application."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    warm = postgres_install.library("pg_prewarm")
    return {
        # What was in memory when it stopped is read again when it starts: questions of a million cards that
        # have to come from the disk take many times as long.
        **({"shared_preload_libraries": warm} if warm else {}),
        "shared_buffers": f"{min(max(megabytes // 8, 128), 4096)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 512)}MB",
        "max_wal_size": "2GB",
    }


@contextlib.contextmanager
def embedded_database(data_dir: Path) -> Iterator[Cluster]:
    """Keep the server of a data folder up for the length of a ``with`` block."""
    cluster = Cluster(data_dir)
    cluster.acquire()
    try:
        yield cluster
    finally:
        # A second Ctrl-C must not leave a server behind.
        handlers = {name: signal.signal(name, signal.SIG_IGN) for name in (signal.SIGINT, signal.SIGTERM)}
        try:
            cluster.release()
        finally:
            for name, handler in handlers.items():
                signal.signal(name, handler)
