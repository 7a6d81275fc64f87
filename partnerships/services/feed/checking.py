"""Proving the feed, and putting it right: what it told last is held against the tables."""

import json
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection
from django.db.models import Max, Min

from partnerships.models import Change, PendingChange, Seen, ToldRecord
from partnerships.models.telling import FILL, TOLD_ONCE
from partnerships.querysets.feed import RESOURCES
from people.transactions import one_transaction

from .forms import Standing, internal_forms, public_forms, standings

BATCH = 500


def differences() -> Iterator[str]:
    """Yield in a sentence each what the feed told otherwise than the tables say; nothing if it is right.

    Ask while nobody writes: what waits to be told is a difference, too.
    """
    if waiting := PendingChange.objects.count():
        yield f"{waiting} changes wait to be told"
    ends = Change.objects.aggregate(first=Min("position"), last=Max("position"))
    if (number := Change.objects.count()) and (ends["first"], ends["last"]) != (1, number):
        yield f"{number} entries stand at the positions {ends['first']} to {ends['last']}"
    for resource, (app, model) in RESOURCES.items():
        known = apps.get_model(app, model)._base_manager
        told = ToldRecord.objects.filter(resource=resource)
        keys = sorted({*known.values_list("pk", flat=True), *told.values_list("key", flat=True)})
        for start in range(0, len(keys), BATCH):
            yield from _of(resource, keys[start : start + BATCH])


@one_transaction
def look_again(*, resources: Iterable[str] = RESOURCES) -> None:
    """Have the records of ``resources`` looked at anew, after they were written without their triggers.

    What differs is told as a change; what does not leaves no trace.
    """
    names = list(resources)
    with connection.cursor() as cursor:
        for resource in names:
            cursor.execute(FILL[resource])
        cursor.execute(TOLD_ONCE, [names])


def _of(resource: str, keys: list[int]) -> Iterator[str]:
    standing = standings(resource, keys)
    public, internal = public_forms(resource, standing), internal_forms(resource, standing)
    told = {row.key: row for row in ToldRecord.objects.filter(resource=resource, key__in=keys)}
    for key in keys:
        row = told.get(key) or ToldRecord(seen=Seen.NOBODY)
        stands = standing.get(key) or Standing("")
        if (row.seen, sorted(row.offices)) != (stands.seen, sorted(stands.offices)):
            yield f"{resource} {key} is seen by {stands.seen}, the feed says {row.seen}"
        if _read(row.public) != public.get(key):
            yield f"what everybody was told of {resource} {key} is not what its tables say"
        if _read(row.internal or row.public) != internal.get(key):
            yield f"what was told internally of {resource} {key} is not what its tables say"


def _read(text: str | None) -> dict | None:
    return None if text is None else json.loads(text)
