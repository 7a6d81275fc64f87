"""Which command needs the embedded database, and for how long."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator

from config.datadir import data_dir

# ``serve`` is here because it starts the database itself, after it has looked at the port.
_WITHOUT_DATABASE = {
    "help", "version", "--version", "--help", "-h", "serve", "check", "collectstatic", "findstatic",
    "diffsettings", "compilemessages", "makemessages", "startapp", "startproject", "spectacular",
    "update_words",
}  # fmt: skip


def needs_database(argv: list[str]) -> bool:
    """True when the command line asks for something that talks to the database."""
    command = argv[1] if len(argv) > 1 else "help"
    if {"-h", "--help"} & set(argv):
        return False
    if command == "check":
        return any(word.startswith("--database") for word in argv)
    return command not in _WITHOUT_DATABASE


@contextlib.contextmanager
def database_for(argv: list[str]) -> Iterator[None]:
    """Hold the embedded database up for the length of a command, where the command needs it.

    With ``DATABASE_URL`` set there is nothing to hold. A server that ``make run`` or another
    command has already started is shared, and stays when they need it longer.
    """
    if os.environ.get("DATABASE_URL") or not needs_database(argv):
        yield
        return
    from config.embedded import embedded_database

    # The default answer to SIGTERM would leave the server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with embedded_database(data_dir()):
        yield
