"""``python -m partnerships.services.texts.reading FILE ENDING``: print what stands in a file, as JSON.

A program of its own, without Django, the database or any secret: a file that means harm, or that a
library stumbles over, ends this process and nothing else. It first takes its own limits.
"""

import json
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from .found import BROKEN, DONE, EMPTY, ENCRYPTED, TOO_LARGE, Found, Refused
from .limits import CPU_SECONDS, MAX_LETTERS, MAX_PAGES, MEMORY, WALL_SECONDS

_ARCHIVES = (".docx", ".xlsx", ".odt", ".ods")
_ENCRYPTED = "This PDF is encrypted: its words cannot be searched."
_SCANNED = "No text was found in this file. It may be a scan: its words cannot be searched."
_BROKEN = "This file could not be read: it seems to be damaged. Its words cannot be searched."
_LARGE = "This file is too large to be read: its words cannot be searched."
_PAGES = f"This PDF has more than {MAX_PAGES:,} pages: its words cannot be searched."
_CUT = f"This text is long: its first {MAX_LETTERS:,} letters are kept."


def limit() -> None:
    """Take away from this process what it does not need to read a file."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whoever started this may be gone.
    signal.alarm(WALL_SECONDS)


def read(path: str, ending: str) -> Found:
    """Return what stands in a file.

    Args:
        ending: what kind of file it is, by its ending with the dot: ``.pdf``.
    """
    try:
        return _gathered(_pieces(path, ending))
    except Refused as refused:
        return refused.found
    except MemoryError:
        return Found(TOO_LARGE, message=_LARGE)
    # Whatever a library makes of a damaged file.
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        return Found(BROKEN, message=_BROKEN)


def _pieces(path: str, ending: str) -> Iterator[str]:
    if ending == ".pdf":
        return _of_pdf(path)
    if ending in _ARCHIVES:
        from .archives import pieces

        return pieces(path, ending)
    content = Path(path).read_bytes()
    if ending == ".rtf":
        from .rich import text_of

        return iter([text_of(content)])
    return iter([content.decode("utf-8-sig", "replace")])


def _of_pdf(path: str) -> Iterator[str]:
    import logging

    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pdf = pypdf.PdfReader(path)
        # Many are encrypted only to forbid printing: they open without a password.
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise Refused(ENCRYPTED, _ENCRYPTED)
        if len(pdf.pages) > MAX_PAGES:
            raise Refused(
                TOO_LARGE, f"This PDF has more than {MAX_PAGES:,} pages: its words cannot be searched."
            )
        for page in pdf.pages:
            yield page.extract_text()
            yield "\n"
    except (DependencyError, FileNotDecryptedError, NotImplementedError) as error:
        raise Refused(ENCRYPTED, _ENCRYPTED) from error


def _gathered(pieces: Iterator[str]) -> Found:
    """The pieces in one, fit for the database, up to as many letters as are kept."""
    kept: list[str] = []
    room = MAX_LETTERS
    for piece in pieces:
        piece = _clean(piece)
        kept.append(piece[:room])
        room -= len(piece)
        if room < 0:
            return Found(DONE, "".join(kept), _CUT)
    text = "".join(kept).strip()
    return Found(DONE, text) if any(map(str.isalnum, text)) else Found(EMPTY, message=_SCANNED)


def _clean(text: str) -> str:
    """Without what a database does not take: zero bytes, halves of letters."""
    return text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")


def main() -> None:
    """Read the file named on the command line."""
    limit()
    found = read(*sys.argv[1:3])
    sys.stdout.buffer.write(json.dumps(found._asdict()).encode())


if __name__ == "__main__":
    main()
