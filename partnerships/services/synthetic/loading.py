"""Writing very many rows: COPY into tables without their indexes, foreign keys and triggers.

Everything happens in the caller's transaction: whoever stops it half way finds all as it was.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO

from django.db import connection

from partnerships.search.clock import move_clock

from .tables import COLUMNS

INDEX_OF_NAMES = "index_names"
_MEMORY = {"maintenance_work_mem": "512MB", "work_mem": "64MB"}

_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
     WHERE indrelid = ANY(%s::regclass[])
       AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
     ORDER BY 1
"""
_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
     ORDER BY 1, 2
"""


def copy(table: str, lines: Iterable[str]) -> None:
    """Append rows, written by ``line``, to a table of ``COLUMNS``."""
    text = "".join(lines)
    if not text:
        return
    columns = ", ".join(COLUMNS[table])
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", StringIO(text))


def next_id(table: str) -> int:
    """Return the id that the next row of the table would get."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return cursor.fetchone()[0]


def first_free_id(table: str, number: int) -> None:
    """Let the ids that the database gives continue with ``number``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, number])


@contextmanager
def untriggered(tables: Iterable[str], *, keep: str | None = None) -> Iterator[None]:
    """Switch off the triggers of the tables: synthetic rows have no history, and no dates to move.

    Args:
        keep: the name of a trigger that stays on where a table has it.
    """
    tables = list(tables)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                "SELECT FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s", [table, keep]
            )
            if cursor.rowcount:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {keep}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    move_clock()


@contextmanager
def bare(tables: Iterable[str]) -> Iterator[None]:
    """Take away indexes and foreign keys of the tables, and make them again over all rows at once.

    Keys and unique constraints stay: rows come in their order, so keeping them is cheap.
    """
    names = list(tables)
    with connection.cursor() as cursor:
        for setting, value in _MEMORY.items():
            cursor.execute(f"SET LOCAL {setting} = '{value}'")
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        cursor.execute(_FOREIGN_KEYS, [names])
        keys = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def settle(tables: Iterable[str]) -> None:
    """Give the planner what it must know of new rows; outside of a transaction also VACUUM."""
    verb = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"{verb} {table}")
