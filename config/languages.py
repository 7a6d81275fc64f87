"""The languages of the site are the catalogues that lie here: ``config/locale/<tag>/LC_MESSAGES/django.po``.

Words are compiled when an installation is set up or first started, by Babel: no gettext of the system
is needed. ``docs/translating.md`` tells how to add a language.
"""

import logging
import os
import tempfile
from pathlib import Path

from django.conf.locale import LANG_INFO

LOCALE = Path(__file__).resolve().parent / "locale"
#: What the words in code and templates are written in.
SOURCE = "en"

logger = logging.getLogger("entente.languages")


def catalogues() -> dict[str, Path]:
    """Return the catalogue of each language that is translated to, by its tag."""
    found = sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))
    return {path.parents[1].name.lower().replace("_", "-"): path for path in found}


def languages() -> list[tuple[str, str]]:
    """Return the tag of every language and its name in itself, the one of the source first."""
    return [(tag, LANG_INFO[tag]["name_local"]) for tag in (SOURCE, *catalogues())]


def compile_catalogues() -> None:
    """Compile what was not, or was changed since. A folder that cannot be written leaves English."""
    for path in catalogues().values():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        try:
            _write(compiled, path)
        except OSError as error:
            logger.error("the words of %s cannot be compiled: %s", path.parents[1].name, error)


def _write(compiled: Path, path: Path) -> None:
    # Babel takes a while to load, and most starts have nothing to compile.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalogue = read_po(source)
    # Several processes may start at once: each writes a file of its own, and the last one stays.
    handle, unfinished = tempfile.mkstemp(dir=compiled.parent, suffix=".unfinished")
    try:
        with os.fdopen(handle, "wb") as target:
            write_mo(target, catalogue)
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(compiled)
    finally:
        Path(unfinished).unlink(missing_ok=True)
