"""The one folder that holds everything an installation keeps: database, files, secrets.

Imported before Django is configured, so it knows nothing of Django.
"""

import os
import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


class DataDirError(Exception):
    """The data folder cannot be used; the message is one line for the operator."""


def data_dir() -> Path:
    """Return the absolute data folder: ``DATA_DIR``, or ``.data`` in the checkout."""
    return Path(os.path.abspath(os.environ.get("DATA_DIR") or BASE_DIR / ".data"))


def ensure(folder: Path) -> Path:
    """Create the data folder, closed to others, and return it.

    Raises:
        DataDirError: it cannot be created, or somebody else owns it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataDirError(f"The data folder {folder} cannot be created: {error.strerror}.") from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise DataDirError(
            f"The data folder {folder} belongs to another user; run as its owner or set DATA_DIR."
        )
    return folder


def keep_secret(path: Path, make) -> str:
    """Return the text of a file that only its owner may read, writing it first when it is missing.

    Args:
        path: the file.
        make: called without arguments for the text when there is no file yet.
    """
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    ensure(path.parent)
    # Written aside and linked into place: two processes starting at once agree on one text, and
    # nobody ever reads half of it.
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        draft.write_text(make() + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def secret_key(folder: Path) -> str:
    """Return the installation's secret key, made once and kept in the data folder."""
    return keep_secret(folder / "secret_key", lambda: secrets.token_urlsafe(50))
