"""Run PostgreSQL as somebody else than root, without opening a folder to anybody.

PostgreSQL refuses to run as root. Below a folder that only root may enter (``/root`` for one) an
ordinary account reaches neither the program nor its data. So the server becomes an ordinary
account that keeps one right of root, reading past folder permissions, as an *ambient capability*;
the permissions themselves stay as they are. See capabilities(7), "Ambient".

As a script: ``python unprivileged.py UID GID PROGRAM ARGUMENT...``.
"""

import ctypes
import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path

_CAP_DAC_OVERRIDE = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT, _AMBIENT_IS_SET, _AMBIENT_RAISE = 47, 1, 2
_CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True)
class Account:
    """Who runs the server: an account other than our own, or ours when ``uid`` is our own."""

    uid: int
    gid: int
    keeps_reach: bool = False

    def command(self, *words: str | Path) -> list[str]:
        """Return the command line that runs ``words`` as this account."""
        command = [str(word) for word in words]
        if self.uid == os.geteuid():
            return command
        return [sys.executable, "-I", str(Path(__file__).resolve()), str(self.uid), str(self.gid), *command]


def server_account(data: Path) -> Account:
    """Return the account that is to run the server on ``data``.

    An ordinary user runs it himself. Root hands it to the owner of the data when there is data,
    else to ``postgres`` or ``nobody``.

    Raises:
        LookupError: we are root and the system has neither account, or root has lost its powers.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if sys.platform.startswith("linux") and not _has_reach(ctypes.CDLL(None)):
        raise LookupError("this root lacks CAP_DAC_OVERRIDE to look after another account's data")
    keeps_reach = can_keep_reach()
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid, keeps_reach)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, keeps_reach)
    raise LookupError("neither the account postgres nor nobody exists")


def can_keep_reach() -> bool:
    """True where an account can be given the right to pass folder permissions (Linux, as root)."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_CAP_AMBIENT, _AMBIENT_IS_SET, _CAP_DAC_OVERRIDE, 0, 0) < 0:
        return False
    return _has_reach(libc)


def become(uid: int, gid: int) -> None:
    """Turn this process into an ordinary account, keeping the reach where the system allows it."""
    keep = can_keep_reach()
    libc = ctypes.CDLL(None, use_errno=True)
    if keep:
        libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if keep:
        only = 1 << _CAP_DAC_OVERRIDE
        _set_capabilities(libc, only)
        libc.prctl(_PR_CAP_AMBIENT, _AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def _has_reach(libc: ctypes.CDLL) -> bool:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)()
    # Three words for each half: effective, permitted, inheritable.
    return libc.capget(header, data) == 0 and bool(data[1] & (1 << _CAP_DAC_OVERRIDE))


def _set_capabilities(libc: ctypes.CDLL, bits: int) -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0))


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 (no shell is what we want)
