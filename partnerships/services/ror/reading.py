"""Opening a ROR dump and streaming its records; the file is never held in memory."""

import gzip
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

import ijson

#: How many records may be wrong before the file is taken for something else than a ROR dump.
_PROBE = 20
_BOM = b"\xef\xbb\xbf"
_DAMAGE = (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)


class DumpError(Exception):
    """The file cannot be read as a ROR v2 dump; the message says why, in one line."""


class Dump:
    """An opened dump: iterate over its records, ask ``fraction`` how far the reading has come."""

    def __init__(self, path: Path, raw: BinaryIO, stream: BinaryIO) -> None:
        self.path, self._raw, self._stream = path, raw, stream
        self._size = max(path.stat().st_size, 1)

    @property
    def fraction(self) -> float:
        """The part of the file that has been read, between 0 and 1."""
        return min(self._raw.tell() / self._size, 1.0)

    def __iter__(self) -> Iterator[Any]:
        """Yield every element of the file's list.

        Raises:
            DumpError: the file is damaged, is no JSON, or is no list of ROR v2 records.
        """
        try:
            _expect_list(self._stream, self.path)
            records = ijson.items(self._stream, "item", use_float=True)
            first = list(itertools.islice(records, _PROBE))
            _expect_v2(first, self.path)
            yield from first
            yield from records
        except ijson.JSONError as error:
            raise DumpError(f"“{self.path}” is cut short or no JSON: {_brief(error)}.") from error
        except _DAMAGE as error:
            raise DumpError(f"“{self.path}” is damaged: {_brief(error)}.") from error


@contextmanager
def open_dump(path: Path) -> Iterator[Dump]:
    """Open a ``.json``, ``.json.gz`` or ``.zip`` dump, told apart by content, not by name.

    Raises:
        DumpError: there is no such file, it cannot be read, or the archive holds no ROR v2 JSON.
    """
    with ExitStack() as stack:
        try:
            if path.is_dir():
                raise DumpError(f"“{path}” is a directory; give the dump inside it.")
            raw = stack.enter_context(path.open("rb"))
            stream = _unpacked(stack, path, raw)
        except (*_DAMAGE, ValueError) as error:
            raise DumpError(f"“{path}” cannot be opened: {_brief(error)}.") from error
        yield Dump(path, raw, stream)


def _unpacked(stack: ExitStack, path: Path, raw: BufferedReader) -> BinaryIO:
    start = raw.peek(4)[:4]
    if start[:2] == b"\x1f\x8b":
        return stack.enter_context(gzip.GzipFile(fileobj=raw))
    if start == b"PK\x03\x04":
        archive = stack.enter_context(zipfile.ZipFile(raw))
        member = stack.enter_context(archive.open(_member(archive.namelist(), path)))
        return stack.enter_context(BufferedReader(member))
    return raw


def _member(names: list[str], path: Path) -> str:
    """Return the v2 JSON of a published archive, which may hold v1, CSV and a resource folder too."""
    found = [
        name for name in names if name.lower().endswith(".json") and not name.startswith(("__MACOSX/", "._"))
    ]
    for ending in ("schema_v2.json", "ror-data.json"):
        chosen = [name for name in found if name.lower().endswith(ending)]
        if len(chosen) == 1:
            return chosen[0]
    if len(found) == 1:
        return found[0]
    held = f"several JSON files ({', '.join(sorted(found)[:5])})" if found else "no JSON file"
    raise DumpError(f"“{path}” holds {held}; give a published ROR archive or its v2 JSON.")


def _expect_list(stream: Any, path: Path) -> None:
    """Look at the first character without consuming more than a byte order mark."""
    start = stream.peek(64)
    if not start:
        raise DumpError(f"“{path}” is empty.")
    if start.startswith(_BOM):
        stream.read(len(_BOM))
        start = start[len(_BOM) :]
    if (first := start.lstrip()[:1]) and first != b"[":
        what = "a JSON object" if first == b"{" else "no JSON"
        raise DumpError(f"“{path}” is {what}, not the list of records that a ROR dump is.")


def _expect_v2(first: list[Any], path: Path) -> None:
    if not first:
        raise DumpError(f"“{path}” holds no records.")
    objects = [record for record in first if isinstance(record, dict) and "id" in record]
    if any("names" in record for record in objects):
        return
    if any("name" in record for record in objects):
        raise DumpError(f"“{path}” is a dump of ROR schema 1; give the one of schema 2.")
    raise DumpError(f"“{path}” holds no ROR records.")


def _brief(error: Exception) -> str:
    text = (
        str(getattr(error, "strerror", None) or (error.args[0] if error.args else "")) or type(error).__name__
    )
    if isinstance(error.args[0] if error.args else None, bytes):
        text = error.args[0].decode(errors="replace")
    return text.strip().splitlines()[0].rstrip(".")
