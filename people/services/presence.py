"""Who has which form open: told by the browsers, believed for some minutes."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from people.models import Presence

#: Without a further sign a form counts as left. A browser without scripts gives only the first one.
BELIEVED = timedelta(minutes=5)
KEPT = timedelta(hours=1)

# One statement without a lock that anybody else could wait for: the row is the user's own.
_NOTE = """
INSERT INTO people_presence AS stands (user_id, label, key, since, seen_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (label, key, user_id) DO UPDATE SET
    since = CASE WHEN stands.seen_at < %s THEN excluded.since ELSE stands.since END,
    seen_at = excluded.seen_at
"""


def note_presence(*, user, record: Model, now: datetime | None = None) -> None:
    """Note that ``user`` has the form of ``record`` open at ``now`` (default: this moment)."""
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [user.pk, *_of(record), now, now, now - BELIEVED])


def end_presence(*, user, record: Model) -> None:
    """Note that ``user`` saved or left the form of ``record``."""
    label, key = _of(record)
    Presence.objects.filter(label=label, key=key, user=user.pk).delete()


def others_present(*, user, record: Model, now: datetime | None = None) -> list[Presence]:
    """Who else has the form of ``record`` open, the longest there first."""
    label, key = _of(record)
    since = (now or timezone.now()) - BELIEVED
    rows = Presence.objects.filter(label=label, key=key, seen_at__gte=since).exclude(user=user.pk)
    return list(rows.select_related("user").order_by("since", "pk")[:5])


def sweep_presence(*, now: datetime | None = None) -> int:
    """Take away what is long past; return how many rows that were."""
    return Presence.objects.filter(seen_at__lt=(now or timezone.now()) - KEPT).delete()[0]


def _of(record: Model) -> tuple[str, str]:
    return record._meta.label_lower, str(record.pk)
