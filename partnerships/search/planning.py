"""How PostgreSQL is told to look words up."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def by_index() -> Iterator[None]:
    """Within the block, cards are found by index, however many PostgreSQL expects.

    It takes reading a vector for as cheap as reading a number, though vectors stand apart from
    their rows; and where the first few rows are enough it trusts to meet them soon, and reads all
    cards for a word that none has.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
