"""How statements of our own read cards: those of a queryset, and planned as a search needs it."""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def rows_over(cards: QuerySet, statement: str, *parameters, first: str = "") -> list[tuple]:
    """Return the rows of a statement over ``cards``; none where nothing can be among them.

    Args:
        statement: with ``{cards}`` where the query of ``cards`` is to stand, before every other parameter.
        first: what is set before it.
    """
    try:
        sql, given = cards.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(first + statement.replace("{cards}", sql), [*given, *parameters])
        return cursor.fetchall()


def by_index() -> str:
    """What is set before a statement that reads cards by what a search finds in them.

    PostgreSQL does not reckon with unpacking the texts that it compares: where it takes a word for a frequent
    one, it reads them all, at many times the time. Nor does it with comparing every heading of a card with
    each of hundreds: 850 ms, where the index takes 20. The setting holds for this one statement, so it is
    left alone inside of somebody else's transaction.
    """
    return "" if connection.in_atomic_block else "SET LOCAL enable_seqscan = off; "


def by_bitmap() -> str:
    """The same for a statement that wants a few rows: nor does it walk another index until some turn up.

    It takes a word that nobody wrote for one that stands in many texts, too.
    """
    return (
        by_index() and by_index() + "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; "
    )
