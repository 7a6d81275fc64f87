"""The life of one agreement on one axis: what was announced, signed, agreed for how long, changed and ended.

Each row says one fact in words and draws it. A date known to the month or the year is drawn as the interval
that it is; what no source states keeps its row and is drawn across the whole axis as not known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.choices import EndKind, Status, Supported
from partnerships.deadlines import DeadlineKind, deadlines_of
from partnerships.models import Agreement
from partnerships.partial_dates import PartialDate

from .spans import AHEAD, BACK, Axis, Mark, Piece, marks_at_edges, sure_from


@dataclass
class Row:
    """One fact of the life.

    Args:
        name: what happened.
        kind: ``point`` for what happened at one time, ``term`` for what lasted, ``end`` for an end,
            ``notice`` for a day that was reckoned from the end.
        starts_on: when; the beginning of a term. None where it is not known.
        ends_on: the end of a term, where it is a date.
        end_kind: how a term ends, or an end is stated.
        note: what else is told of it.
        supported: the fact, as sources name what they stand for.
        source_id: the source that the row names itself.
        earlier: the term of the record (``partnerships.amendments``) that it shows.
    """

    name: str | Promise
    kind: str
    starts_on: PartialDate | None = None
    ends_on: PartialDate | None = None
    end_kind: str = EndKind.UNKNOWN
    note: str | Promise = ""
    supported: str = ""
    source_id: int | None = None
    earlier: str = ""
    pieces: list[Piece] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def is_unknown(self) -> bool:
        """Nothing is known of when it was."""
        return self.starts_on is None and self.ends_on is None and self.end_kind == EndKind.UNKNOWN

    @property
    def is_open_ended(self) -> bool:
        return self.end_kind == EndKind.OPEN_ENDED


@dataclass(frozen=True)
class Life:
    """The rows in the order of a life; ``axis`` is None where no date at all is known."""

    rows: list[Row]
    axis: Axis | None

    @property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def shows_today(self) -> bool:
        return self.axis is not None and self.axis.first <= self.today.year <= self.axis.last

    @property
    def has_intervals(self) -> bool:
        """True where a date is drawn as the interval that it is known to lie in."""
        return any(piece.kind == "maybe" for row in self.rows for piece in row.pieces)

    @property
    def has_unknowns(self) -> bool:
        return any(row.is_unknown or any(one.kind == "unknown" for one in row.pieces) for row in self.rows)


def life(agreement: Agreement) -> Life:
    """Return the life of ``agreement``, fetched ``for_detail`` and ``with_deadlines``."""
    rows = list(_rows(agreement))
    axis = _axis(rows)
    if axis:
        for row in rows:
            row.pieces, row.marks = _drawn(row, agreement, axis)
    return Life(rows, axis)


def _rows(agreement: Agreement) -> Iterator[Row]:
    periods = list(agreement.periods.all())
    if agreement.announced_on:
        yield Row(_("Announced"), "point", agreement.announced_on, supported=Supported.ANNOUNCED_ON)
    yield Row(_("Signed"), "point", agreement.signed_on, supported=Supported.SIGNED_ON)
    yield Row(
        _("In effect from"),
        "term",
        agreement.effective_from,
        agreement.ends_on,
        agreement.end_kind,
        supported=Supported.EFFECTIVE_FROM,
    )
    if periods:
        yield _end(_("End of the first term"), agreement)
    for period in periods:
        yield Row(
            _("Renewed, period %(number)d") % {"number": period.number},
            "period",
            period.starts_on,
            period.ends_on,
            period.end_kind,
            period.note,
            Supported.PERIODS,
        )
    for amendment in agreement.amendments.all():
        when = amendment.effective_from or amendment.signed_on
        yield Row(str(amendment), "point", when, note=amendment.title, source_id=amendment.source_id)
    for deadline in deadlines_of(agreement):
        if deadline.kind == DeadlineKind.NOTICE:
            words = _("reckoned from the end, less %(notice)s") % {"notice": deadline.notice}
            day = PartialDate(deadline.day.year, deadline.day.month, deadline.day.day)
            yield Row(_("Last day to give notice"), "notice", day, note=words, supported=Supported.NOTICE)
    if agreement.terminated_on:
        reason, supported = agreement.termination_reason, Supported.TERMINATED_ON
        yield Row(_("Terminated"), "point", agreement.terminated_on, note=reason, supported=supported)
    if not periods:
        yield _end(_("End"), agreement)


def _end(name, agreement: Agreement) -> Row:
    kind = agreement.end_kind
    return Row(name, "end", ends_on=agreement.ends_on, end_kind=kind, supported=Supported.END, earlier="end")


def _axis(rows: Iterable[Row]) -> Axis | None:
    """Whole years around all that is known, and today."""
    known = [value for row in rows for value in (row.starts_on, row.ends_on) if value]
    if not known:
        return None
    today = timezone.localdate().year
    first = min(*(value.first_day.year for value in known), today)
    last = max(*(value.last_day.year for value in known), today)
    return Axis(max(first, today - BACK), min(last, today + AHEAD))


def _drawn(row: Row, agreement: Agreement, axis: Axis) -> tuple[list[Piece], list[Mark]]:
    if row.kind in ("term", "period"):
        return _term(row, agreement, axis)
    when = row.ends_on if row.kind == "end" else row.starts_on
    if when is not None:
        return _moment(row.kind, when, axis)
    return [], ([Mark("open", 100)] if row.is_open_ended else [])


def _moment(kind: str, when: PartialDate, axis: Axis) -> tuple[list[Piece], list[Mark]]:
    """A day as a mark, a month or a year as the stretch within which it was."""
    if when.last_day.year < axis.first:
        return [], [Mark("earlier", 0)]
    if when.first_day.year > axis.last:
        return [], [Mark("later", 100)]
    if when.precision == "day":
        return [], [Mark(kind, axis.at(when.first_day))]
    return [Piece("maybe", axis.at(when.first_day), axis.at(when.day_after))], []


def _term(row: Row, agreement: Agreement, axis: Axis) -> tuple[list[Piece], list[Mark]]:
    """What lasts: where it may have begun, what is sure of it up to today and after, how it ends."""
    if row.starts_on is None:
        return [], []
    today, beyond = timezone.localdate(), date(axis.last + 1, 1, 1)
    stops = [value for value in (row.ends_on, agreement.terminated_on) if value]
    end = min(stops, default=None)
    starts = sure_from(row.starts_on)
    found = []
    if row.starts_on.precision != "day":
        found.append(("maybe", row.starts_on.first_day, row.starts_on.day_after))
    if end is None and agreement.status == Status.SUPERSEDED:
        # A later agreement took its place, and nobody says when this one ceased to hold.
        found.append(("unknown", starts, max(today, starts)))
        return _pieces(found, axis), []
    sure = end.first_day if end else today
    found += [("force", starts, min(sure, max(today, starts))), ("planned", max(today, starts), sure)]
    if end is None:
        found.append(("open" if row.is_open_ended else "unknown", max(today, starts), beyond))
    elif end.precision != "day":
        found.append(("maybe", max(end.first_day, starts), end.day_after))
    marks = marks_at_edges(row.starts_on, end, axis, is_open=row.is_open_ended)
    return _pieces(found, axis), marks


def _pieces(found: list[tuple[str, date, date]], axis: Axis) -> list[Piece]:
    pieces = [Piece(kind, axis.at(one), axis.at(two)) for kind, one, two in found if one < two]
    return [piece for piece in pieces if piece.width > 0]
