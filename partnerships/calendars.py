"""Deadlines as an iCalendar file (RFC 5545): one event of a whole day for each."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from icalendar import Calendar, Event

from .deadlines import Deadline, DeadlineKind

#: How many events one file holds at most.
MOST = 1_000
NAME = "Entente"


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


def event_of(agreement, deadline: Deadline, address: str, host: str) -> Event:
    """Return the event of a deadline; it keeps its UID when the day changes, so calendars move it.

    Args:
        address: of the record's page.
        host: the installation's, for the UID.
    """
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
