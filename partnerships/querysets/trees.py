"""Walks in a graph of parents, by one recursive statement."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection


def reachable(ids: Iterable[int], *, table: str, child: str, parent: str, where: str = "TRUE") -> list[int]:
    """Return ``ids`` and the ids of everything below them.

    Exchange ``child`` and ``parent`` to walk upward.

    Args:
        table: the table of edges; ``child`` and ``parent`` are its columns.
        where: an SQL condition that edges must meet. None of these four is ever user input.
    """
    each = reachable_from_each(ids, table=table, child=child, parent=parent, where=where)
    return sorted(set().union(*each.values()))


def reachable_from_each(
    ids: Iterable[int], *, table: str, child: str, parent: str, where: str = "TRUE"
) -> dict[int, set[int]]:
    """Return for each of ``ids`` itself and the ids of everything below it: see ``reachable``."""
    step = f"SELECT top, edge.{child} FROM {table} edge JOIN found ON edge.{parent} = found.id"  # noqa: S608
    statement = f"""
        WITH RECURSIVE given(id) AS (SELECT unnest(%s::bigint[])), found(top, id) AS (
            SELECT id, id FROM given UNION {step} WHERE edge.{child} IS NOT NULL AND {where}
        )
        SELECT top, id FROM found
    """  # noqa: S608
    found = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        for top, below in cursor.fetchall():
            found[top].add(below)
    return found
