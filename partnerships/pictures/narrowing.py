"""The question that a part of a picture answers, as the query string of the list."""

from django.http import QueryDict

from partnerships.filtersets.base import SHAPE_PARAMETERS
from partnerships.partial_dates import PartialDate

from .headings import Dimension

#: Parameters that say how a picture is drawn, not which agreements it shows.
PARAMETERS = frozenset(
    {
        "rows",
        "columns",
        "by",
        "nodes",
        "units",
        "around",
        "depth",
        "size",
        "measure",
        "of",
        "view",
        "at",
        "lines",
    }
)


def asked_of_list(query: QueryDict) -> QueryDict:
    """Return the part of a picture's query that says which agreements are meant."""
    asked = query.copy()
    for name in PARAMETERS | SHAPE_PARAMETERS | {"ordering"}:
        asked.pop(name, None)
    return asked


def narrowed_to(query: QueryDict, dimension: Dimension, value: str) -> QueryDict:
    """Return ``query`` for the agreements among its own that stand under a value of ``dimension``."""
    if dimension.name == "country" and _values(query, "country"):
        return narrowed_to_both(query, value)
    return _replaced(query, str(dimension.facet), value)


def narrowed_to_both(query: QueryDict, *countries: str) -> QueryDict:
    """Return ``query`` for the agreements among its own that have parties in each of ``countries``."""
    asked = query.copy()
    together = [text.upper().replace(" ", "").split(",") for text in _values(query, "together")] or [[]]
    asked.setlist("together", [",".join(sorted({*one, *countries} - {""})) for one in together])
    return asked


def narrowed_to_alone(query: QueryDict, country: str) -> QueryDict:
    """Return ``query`` for the agreements among its own whose parties are in ``country`` alone."""
    return _replaced(query, "within", country)


def signed_in(query: QueryDict, year: int) -> QueryDict:
    """Return ``query`` for the agreements among its own that were signed in ``year``."""
    whole = PartialDate(year)
    after, before = (_date(query, name) for name in ("signed_after", "signed_before"))
    first = max(after or whole, whole, key=lambda one: one.first_day)
    last = min(before or whole, whole, key=lambda one: one.last_day)
    return _replaced(_replaced(query, "signed_after", str(first)), "signed_before", str(last))


def ending_in(query: QueryDict, year: int) -> QueryDict:
    """Return ``query`` for the agreements among its own that end in ``year``."""
    return _replaced(query, "end_year", str(year))


def in_force_on(query: QueryDict, day: str) -> QueryDict | None:
    """Return ``query`` for those in force on ``day``; None where it asks for another day already."""
    return None if _values(query, "in_force_on") else _replaced(query, "in_force_on", day)


def _values(query: QueryDict, name: str) -> list[str]:
    return [value for value in query.getlist(name) if value.strip()]


def _date(query: QueryDict, name: str) -> PartialDate | None:
    written = query.get(name, "").strip()
    return PartialDate.parse(written) if written else None


def _replaced(query: QueryDict, name: str, value: str) -> QueryDict:
    asked = query.copy()
    asked.setlist(name, [value])
    return asked
