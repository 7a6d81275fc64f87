"""The state of a page is its query string; links to a neighbouring state are made here."""

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from partnerships.filtersets.base import PAGE_PARAMETERS

#: Parameters that shape an answer of the API and mean nothing on a page.
API_ONLY = ("fields", "omit", "format", "facets")


def address(query: QueryDict) -> str:
    """Return ``?…`` for a query; a lone ``?`` where nothing is asked."""
    return f"?{query.urlencode()}"


def with_query(path: str, query: QueryDict) -> str:
    """Return ``path``, with a query behind it where something is asked."""
    return path + address(query) if query else path


def without(query: QueryDict, name: str, value: str | None = None) -> QueryDict:
    """Return the query from its beginning, without one value of ``name`` (or without all)."""
    changed = from_the_beginning(query)
    kept = [item for item in changed.getlist(name) if value is not None and item != value]
    if kept:
        changed.setlist(name, kept)
    else:
        changed.pop(name, None)
    return changed


def replaced(query: QueryDict, name: str, value: str) -> QueryDict:
    """Return the query from its beginning, with ``name`` saying ``value`` alone."""
    changed = from_the_beginning(query)
    changed.setlist(name, [value])
    return changed


def moved(query: QueryDict, name: str, value: str) -> QueryDict:
    """Return the query for another stretch of the same answer, to which ``name=value`` leads."""
    if (name, value) == ("page", "1"):
        return from_the_beginning(query)
    return replaced(query, name, value)


def from_the_beginning(query: QueryDict) -> QueryDict:
    """Return the query for the beginning of the same answer."""
    changed = query.copy()
    changed.pop("page", None)
    changed.pop("cursor", None)
    return changed


def question_alone(query: QueryDict) -> QueryDict:
    """Return the query from its beginning, without what says how a page looks."""
    asked = from_the_beginning(query)
    for name in PAGE_PARAMETERS:
        asked.pop(name, None)
    return asked


def twin(resource: str, query: QueryDict, **extra: str) -> str:
    """Return the address at which the API answers the same question.

    Args:
        resource: the name of the resource in the API's addresses, for example ``agreement``.
    """
    asked = question_alone(query)
    for name in API_ONLY:
        asked.pop(name, None)
    for name, value in extra.items():
        asked[name] = value
    return with_query(api_address(f"{resource}-list"), asked)


def api_address(name: str, **kwargs: str) -> str:
    """Return an address of the API, or nothing where this installation has none."""
    try:
        return reverse(f"api:{name}", kwargs=kwargs)
    except NoReverseMatch:
        return ""
