"""How long one statement of the database may take.

A process that answers visitors limits every statement that it sends (``config.wsgi``), so that a
hopeless question ends by itself. Who needs longer says so here; elsewhere, as in commands and
tests, nothing is limited and nothing is sent.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.db import Error, connection

_CANCELLED = "57014"


@contextmanager
def patience(milliseconds: int) -> Iterator[None]:
    """Let statements of this block take as long as ``milliseconds`` (0: as long as they like)."""
    if not is_limited():
        yield
        return
    _send(f"SET statement_timeout = {int(milliseconds)}")
    try:
        yield
    finally:
        try:
            # To what the connection was opened with.
            _send("RESET statement_timeout")
        except Error:
            # The next one to use it must not inherit our patience.
            connection.close()


@contextmanager
def deadline(milliseconds: int) -> Iterator[None]:
    """Cancel what the connection is doing once this block has taken ``milliseconds``; 0: never.

    For the one statement that escapes ``statement_timeout``: PostgreSQL fills a cursor that
    outlives its transaction while it commits, when it has stopped that clock already.
    """
    if milliseconds <= 0 or not is_limited():
        yield
        return
    connection.ensure_connection()
    clock = threading.Timer(milliseconds / 1000, connection.connection.cancel)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def limit_from_now_on(connections, milliseconds: int) -> None:
    """Have every connection that is opened from now on limit its statements; 0 leaves them alone.

    Args:
        connections: ``django.db.connections``.
    """
    if milliseconds <= 0:
        return
    options = connections.settings["default"].setdefault("OPTIONS", {})
    given = options.get("options", "")
    options["options"] = f"{given} -c statement_timeout={int(milliseconds)}".strip()


def is_limited() -> bool:
    """True where the process at work has called ``limit_from_now_on``."""
    return "statement_timeout" in connection.settings_dict["OPTIONS"].get("options", "")


def took_too_long(error: BaseException | None) -> bool:
    """True where ``error`` is a statement that the database cancelled, or followed from one.

    Closing a cursor that was cancelled before it stood is an error of its own.
    """
    while isinstance(error, Error | psycopg2.Error):
        if getattr(error, "pgcode", None) == _CANCELLED:
            return True
        error = error.__cause__ or error.__context__
    return False


def _send(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
