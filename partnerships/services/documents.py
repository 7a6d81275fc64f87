"""Taking in a file: which kinds are accepted, and what is noted of it."""

import hashlib
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from partnerships.models import Document

_CHUNK = 64 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
_LONGEST_NAME = 255
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_WORDS, _SHEET = "wordprocessingml.document", "spreadsheetml.sheet"
_OPEN = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class FileFacts:
    """What the registry notes of a file."""

    filename: str
    media_type: str
    size: int
    sha256: str


def _begins(*signatures: bytes) -> Callable[[BinaryIO], bool]:
    return lambda file: file.read(16).startswith(signatures)


def _archive_with(*members: str, telling: str, of: bytes) -> Callable[[BinaryIO], bool]:
    """A check for an archive with these members, of which ``telling`` says what it is: holds ``of``."""

    def check(file: BinaryIO) -> bool:
        if not file.read(4).startswith(b"PK\x03\x04"):
            return False  # a ZIP may stand behind anything else, and then be two files in one
        try:
            with zipfile.ZipFile(file) as archive:
                names = set(archive.namelist())
                # The beginning is enough, however large it becomes when it is unpacked.
                told = archive.open(telling).read(_CHUNK) if telling in names else b""
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError):
            return False
        return names.issuperset(members) and of in told

    return check


def _office(kind: str, member: str) -> Callable[[BinaryIO], bool]:
    # With macros the same archive says another kind: those are not accepted.
    return _archive_with(member, telling="[Content_Types].xml", of=f"{_OFFICE}.{kind}.main+xml".encode())


def _open_document(kind: str) -> Callable[[BinaryIO], bool]:
    return _archive_with("content.xml", telling="mimetype", of=f"{_OPEN}.{kind}".encode())


def _is_text(file: BinaryIO) -> bool:
    try:
        text = file.read().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


#: By file ending: the media type, and how the content shows that it is what it says.
ACCEPTED: dict[str, tuple[str, Callable[[BinaryIO], bool]]] = {
    ".pdf": ("application/pdf", _begins(b"%PDF-")),
    ".docx": (
        f"{_OFFICE}.{_WORDS}",
        _office(_WORDS, "word/document.xml"),
    ),
    ".xlsx": (f"{_OFFICE}.{_SHEET}", _office(_SHEET, "xl/workbook.xml")),
    ".odt": (f"{_OPEN}.text", _open_document("text")),
    ".ods": (f"{_OPEN}.spreadsheet", _open_document("spreadsheet")),
    ".doc": ("application/msword", _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ".rtf": ("application/rtf", _begins(b"{\\rtf")),
    ".txt": ("text/plain", _is_text),
    ".png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    ".tif": ("image/tiff", _begins(b"II*\x00", b"MM\x00*")),
    ".tiff": ("image/tiff", _begins(b"II*\x00", b"MM\x00*")),
}


def examine(upload) -> FileFacts:
    """Read an uploaded file once and return what is noted of it.

    The media type follows from the ending and is held against the content: what a browser claims
    of a file is not asked.

    Args:
        upload: a Django ``File`` with ``name`` and ``size``; left at its beginning.

    Raises:
        ValidationError: the file is empty, too large, of a kind that is not accepted, or not what
            its ending says.
    """
    filename = plain_name(upload.name)
    if not upload.size:
        raise ValidationError("This file is empty.", code="empty")
    if upload.size > max_bytes():
        raise ValidationError(
            f"This file is too large: {filesizeformat(upload.size)}; "
            f"at most {filesizeformat(max_bytes())} are accepted.",
            code="too_large",
        )
    ending = PurePath(filename).suffix.lower()
    if ending not in ACCEPTED:
        kinds = ", ".join(sorted(name.lstrip(".") for name in ACCEPTED))
        raise ValidationError(f"Files of this kind are not accepted. Accepted are: {kinds}.", code="kind")
    media_type, genuine = ACCEPTED[ending]
    upload.seek(0)
    if not genuine(upload):
        raise ValidationError(
            f"This is no {ending.lstrip('.')} file, whatever its name says.", code="not_genuine"
        )
    return FileFacts(filename, media_type, upload.size, _digest(upload))


def max_bytes() -> int:
    """The largest file that is accepted, in bytes."""
    return settings.MAX_DOCUMENT_MB * 1024 * 1024


def plain_name(name: str) -> str:
    """The name of a file without its path, and without signs that make it read as another one.

    Those are control characters, and what turns the direction of writing: ``fdp.exe`` may look like
    ``exe.pdf``. A long name is cut before its ending.
    """
    name = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    # Persian and the scripts of India spell with joiners.
    shown = (sign for sign in name if unicodedata.category(sign) not in _UNSEEN or sign in "\u200c\u200d")
    name = " ".join("".join(shown).split())
    ending = PurePath(name).suffix[:20]
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - len(ending)] + ending


def describe(document: Document, facts: FileFacts, *, by=None) -> None:
    """Write the facts of a file that was just chosen for ``document`` onto it, unsaved.

    Args:
        by: the user who chose it, where one did.
    """
    document.filename, document.media_type = facts.filename, facts.media_type
    document.size, document.sha256 = facts.size, facts.sha256
    document.filed_by = by if by is not None and by.pk else None


def same_files(document: Document, user):
    """Other documents that ``user`` may see and that hold the very same file."""
    return (
        Document.objects.visible_to(user)
        .filter(sha256=document.sha256)
        .exclude(pk=document.pk)
        .select_related("agreement")
    )


def _digest(upload) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    while chunk := upload.read(_CHUNK):
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
