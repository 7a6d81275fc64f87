"""The timeline: agreements as spans on one axis, with what is not known of them drawn as not known.

A date known to the month or the year is an interval, within which something began or ended: ``maybe``.
What has no stated end goes on as ``open`` where it is open-ended, and as ``unknown`` where nobody says.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from partnerships.choices import EndKind, Status
from partnerships.models import Agreement
from partnerships.partial_dates import PartialDate, spoken
from partnerships.querysets.readers_names import name_for_reader
from partnerships.status import explain_status

from .headings import Dimension

#: The axis reaches at most so many years back and ahead; what lies beyond is cut off there.
BACK, AHEAD = 60, 25
#: So many spans stand on a page; grouped, so many groups with so many spans each.
SPANS, GROUPS, IN_GROUP = 100, 15, 10


class Piece(NamedTuple):
    """A stretch of a span: ``start`` and ``stop`` in percent of the axis.

    Args:
        kind: ``force`` in force, ``signed`` signed and no day of effect stated, ``announced`` announced only;
            ``planned`` the same after today; ``maybe`` where it began or ended; ``open`` after today without
            an end; ``unknown`` where nothing is known.
    """

    kind: str
    start: float
    stop: float

    @property
    def width(self) -> float:
        return round(self.stop - self.start, 2)


class Mark(NamedTuple):
    """A point of a span: ``announced``, ``signed``, ``terminated``, ``earlier``, ``later``, ``open`` …"""

    kind: str
    at: float


@dataclass
class Span:
    """An agreement on the axis."""

    agreement: Agreement
    #: What is known of its dates, in a sentence.
    words: str
    pieces: list[Piece] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.agreement.status in (Status.ENDED, Status.TERMINATED, Status.SUPERSEDED)


@dataclass
class Group:
    """Spans of agreements that share a country, an institution or a subject.

    Args:
        value: as the filter takes it; empty where none is known.
        more: how many others of this page belong to it.
    """

    name: str
    value: str
    spans: list[Span] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class Axis:
    """Whole years, from ``first`` to the end of ``last``."""

    first: int
    last: int

    def at(self, day: date) -> float:
        """Where the beginning of ``day`` lies, in percent; what lies beyond the axis, at its end."""
        begin = date(self.first, 1, 1)
        whole = (date(self.last + 1, 1, 1) - begin).days
        return round(min(max((day - begin).days / whole, 0), 1) * 100, 2)

    @property
    def today(self) -> float:
        return self.at(timezone.localdate())

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """Years to be written, at most about eight, and where they begin."""
        length = self.last + 1 - self.first
        step = next((step for step in (1, 2, 5, 10, 20) if length / step <= 8), 50)
        return [
            (year, self.at(date(year, 1, 1))) for year in range(self.first, self.last + 1) if not year % step
        ]


@dataclass
class Timeline:
    """Spans on their axis.

    Args:
        spans: each agreement's once, in order.
        groups: the largest groups with their first spans.
        more_groups: how many smaller ones there are.
    """

    axis: Axis
    spans: list[Span]
    groups: list[Group]
    more_groups: int = 0


def timeline(agreements: Iterable[Agreement], by: Dimension | None = None) -> Timeline:
    """Draw ``agreements``, as ``for_list`` brings them, as spans in their order.

    Args:
        by: groups of country, institution or subject; an agreement stands in each of its groups.
    """
    agreements = list(agreements)
    axis = _axis(agreements)
    spans = [_span(agreement, axis) for agreement in agreements]
    if by is None:
        return Timeline(axis, spans, [Group("", "", spans)] if spans else [])
    name_for_reader(agreements)
    groups: dict[str, Group] = {}
    for span in spans:
        for value, name in (_MEMBERS[by.name](span.agreement) or {"": ""}).items():
            groups.setdefault(value, Group(name, value)).spans.append(span)
    # What stands in no group comes last.
    ordered = sorted(groups.values(), key=lambda one: (not one.value, -len(one.spans), one.name))
    for group in ordered:
        group.spans, group.more = group.spans[:IN_GROUP], max(len(group.spans) - IN_GROUP, 0)
    return Timeline(axis, spans, ordered[:GROUPS], max(len(ordered) - GROUPS, 0))


def _countries(agreement: Agreement) -> dict[str, str]:
    found = [party.institution.country for party in agreement.parties.all()]
    return {country.code: str(country) for country in found if country}


def _institutions(agreement: Agreement) -> dict[str, str]:
    return {party.institution.uid: str(party.institution) for party in agreement.parties.all()}


def _subjects(agreement: Agreement) -> dict[str, str]:
    return {row.focus_area.uid: str(row.focus_area) for row in agreement.subjects.all()}


_MEMBERS = {"country": _countries, "institution": _institutions, "subject": _subjects}


def _axis(agreements: list[Agreement]) -> Axis:
    today = timezone.localdate()
    known = [value.year for one in agreements for value in _dates(one)]
    # Room for a beginning that nobody states.
    known += [
        one.current_ends_on.year - 2 for one in agreements if one.current_ends_on and not _begin(one)[1]
    ]
    first, last = min(known, default=today.year), max(known, default=today.year)
    return Axis(
        max(min(first, today.year - 1), today.year - BACK), min(max(last, today.year + 1), today.year + AHEAD)
    )


def _dates(agreement: Agreement) -> list[PartialDate]:
    found = (
        agreement.announced_on,
        agreement.signed_on,
        agreement.effective_from,
        agreement.current_ends_on,
        agreement.terminated_on,
    )
    return [value for value in found if value]


def _span(agreement: Agreement, axis: Axis) -> Span:
    span = Span(agreement, explain_status(agreement, write=spoken))
    kind, begin = _begin(agreement)
    end = _end(agreement)
    if begin is None and end is None:
        return span
    starts = sure_from(begin) if begin else date(axis.first, 1, 1)
    if begin and begin.precision != "day":
        span.pieces.append(_piece("maybe", begin.first_day, begin.day_after, axis))
    if end is None:
        span.pieces += _without_end(agreement, kind, starts, axis)
    else:
        span.pieces += _split(kind if begin else "unknown", starts, end.first_day, axis)
        if end.precision != "day":
            span.pieces.append(_piece("maybe", max(end.first_day, starts), end.day_after, axis))
    span.pieces = [piece for piece in span.pieces if piece.width > 0]
    span.marks = _marks(agreement, begin, end, axis)
    return span


def _begin(agreement: Agreement) -> tuple[str, PartialDate | None]:
    for kind, value in (
        ("force", agreement.effective_from),
        ("signed", agreement.signed_on),
        ("announced", agreement.announced_on),
    ):
        if value:
            return kind, value
    return "unknown", None


def _end(agreement: Agreement) -> PartialDate | None:
    stated = agreement.current_ends_on if agreement.current_end_kind == EndKind.DATE else None
    found = [value for value in (stated, agreement.terminated_on) if value]
    return min(found, default=None)


def sure_from(begin: PartialDate) -> date:
    """The first day on which what began at ``begin`` had certainly begun."""
    return begin.first_day if begin.precision == "day" else begin.day_after


def _without_end(agreement: Agreement, kind: str, starts: date, axis: Axis) -> list[Piece]:
    """Until today what the status says; then open, or not known."""
    today, last = timezone.localdate(), date(axis.last + 1, 1, 1)
    beyond = "open" if agreement.current_end_kind == EndKind.OPEN_ENDED else "unknown"
    if agreement.status == Status.SUPERSEDED:
        return [_piece("unknown", starts, max(today, starts), axis)]
    return [_piece(kind, starts, max(today, starts), axis), _piece(beyond, max(today, starts), last, axis)]


def _split(kind: str, starts: date, ends: date, axis: Axis) -> list[Piece]:
    """A stretch, told apart at today."""
    today = timezone.localdate()
    if kind == "unknown" or ends <= today:
        return [_piece(kind, starts, ends, axis)]
    return [_piece(kind, starts, max(today, starts), axis), _piece("planned", max(today, starts), ends, axis)]


def _piece(kind: str, start: date, stop: date, axis: Axis) -> Piece:
    return Piece(kind, axis.at(start), axis.at(stop))


def _marks(
    agreement: Agreement, begin: PartialDate | None, end: PartialDate | None, axis: Axis
) -> list[Mark]:
    """Signing and termination; and how a span leaves the axis."""
    marks = []
    for kind, value in (
        ("announced", agreement.announced_on),
        ("signed", agreement.signed_on),
        ("terminated", agreement.terminated_on),
    ):
        # The middle of a month or a year is no day of signing: a mark stands where the day is known.
        if value and value.precision == "day" and axis.first <= value.year <= axis.last:
            marks.append(Mark(kind, axis.at(value.first_day)))
    is_open = agreement.current_end_kind == EndKind.OPEN_ENDED
    return marks + marks_at_edges(begin, end, axis, is_open=is_open)


def marks_at_edges(
    begin: PartialDate | None, end: PartialDate | None, axis: Axis, *, is_open: bool
) -> list[Mark]:
    """Where what lasts reaches beyond the axis, or has no end that is known.

    Args:
        is_open: it has none, as is stated.
    """
    marks = [Mark("earlier", 0)] if begin and begin.year < axis.first else []
    if end is None:
        marks.append(Mark("open" if is_open else "unknown", 100))
    elif end.year > axis.last:
        marks.append(Mark("later", 100))
    return marks
