"""What a request costs, in units: one is a page of 25 records without anything beside it.

Taken from measurements (docs/integrators/tokens.md tells them): a unit is the work of the shortest
list. A view that costs something else says so in ``cost``: a number, or a function of the request.
"""

from rest_framework.permissions import SAFE_METHODS

from .renderers import ExportRenderer

UNIT = 1
PAGE = 25
SEARCH = 2
FACET = 1
EXPORT = 50
DESCRIPTION = 20
WRITE = 5
MANY = 50
_OF_ACTIONS = {"bulk": MANY, "change_many": MANY, "remove_many": MANY, "match_many": MANY, "match": SEARCH}


def cost_of(request, view) -> int:
    """Return the units that ``request`` costs, whatever comes of it."""
    own = getattr(view, "cost", None)
    if own is not None:
        return own(request) if callable(own) else own
    action = getattr(view, "action", None)
    if action in _OF_ACTIONS:
        return _OF_ACTIONS[action]
    if request.method not in SAFE_METHODS:
        return WRITE
    if request.method == "OPTIONS" or action != "list":
        return UNIT
    if isinstance(request.accepted_renderer, ExportRenderer):
        return EXPORT
    asked = request.query_params
    beside = (SEARCH if asked.get("q") else 0) + FACET * _number_of_facets(asked)
    return pages(asked.get("page_size", ""), 4 * PAGE) + beside


def pages(size: str, most: int) -> int:
    """Pages of 25 that ``size`` records are worth; a size that makes no sense is refused elsewhere."""
    records = int(size) if len(size) <= 3 and size.isascii() and size.isdigit() else PAGE
    return max(1, -(-min(records, most) // PAGE))


def _number_of_facets(asked) -> int:
    return len({name for text in asked.getlist("facets")[:50] for name in text[:500].split(",") if name})
