"""Text of files that are archives of XML: DOCX, XLSX, ODT, ODS.

Read as a stream of elements, so that nothing has to fit into memory; entities are not resolved and
nothing is fetched.
"""

import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from .found import BROKEN, ENCRYPTED, TOO_LARGE, Refused
from .limits import MAX_MEMBERS, MAX_UNPACKED

_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OPEN = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"

#: Elements in which text stands, that are a gap, and that end a line. Remarks of reviewers are in files of
#: their own, deleted text in other elements: neither belongs to what was agreed.
_TEXT = {f"{_WORDS}t", f"{_SHEET}t", f"{_OPEN}p", f"{_OPEN}h"}
_GAPS = {f"{_WORDS}tab", f"{_WORDS}br", f"{_WORDS}cr", f"{_OPEN}s", f"{_OPEN}tab", f"{_OPEN}line-break"}
_LINES = {f"{_WORDS}p", f"{_SHEET}si", f"{_SHEET}is", f"{_OPEN}p", f"{_OPEN}h"}
_LEFT_OUT = {f"{_OPEN}tracked-changes", f"{_OFFICE}annotation", f"{_SHEET}rPh"}

_CHUNK = 64 * 1024
_MEMBERS = {
    ".docx": r"word/(header\d*|document|footnotes|endnotes|footer\d*)\.xml",
    ".xlsx": r"xl/(sharedStrings|worksheets/sheet\d+)\.xml",
    ".odt": r"(content|styles)\.xml",
    ".ods": r"content\.xml",
}


def pieces(path: str, ending: str) -> Iterator[str]:
    """Yield the text of an archive piece by piece, with line ends between paragraphs.

    Raises:
        Refused: it is encrypted, or too large when unpacked.
        zipfile.BadZipFile, etree.XMLSyntaxError, …: it is broken.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Refused(TOO_LARGE, "This file is too large to be read when it is unpacked.")
        if _is_encrypted(archive, entries):
            raise Refused(ENCRYPTED, "This file is encrypted: its words cannot be searched.")
        wanted = re.compile(_MEMBERS[ending], re.ASCII)
        chosen = [entry for entry in entries if wanted.fullmatch(entry.filename)]
        # The body first: what is cut off at the end are footers and notes.
        for entry in sorted(chosen, key=lambda one: (not _is_body(one.filename), one.filename)):
            with archive.open(entry) as member:
                yield from _of_member(member)


def _is_body(name: str) -> bool:
    return name.endswith(("document.xml", "content.xml", "sharedStrings.xml"))


def _is_encrypted(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bool:
    if any(entry.flag_bits & 1 for entry in entries):
        return True
    manifest = next((entry for entry in entries if entry.filename == "META-INF/manifest.xml"), None)
    return manifest is not None and b"encryption-data" in archive.open(manifest).read(1024 * 1024)


def _of_member(member) -> Iterator[str]:
    """The text of one file of XML, as far as it goes."""
    reader = _Reader()
    parser = etree.XMLParser(
        target=reader, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    while chunk := member.read(_CHUNK):
        parser.feed(chunk)
        yield reader.taken()
    parser.close()
    yield reader.taken()


class _Reader:
    """Takes the text out of a stream of elements."""

    def __init__(self):
        self.pieces: list[str] = []
        self.within = self.skipped = 0

    def taken(self) -> str:
        text, self.pieces = "".join(self.pieces), []
        return text

    def doctype(self, *_) -> None:
        # No office program writes one; it is where entities that explode are declared.
        raise Refused(BROKEN, "This file could not be read: it is not what an office program writes.")

    def start(self, tag: str, _) -> None:
        self.within += tag in _TEXT
        self.skipped += tag in _LEFT_OUT

    def end(self, tag: str) -> None:
        self.within -= tag in _TEXT
        self.skipped -= tag in _LEFT_OUT
        if not self.skipped and (tag in _GAPS or tag in _LINES):
            self.pieces.append("\n" if tag in _LINES else " ")

    def data(self, text: str) -> None:
        if self.within and not self.skipped:
            self.pieces.append(text)

    def close(self) -> None:
        """The end of the file."""
