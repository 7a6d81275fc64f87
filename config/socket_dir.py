"""The short folder in /tmp where the embedded server listens.

A unix socket's path may have about a hundred bytes, a data folder's path more. The folder's name
follows from the data folder, so every process finds it without asking; being in /tmp, anybody
could have made it first, so it is looked at before it is trusted.
"""

import hashlib
import os
import stat
from pathlib import Path

from config.datadir import DataDirError
from config.unprivileged import Account

PORT = "5432"


def socket_dir(data_dir: Path) -> Path:
    """Return the socket folder of a data folder; the same for every way to write its path."""
    name = os.path.realpath(data_dir).encode("utf-8", "surrogateescape")
    return Path("/tmp") / f"entente-{hashlib.sha256(name).hexdigest()[:16]}"  # noqa: S108


def prepare(folder: Path, account: Account) -> None:
    """Make the socket folder, closed to everybody but us and the server.

    Raises:
        DataDirError: something else stands there, or it belongs to somebody else.
    """
    # A server that keeps root's reach listens in root's own folder; any other in its account's.
    owner = 0 if account.keeps_reach and os.geteuid() == 0 else account.uid
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if owner != os.geteuid():
            os.chown(folder, owner, account.gid)
    if not _is_closed(folder) or folder.lstat().st_uid != owner:
        raise DataDirError(
            f"{folder} is not ours: it must be a folder of uid {owner}, closed to others. Remove it."
        )


def remove(folder: Path) -> None:
    """Remove the socket folder with what a stopped server left in it; leave a stranger's alone."""
    if not _is_closed(folder):
        return
    for leftover in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (folder / leftover).unlink(missing_ok=True)
    try:
        folder.rmdir()
    except OSError:
        return


def _is_closed(folder: Path) -> bool:
    """True for a folder, not a link to one, that only its owner may enter."""
    try:
        mode = folder.lstat().st_mode
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(mode) and not stat.S_IMODE(mode) & 0o077
