"""The teller: turns what waits into entries of the feed, one batch a transaction.

Only one tells at a time, and it alone gives positions, so an entry is never seen before the one in
front of it. What waits is seen once its transaction is committed, however late: such a change gets
a later position, it is not skipped. The batch is read from one snapshot of the database, so that
no record is told half before and half after a change.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from partnerships.models import Change, PendingChange, Seen, ToldRecord
from partnerships.querysets.feed import RESOURCES

from .forms import Standing, internal_forms, public_forms, standings

logger = logging.getLogger("entente.feed")

#: Rows that wait, taken at a time: by the worker, and by a reader who must not wait for it.
BATCH, SMALL_BATCH = 1_000, 100
#: Called once entries were committed: to hand over what they bring with them. They must not raise.
AFTER_TELLING: list[Callable[[], object]] = []

_BEING_TOLD = "55P03"  # lock_not_available
_RANK = {resource: number for number, resource in enumerate(RESOURCES)}
#: Lists of what may be hidden later: beside a change they stand as ids alone.
_BY_ID = {
    "documents": lambda row: row["id"],
    "relations": lambda row: row["agreement"]["id"],
    "inverse_relations": lambda row: row["agreement"]["id"],
}
Pair = tuple[str, int]


def tell(most: int = BATCH) -> int:
    """Tell one batch of what waits.

    Args:
        most: rows that wait to take at most.

    Returns:
        How many of them were settled; 0 where nothing waits or somebody else is telling.
    """
    if not PendingChange.objects.exists():
        return 0
    try:
        with transaction.atomic():
            _begin()
            settled, entries = _tell(most)
            if entries:
                transaction.on_commit(_told)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != _BEING_TOLD:
            raise
        return 0
    return settled


def tell_all() -> int:
    """Tell batch after batch until nothing waits or somebody else is telling; return what was settled."""
    settled = 0
    while number := tell():
        settled += number
    return settled


def _begin() -> None:
    with connection.cursor() as cursor:
        # Inside a transaction of somebody else (a test) it is theirs to say.
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("LOCK TABLE partnerships_teller IN EXCLUSIVE MODE NOWAIT")


def _told() -> None:
    for follow in AFTER_TELLING:
        try:
            follow()
        except Exception:
            logger.exception("What follows from new entries of the feed could not be handed over.")


def _tell(most: int) -> tuple[int, int]:
    waiting = list(PendingChange.objects.order_by("pk").values_list("pk", "resource", "key", "xact")[:most])
    order = in_order(waiting)
    told = _told_before(order)
    position, now = Change.objects.last_position(), timezone.now()
    changes, records = [], []
    for pair, standing, public, internal in _as_they_stand(order):
        before = told.get(pair) or ToldRecord(resource=pair[0], key=pair[1], seen=Seen.NOBODY)
        change = _change(before, standing, public, internal)
        if change is None:
            continue
        position += 1
        change.position, change.told_at = position, now
        _renew(before, standing, public, internal, position)
        changes.append(change)
        records.append(before)
    Change.objects.bulk_create(changes)
    ToldRecord.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["resource", "key"],
        update_fields=["uid", "seen", "offices", "public", "internal", "public_since", "internal_since"],
    )
    PendingChange.objects.filter(pk__in=[row[0] for row in waiting]).delete()
    return len(waiting), len(changes)


def in_order(waiting: Iterable[tuple[int, str, int, int]]) -> list[Pair]:
    """Return the records of rows that wait, each once, in the order in which they are told.

    A record stands where its last change does. What one transaction changed stands together, where
    that wrote last, and in it what is named before what names it.

    Args:
        waiting: id, resource, key and transaction of each row, by id.
    """
    last: dict[Pair, tuple[int, int]] = {}
    end: dict[int, int] = {}
    for row, resource, key, xact in waiting:
        last[resource, key] = row, xact
        end[xact] = row
    return sorted(last, key=lambda pair: (end[last[pair][1]], _RANK[pair[0]], last[pair][0]))


def _told_before(pairs: list[Pair]) -> dict[Pair, ToldRecord]:
    named = Q(pk__in=[])
    for resource, keys in _by_resource(pairs).items():
        named |= Q(resource=resource, key__in=keys)
    return {(row.resource, row.key): row for row in ToldRecord.objects.filter(named)}


def _by_resource(pairs: list[Pair]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for resource, key in pairs:
        found.setdefault(resource, []).append(key)
    return found


def _as_they_stand(order: list[Pair]) -> Iterator[tuple[Pair, Standing | None, str | None, str | None]]:
    """Each record with where it stands now and its two forms as JSON text, as far as there are any."""
    standing, public, internal = {}, {}, {}
    for resource, keys in _by_resource(order).items():
        standing[resource] = standings(resource, keys)
        public[resource] = public_forms(resource, standing[resource])
        internal[resource] = internal_forms(resource, standing[resource])
    for resource, key in order:
        everybody = _text(public[resource].get(key))
        inside = _text(internal[resource].get(key))
        same = inside == everybody
        yield (resource, key), standing[resource].get(key), everybody, None if same else inside


def _text(record: dict | None) -> str | None:
    """JSON as any writer of it would have it, so that a copy comes out byte by byte."""
    return None if record is None else json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _change(before: ToldRecord, after: Standing | None, public, internal) -> Change | None:
    """The entry that tells what became of a record; None where nothing did that anybody is told."""
    after = after or Standing(before.uid)
    offices = list(after.offices)
    same = (before.seen, before.offices, before.public, before.internal)
    if same == (after.seen, offices, public, internal):
        return None
    if before.seen == after.seen == Seen.NOBODY:
        return None
    return Change(
        resource=before.resource,
        key=before.key,
        uid=after.uid or before.uid,
        seen_before=before.seen,
        seen_after=after.seen,
        offices_before=before.offices,
        offices_after=offices,
        into=after.into,
        public=_differences(before.public, public),
        internal=_differences(before.internal or before.public, internal or public),
    )


def _renew(record: ToldRecord, after: Standing | None, public, internal, position: int) -> None:
    """Have ``record`` say what was told last."""
    after = after or Standing(record.uid)
    open_to_readers = {Seen.PUBLIC, Seen.INTERNAL}
    offices = list(after.offices)
    if after.seen == Seen.PUBLIC != record.seen:
        record.public_since = position
    stayed = {record.seen, after.seen} <= open_to_readers
    if not stayed and (record.seen, record.offices) != (after.seen, offices):
        record.internal_since = position
    record.uid, record.seen, record.offices = after.uid, after.seen, offices
    record.public, record.internal = public, internal


def _differences(before: str | None, after: str | None) -> dict | None:
    """What differs between two forms, by key; None where nothing does or one of them is missing."""
    if before is None or after is None or before == after:
        return None
    old, new = json.loads(before), json.loads(after)
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return {key: {"before": _lasting(key, old), "after": _lasting(key, new)} for key in keys} or None


def _lasting(key: str, record: dict):
    value = record.get(key)
    return [_BY_ID[key](row) for row in value] if key in _BY_ID and value else value
