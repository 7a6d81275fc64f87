"""The state of a page is its query string; links to a neighbouring state are made here."""

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

#: Parameters that shape an answer of the API and mean nothing on a page.
API_ONLY = ("cursor", "fields", "omit", "format")


def address(query: QueryDict) -> str:
    """Return ``?…`` for a query; a lone ``?`` where nothing is asked."""
    return f"?{query.urlencode()}"


def without(query: QueryDict, name: str, value: str | None = None) -> QueryDict:
    """Return the query from its first page, without one value of ``name`` (or without all)."""
    changed = _first_page(query)
    kept = [item for item in changed.getlist(name) if value is not None and item != value]
    if kept:
        changed.setlist(name, kept)
    else:
        changed.pop(name, None)
    return changed


def replaced(query: QueryDict, name: str, value: str) -> QueryDict:
    """Return the query from its first page, with ``name`` saying ``value`` alone."""
    changed = _first_page(query)
    changed.setlist(name, [value])
    return changed


def on_page(query: QueryDict, number: int) -> QueryDict:
    """Return the query for another page of the same answer."""
    changed = replaced(query, "page", str(number))
    if number == 1:
        del changed["page"]
    return changed


def twin(resource: str, query: QueryDict, **extra: str) -> str:
    """Return the address at which the API answers the same question.

    Args:
        resource: the name of the resource in the API's addresses, for example ``agreement``.
    """
    asked = _first_page(query)
    for name in API_ONLY:
        asked.pop(name, None)
    for name, value in extra.items():
        asked[name] = value
    path = api_address(f"{resource}-list")
    return f"{path}?{asked.urlencode()}" if asked else path


def api_address(name: str, **kwargs: str) -> str:
    """Return an address of the API, or nothing where this installation has none."""
    try:
        return reverse(f"api:{name}", kwargs=kwargs)
    except NoReverseMatch:
        return ""


def _first_page(query: QueryDict) -> QueryDict:
    changed = query.copy()
    changed.pop("page", None)
    return changed
