"""Taking in a file: which kinds are accepted, and what is noted of it."""

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from partnerships.models import Document

MAX_BYTES = 25 * 1024 * 1024
_CHUNK = 64 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
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


def _zip_with(member: str) -> Callable[[BinaryIO], bool]:
    def check(file: BinaryIO) -> bool:
        try:
            with zipfile.ZipFile(file) as archive:
                return member in archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError):
            return False

    return check


def _is_text(file: BinaryIO) -> bool:
    try:
        text = file.read().decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


#: By file ending: the media type, and how the content shows that it is what it says.
ACCEPTED: dict[str, tuple[str, Callable[[BinaryIO], bool]]] = {
    ".pdf": ("application/pdf", _begins(b"%PDF-")),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", _zip_with("word/document.xml")),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _zip_with("xl/workbook.xml")),
    ".odt": (f"{_OPEN}.text", _zip_with("content.xml")),
    ".ods": (f"{_OPEN}.spreadsheet", _zip_with("content.xml")),
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
    filename = PurePath(upload.name.replace("\\", "/")).name[-255:]
    if not upload.size:
        raise ValidationError("This file is empty.", code="empty")
    if upload.size > MAX_BYTES:
        raise ValidationError(
            f"This file is too large: {filesizeformat(upload.size)}; "
            f"at most {filesizeformat(MAX_BYTES)} are accepted.",
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


def describe(document: Document, facts: FileFacts) -> None:
    """Write the facts of a file that was just chosen for ``document`` onto it, unsaved."""
    document.filename, document.media_type = facts.filename, facts.media_type
    document.size, document.sha256 = facts.size, facts.sha256


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
