"""Which stretch of a list the query string asks for: ``page`` and ``page_size``, or ``cursor``.

Pages and API read a list here, so that an address of one can be read on in the other.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from partnerships.querysets.cursors import (
    BadCursor,
    Place,
    Term,
    behind,
    decode,
    encode,
    settled,
    short_digest,
    terms_of,
)

from .base import PAGE_PARAMETERS, SHAPE_PARAMETERS

#: How a list is counted: as is cheap, not at all, from a sample where there is one, row by row.
COUNTS = ("", "none", "estimate", "exact")
#: Pages are numbered as far as this row; what lies behind is read by cursor.
LAST_NUMBERED = 10_000


class Misread(ValueError):
    """A parameter that says which stretch to read makes no sense.

    Args:
        field: its name.
    """

    def __init__(self, field: str, message: str, code: str):
        super().__init__(message)
        self.field, self.message, self.code = field, message, code


class NoSuchPage(LookupError):
    """The list ends before this page."""


@dataclass(frozen=True)
class Stretch:
    """Rows of a list that stand together, and the way to their neighbours.

    Args:
        count: how many rows the whole list has; None where nobody wants to know.
        number: which page this is; None where the list is read by cursor.
        pages: how many pages the list has.
        previous: the parameter that leads to the rows before, and its value; None where there are none.
        next: the same for the rows behind.
    """

    rows: list
    count: int | None = 0
    number: int | None = 1
    pages: int = 1
    previous: tuple[str, str] | None = None
    next: tuple[str, str] | None = None


def read(queryset: QuerySet, query: QueryDict, *, number: int, size: int, counting: str = "") -> Stretch:
    """Read the stretch of ``queryset`` for which ``query`` asks.

    Args:
        number: the page, where no cursor is given.
        size: rows a page.
        counting: one of ``COUNTS``.

    Raises:
        Misread: a cursor that belongs elsewhere; a page that is too far behind to be counted up to.
        NoSuchPage: the list ends before that page.
    """
    if counting and hasattr(queryset, "counted_by"):
        queryset = queryset.counted_by(counting)
    if "cursor" not in query:
        return _numbered(queryset, query, number, size, counting)
    if "page" in query:
        raise Misread("page", gettext("Read by page or by cursor, not both."), "contradiction")
    return _by_cursor(queryset, query, size, counting)


def question_of(query: QueryDict) -> str:
    """Return what identifies the question of ``query``, however it is written and paged."""
    asked = {
        (name, value.strip())
        for name, values in query.lists()
        if name not in SHAPE_PARAMETERS | PAGE_PARAMETERS
        for value in values
        if value.strip()
    }
    return short_digest(sorted(asked))


def _numbered(queryset: QuerySet, query: QueryDict, number: int, size: int, counting: str) -> Stretch:
    if number > 1 and number * size > LAST_NUMBERED:
        message = gettext(
            "Pages are numbered up to row %(last)s. Narrow the list, or read on by cursor: "
            "“next” of the last numbered page leads there."
        )
        raise Misread("page", message % {"last": f"{LAST_NUMBERED:,}"}, "too_far")
    queryset = settled(queryset)
    start, stop = (number - 1) * size, number * size
    if counting == "none":
        rows, count = list(queryset[start : stop + 1]), None
        pages, rows = number + (len(rows) > size), rows[:size]
        if not rows and number > 1:
            raise NoSuchPage(f"There is no page {number}.")
    else:
        rows, count = _counted(queryset, start, stop)
        pages = max(1, -(-count // size))
    if number > pages:
        raise NoSuchPage(f"There is no page {number}; the last one is {pages}.")
    following = None
    if number < pages and (number + 1) * size <= LAST_NUMBERED:
        following = ("page", str(number + 1))
    elif number < pages and rows:
        following = ("cursor", encode(terms_of(queryset), rows[-1], question_of(query)))
    previous = ("page", str(number - 1)) if number > 1 else None
    return Stretch(rows, count, number, pages, previous, following)


def _counted(queryset: QuerySet, start: int, stop: int) -> tuple[list, int]:
    """Rows ``start`` to ``stop``, and how many there are in all; some lists know a cheaper way."""
    if hasattr(queryset, "with_count"):
        return queryset.with_count(start, stop)
    count = queryset.count()
    return list(queryset[start:stop]) if start < count else [], count


def _by_cursor(queryset: QuerySet, query: QueryDict, size: int, counting: str) -> Stretch:
    queryset = settled(queryset)
    terms, question = terms_of(queryset), question_of(query)
    try:
        place = decode(terms, query["cursor"], question)
    except BadCursor as error:
        raise Misread("cursor", str(error), "invalid") from error
    count = None if counting == "none" else queryset.count()
    rows = _rows_from(queryset, terms, place, size + 1)
    if count is None and not rows and not place.values and queryset.count():
        # Something else was meant than what was typed: counting finds that out.
        rows = _rows_from(queryset, terms, place, size + 1)
    is_more, rows = len(rows) > size, rows[:size]
    if place.backward:
        rows.reverse()

    def at(row, *, backward: bool) -> tuple[str, str]:
        return "cursor", encode(terms, row, question, backward=backward)

    previous = following = None
    # Where one came from there are rows, unless one came from the beginning or from the end.
    if is_more if place.backward else place.values:
        previous = at(rows[0] if rows else None, backward=True)
    if not place.backward and is_more:
        following = at(rows[-1], backward=False)
    elif place.backward and place.values:
        following = at(rows[-1], backward=False) if rows else ("cursor", "")
    return Stretch(rows, count, None, max(1, -(-(count or 0) // size)), previous, following)


def _rows_from(queryset: QuerySet, terms: list[Term], place: Place, limit: int) -> list:
    """Return up to ``limit`` rows behind ``place``, in the direction in which one reads."""
    if place.backward:
        queryset, terms = queryset.reverse(), [term.turned() for term in terms]
    if not place.values:
        return list(queryset[:limit])
    rows = []
    for condition in behind(terms, place.values):
        rows += queryset.filter(condition)[: limit - len(rows)]
        if len(rows) == limit:
            break
    return rows
