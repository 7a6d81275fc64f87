"""What commands say of time."""

from datetime import datetime, timedelta

from django.core.management.base import CommandError

_MOST = 3650


def expiry(days: int, now: datetime) -> datetime | None:
    """Return the moment ``days`` from ``now``; None (never) for 0.

    Raises:
        CommandError: a number that makes no sense.
    """
    if not 0 <= days <= _MOST:
        raise CommandError(f"Give a number of days from 1 to {_MOST:,}, or 0 for ever.")
    return now + timedelta(days=days) if days else None
