"""Deadlines as an iCalendar file (RFC 5545): one event of a whole day for each."""

from collections.abc import Iterable
from datetime import UTC, date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from icalendar import Calendar, Event

from .deadlines import Deadline, DeadlineKind

#: How many events one file holds at most.
MOST = 1_000
#: What ended longer ago is left out.
LOOK_BACK = timedelta(days=365)


def first_day() -> date:
    """The day from which on calendars tell what falls due."""
    return timezone.localdate() - LOOK_BACK


def calendar(name: str, notes: list[str], events: Iterable[Event]) -> bytes:
    """Return the file.

    Args:
        notes: what is to be known about the whole: what was left out, and why.
    """
    made = Calendar()
    made.add("prodid", "-//Entente//Registry of partnerships//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    if notes:
        made.add("x-wr-caldesc", " ".join(notes))
    for event in events:
        made.add_component(event)
    return made.to_ical()


def as_file(text: bytes, name: str) -> HttpResponse:
    """Answer a calendar as the file ``name``.ics."""
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.ics"',
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
        },
    )


def event_of(agreement, deadline: Deadline, address: str) -> Event:
    """Return the event of a deadline; it keeps its UID when the day changes, so calendars move it.

    Args:
        address: of the record's page.
    """
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    event = Event()
    event.add("uid", f"{agreement.uid}-{deadline.kind}@{host}")
    event.add("dtstamp", agreement.updated_at.astimezone(UTC))
    event.add("last-modified", agreement.updated_at.astimezone(UTC))
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + timedelta(days=1))
    event.add("summary", _summary(agreement, deadline))
    event.add("description", f"{deadline.explain().capitalize()}.\n{address}")
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return event


def _summary(agreement, deadline: Deadline) -> str:
    if deadline.kind == DeadlineKind.NOTICE:
        return f"Last day to give notice: {agreement.title}"
    if deadline.is_exact:
        return f"Ends: {agreement.title}"
    return f"May end from today on (known: {deadline.end}): {agreement.title}"
