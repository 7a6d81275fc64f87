"""The formats of a snapshot, each written as it is read, in constant memory."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import IO, Any

from partnerships.querysets.feed import RESOURCES
from partnerships.services.tables import Column, csv_pieces

from .still import Still

#: Rows of a group of a Parquet file, and letters of NDJSON that are sent together.
ROW_GROUP, PIECE = 2_000, 65_536


@dataclass(frozen=True)
class Shape:
    """What the records of a resource look like in formats that must know it before.

    Args:
        keys: the keys of the record.
        columns: of the flat table.
        schema: makes the schema of Arrow; called only where Parquet is written.
    """

    keys: list[str]
    columns: list[Column]
    schema: Callable[[], Any]


#: By resource. The API, which words records, enters them (``partnerships.api.lasting``).
SHAPES: dict[str, Shape] = {}


class Digesting(io.RawIOBase):
    """A file that is written through, and digested on the way."""

    def __init__(self, file: IO[bytes]):
        self.file, self.digest, self.size = file, sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, piece) -> int:
        self.digest.update(piece)
        self.size += len(piece)
        self.file.write(piece)
        return len(piece)

    def tell(self) -> int:
        return self.size


class Counted:
    """Passes rows on and counts them."""

    def __init__(self, rows: Iterable):
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator:
        for row in self.rows:
            self.number += 1
            yield row


def ndjson(still: Still, resources: Iterable[str] = RESOURCES) -> Iterator[bytes]:
    """Yield lines of JSON: what it is, then the records, then their numbers and a digest of all before."""
    resources, digest, rows = list(resources), sha256(), {}
    buffer = io.StringIO()
    buffer.write(_line({"snapshot": still.about | {"resources": resources}}))
    for resource in resources:
        texts = Counted(still.texts(resource))
        for text in texts:
            buffer.write(f'{{"resource":"{resource}","record":{text}}}\n')
            if buffer.tell() > PIECE:
                yield _taken(buffer, digest)
        rows[resource] = texts.number
    yield _taken(buffer, digest)
    yield _line({"end": {"rows": rows, "sha256": digest.hexdigest()}}).encode()


def write_ndjson(file: IO[bytes], still: Still, resource: str) -> int:
    """Write the lines of one resource; return how many records they hold."""
    piece = b""
    for piece in ndjson(still, [resource]):
        file.write(piece)
    return json.loads(piece)["end"]["rows"][resource]


def write_csv(file: IO[bytes], still: Still, resource: str) -> int:
    """Write the flat table of a resource; return its rows."""
    records = Counted(map(json.loads, still.texts(resource)))
    for piece in csv_pieces(records, SHAPES[resource].columns):
        file.write(piece)
    return records.number


def write_parquet(file: IO[bytes], still: Still, resource: str) -> int:
    """Write records with their lists and parts as nested columns; return their number."""
    # Not needed by whoever never asks for it, and large.
    import pyarrow
    from pyarrow import parquet

    about = still.about | {"resource": resource}
    schema = SHAPES[resource].schema().with_metadata({b"entente": json.dumps(about).encode()})
    records = map(json.loads, still.texts(resource))
    number = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while group := list(islice(records, ROW_GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            number += len(group)
    return number


#: By the ending of a file's name: what writes it, and its media type.
FORMATS: dict[str, tuple[Callable[[IO[bytes], Still, str], int], str]] = {
    "ndjson": (write_ndjson, "application/x-ndjson"),
    "csv": (write_csv, "text/csv; charset=utf-8; header=present"),
    "parquet": (write_parquet, "application/vnd.apache.parquet"),
}


def _line(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _taken(buffer: io.StringIO, digest) -> bytes:
    piece = buffer.getvalue().encode()
    digest.update(piece)
    buffer.seek(0)
    buffer.truncate()
    return piece
