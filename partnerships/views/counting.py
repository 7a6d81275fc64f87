"""How many rows a list has, in words: “412 agreements”, “about 84,000 agreements”."""

from partnerships.search.answers import Count
from partnerships.templatetags.registry import counted


def numbered(resource: str, count: Count) -> str:
    """Return a number of records of ``resource`` (as the API's addresses call it) with its noun."""
    return counted(count, resource)
