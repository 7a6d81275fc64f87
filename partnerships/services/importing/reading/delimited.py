"""Text with one row a line: CSV, TSV and their kin."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from .encodings import ENCODINGS, decoded, find_encoding
from .limits import MAX_CELL, FileRefused

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tabulator", "|": "vertical bar"}
_LINES = 30


def read_delimited(
    stream: BinaryIO, encoding: str = "", delimiter: str = ""
) -> tuple[Iterator[list[str]], dict[str, str]]:
    """Return the rows of a text, and how it is read.

    Args:
        encoding, delimiter: as a person chose them; found out where empty.
    """
    if encoding not in {"", *ENCODINGS} or delimiter not in {"", *DELIMITERS}:
        raise FileRefused("This encoding or delimiter is none of those offered.")
    encoding = encoding or find_encoding(stream)
    delimiter = delimiter or _find_delimiter(stream, encoding)
    return _rows(stream, encoding, delimiter), {"encoding": encoding, "delimiter": delimiter}


def _rows(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL * 4)
    text = decoded(stream, encoding)
    reader = csv.reader(text, delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        limit = f"One cell is longer than {MAX_CELL * 4:,} characters"
        what = limit if "limit" in str(error) else "Quotation marks do not close"
        raise FileRefused(f"{what}, near line {reader.line_num:,} of the file.") from error
    except UnicodeError as error:
        raise FileRefused(
            f"Line {reader.line_num + 1:,} does not fit the encoding {ENCODINGS[encoding]}. Choose another."
        ) from error
    finally:
        # Or the file would be closed together with this view of it.
        text.detach()


def _find_delimiter(stream: BinaryIO, encoding: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells, the more the better."""

    def fitness(delimiter: str) -> tuple[int, int]:
        try:
            rows = [row for row in islice(_rows(stream, encoding, delimiter), _LINES) if row]
        except FileRefused:
            return 0, 0
        finally:
            stream.seek(0)
        widths = Counter(len(row) for row in rows)
        width, often = widths.most_common(1)[0] if widths else (1, 0)
        return (often, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=fitness)
