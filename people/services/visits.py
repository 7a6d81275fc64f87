"""Noting that somebody is at their desk."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from people.models import User
from people.models.visit import SAME_VISIT

_NOTE = """
INSERT INTO people_visit AS visit (user_id, seen_at, before) VALUES (%(user)s, %(now)s, NULL)
ON CONFLICT (user_id) DO UPDATE SET
    before = CASE WHEN visit.seen_at < %(new)s THEN visit.seen_at ELSE visit.before END,
    seen_at = %(now)s
RETURNING before
"""


def note_visit(*, user: User) -> datetime | None:
    """Note that ``user`` is here now, and return when their visit before this one ended.

    Returns:
        None on the first visit ever.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"user": user.pk, "now": now, "new": now - SAME_VISIT})
        return cursor.fetchone()[0]


def visit_before(user: User) -> datetime | None:
    """Return when the visit before the present one of ``user`` ended, without noting anything."""
    visit = getattr(user, "visit", None)
    return visit.before if visit else None
