"""What PostgreSQL is told of how to answer a search."""

from django.db import connection


def by_index() -> str:
    """What is set before a statement that reads cards by what a search finds in them.

    PostgreSQL does not reckon with unpacking the texts that it compares: where it takes a word for a frequent
    one, it reads them all, at many times the time. The setting holds for this one statement, so it is left
    alone inside of somebody else's transaction.
    """
    return "" if connection.in_atomic_block else "SET LOCAL enable_seqscan = off; "


def by_bitmap() -> str:
    """The same for a statement that wants a few rows: nor does it walk another index until some turn up.

    It takes a word that nobody wrote for one that stands in many texts, too.
    """
    return (
        by_index() and by_index() + "SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; "
    )
