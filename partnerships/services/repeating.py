"""Writes that are sent again: a key and its answer stand exactly where the write took effect.

The key is claimed and the answer kept inside the transaction of the write. Whoever sends the same key
meanwhile waits at the unique row of the first, and then finds its answer, or, where the first was
taken back, does the write.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from partnerships.models import KeptAnswer

#: So long a request waits for another one with the same key.
WAIT_SECONDS = 5
_SWEPT_AT_ONCE = 5_000
_LOCK_NOT_AVAILABLE = "55P03"


class Reused(Exception):
    """The key stands for another request."""


class Underway(Exception):
    """The same request is being worked on, and takes long."""


@dataclass(frozen=True)
class Answer:
    """What a write was answered: HTTP status, address of what was made ("" without one), JSON."""

    status: int
    location: str
    body: str


#: A key whose time is over is nobody's: it is taken over.
_CLAIM = """
    INSERT INTO partnerships_keptanswer AS kept (holder, key, fingerprint, status, location, body)
    VALUES (%s, %s, %s, 0, '', '')
    ON CONFLICT (holder, key) DO UPDATE
       SET fingerprint = excluded.fingerprint, made_at = now(), status = 0, location = '', body = ''
     WHERE kept.made_at < %s
    RETURNING id
"""


def claim(*, holder: str, key: str, fingerprint: str, now: datetime | None = None) -> Answer | None:
    """Return what was answered to the same request before; None where this one is the first.

    To be called inside the transaction of the write, before anything else.

    Args:
        holder: whose key it is; others may use the same words.
        fingerprint: a digest of everything that the request says.

    Raises:
        Reused: the key was used for another request.
        Underway: a request with this key has been at work for ``WAIT_SECONDS``.
    """
    over = (now or timezone.now()) - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        try:
            cursor.execute(_CLAIM, [holder, key, fingerprint, over])
            first = cursor.fetchone()
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) == _LOCK_NOT_AVAILABLE:
                raise Underway from error
            raise
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    if first:
        return None
    kept = KeptAnswer.objects.get(holder=holder, key=key)
    if kept.fingerprint != fingerprint:
        raise Reused
    return Answer(kept.status, kept.location, kept.body)


def keep(answer: Answer, *, holder: str, key: str) -> None:
    """Keep what the claimed request is answered; in the same transaction."""
    KeptAnswer.objects.filter(holder=holder, key=key).update(
        status=answer.status, location=answer.location, body=answer.body
    )


def sweep_answers(*, now: datetime | None = None) -> int:
    """Take away answers whose time is over; return how many rows that were."""
    over = (now or timezone.now()) - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    old = KeptAnswer.objects.filter(made_at__lt=over).order_by("pk").values("pk")[:_SWEPT_AT_ONCE]
    return KeptAnswer.objects.filter(pk__in=old).delete()[0]
