"""In which encoding a text is written."""

import codecs
import io
from typing import BinaryIO

from .limits import FileRefused

#: What a person may choose, and what it is called.
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
    "cp1252": "Western European (Windows 1252)",
    "cp949": "Korean (EUC-KR)",
}
_SAMPLE, _BLOCK = 256 * 1024, 1024 * 1024
#: Of the letters outside ASCII, how many must be Korean before a text counts as Korean.
_KOREAN_SHARE = 0.7


def find_encoding(stream: BinaryIO) -> str:
    """Return the encoding of a text; the stream stands at its beginning again afterwards.

    Raises:
        FileRefused: it is no text.
    """
    sample = stream.read(_SAMPLE)
    stream.seek(0)
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in sample:
        return _wide(sample)
    if _decodes(stream, "utf-8"):
        return "utf-8-sig"
    if _is_korean(sample):
        return "cp949"
    return "cp1252"


def decoded(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The text of a stream. What Windows left undefined becomes the sign for what cannot be shown."""
    errors = "replace" if encoding == "cp1252" else "strict"
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: read the right way round it has ends of lines, and nothing that is no letter."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        if "\n" in text and all(letter.isprintable() or letter.isspace() for letter in text):
            return encoding
    raise FileRefused("This is not a table: the file holds binary data. Save it as CSV or XLSX.")


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := stream.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _is_korean(sample: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("cp949")().decode(sample)
    except UnicodeDecodeError:
        return False
    others = [letter for letter in text if ord(letter) > 127]
    korean = sum("가" <= letter <= "힣" for letter in others)
    return bool(others) and korean / len(others) >= _KOREAN_SHARE
