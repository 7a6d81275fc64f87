"""One job at a time for an import, and how far it is: told over a connection of its own.

What the job writes becomes visible when its one transaction ends. Its progress must be seen before,
so it goes over a second connection that commits at once. That connection also holds an advisory
lock as long as the job lives: a lock that is free, in a state that is under way, means a job that died.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from partnerships.models import ImportBatch

#: First key of the advisory locks of imports; any number that nothing else here takes.
_LOCKS = 4_021
_SECONDS_BETWEEN = 0.5


class Progress:
    """Tells how many rows are done."""

    def __init__(self, batch: ImportBatch, aside) -> None:
        self.batch, self.aside, self.spoken = batch, aside, 0.0

    def tell(self, done: int, total: int | None = None) -> None:
        """Write the number down, at most twice a second."""
        if total is None and time.monotonic() - self.spoken < _SECONDS_BETWEEN:
            return
        self.spoken = time.monotonic()
        with self.aside.cursor() as cursor:
            cursor.execute(
                "UPDATE partnerships_importbatch SET done = %s, total = coalesce(%s, total) WHERE id = %s",
                [done, total, self.batch.pk],
            )


@contextmanager
def alone_with(batch: ImportBatch) -> Iterator[Progress | None]:
    """Keep other jobs away from the import for the length of the block.

    Yields:
        where to tell of progress; None where another job is at it already.
    """
    aside = connection.copy(alias=connection.alias)
    try:
        with aside.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, batch.pk % 2**31])
            free = cursor.fetchone()[0]
        yield Progress(batch, aside) if free else None
    finally:
        # The lock goes with the connection.
        aside.close()


def is_worked_on(batch: ImportBatch) -> bool:
    """True while a living job holds the import."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [_LOCKS, batch.pk % 2**31],
        )
        return cursor.fetchone()[0]
