"""Writing cards anew: all of them, or those that wait for it."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from partnerships.models import Agreement, IndexCard
from partnerships.search.cards.documents import FOLLOW
from partnerships.search.clock import compact_clock, move_clock

BATCH = 500
#: How often tallies are drawn together.
TALLY_SECONDS = 600
#: The database does the work; with more connections it works on more processors.
WORKERS = 2


def rebuild(tell: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Write every card anew while the registry is in use, and count everything again.

    Args:
        tell: called with the number of cards written and the number of all, now and then.

    Returns:
        How many cards there are.
    """
    if not IndexCard.objects.exists():
        _make_plain()
    try:
        number = _write_all(tell)
    finally:
        # Also after a run that was killed half-way: what it took away is put back by the next one.
        _make_whole()
    _remove_orphans()
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW)
    recount()
    move_clock()
    return number


def catch_up(most: int = BATCH) -> int:
    """Write cards that wait because too many changed at once; return how many were written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_stale_cards(%s)", [most])
        return cursor.fetchone()[0]


_drawn_together = 0.0


def keep_up() -> None:
    """Do what waits: to be called every few seconds by one process of a registry that is in use."""
    global _drawn_together
    while catch_up():
        pass
    if time.monotonic() - _drawn_together > TALLY_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT compact_tally()")
        compact_clock()
        _drawn_together = time.monotonic()


def recount() -> None:
    """Draw the sample, and count tallies and partnerships anew.

    Who writes meanwhile waits for a few seconds.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE partnerships_tally, partnerships_sampledcard IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM partnerships_tally WHERE heading >= 0")
        cursor.execute(
            "INSERT INTO partnerships_tally (heading, day, change) "
            "SELECT mark.heading, mark.day, sum(mark.change) "
            "FROM partnerships_indexcard card, card_marks(card) AS mark "
            "GROUP BY 1, 2 HAVING sum(mark.change) <> 0"
        )
        cursor.execute("SELECT compact_tally()")
        cursor.execute("DELETE FROM partnerships_sampledcard")
        cursor.execute(
            "INSERT INTO partnerships_sampledcard SELECT * FROM partnerships_indexcard "
            "WHERE hashint8(agreement_id) & 15 = 0"
        )
    # On its own: it waits for writers of cards, who wait for the tallies.
    with connection.cursor() as cursor:
        cursor.execute("SELECT recount_partnerships()")


def _write_all(tell: Callable[[int, int], object]) -> int:
    total, done = Agreement.objects.count(), 0
    if connection.in_atomic_block:
        for batch in _batches():
            _write(batch)
        return total
    with ThreadPoolExecutor(WORKERS) as pool:
        for number in pool.map(_write_and_leave, _batches()):
            done += number
            tell(done, max(total, done))
    return done


def _batches() -> Iterator[list[int]]:
    behind = 0
    while True:
        batch = list(
            Agreement.objects.filter(pk__gt=behind).order_by("pk").values_list("pk", flat=True)[:BATCH]
        )
        if not batch:
            return
        yield batch
        behind = batch[-1]


def _write(batch: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT refresh_cards(%s)", [batch])
    return len(batch)


def _write_and_leave(batch: list[int]) -> int:
    try:
        return _write(batch)
    finally:
        connection.close()


def _remove_orphans() -> None:
    with connection.cursor() as cursor:
        for table in ("indexcard", "preparedrecord"):
            cursor.execute(
                f"DELETE FROM partnerships_{table} orphan WHERE NOT EXISTS "  # noqa: S608
                "(SELECT 1 FROM partnerships_agreement a WHERE a.id = orphan.agreement_id)"
            )


def _make_plain() -> None:
    """Take indexes and counting away: an empty table is filled quicker so."""
    with connection.schema_editor() as editor:
        for index in _standing(IndexCard._meta.indexes):
            editor.remove_index(IndexCard, index)
        editor.execute("ALTER TABLE partnerships_indexcard DISABLE TRIGGER USER")


def _make_whole() -> None:
    """Put back what is missing of indexes and counting."""
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE partnerships_indexcard ENABLE TRIGGER USER")
        editor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        standing = _standing(IndexCard._meta.indexes)
        for index in IndexCard._meta.indexes:
            if index not in standing:
                editor.add_index(IndexCard, index)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partnerships_indexcard")


def _standing(indexes: list) -> list:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'partnerships_indexcard'")
        names = {name for (name,) in cursor.fetchall()}
    return [index for index in indexes if index.name in names]
