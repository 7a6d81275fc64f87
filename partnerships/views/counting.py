"""How many rows a list has, in words: “412 agreements”, “about 84,000 agreements”."""

from django.utils.translation import ngettext

from partnerships.search.answers import Count
from partnerships.templatetags.registry import about


def numbered(resource: str, count: Count) -> str:
    """Return a number of records of ``resource`` (as the API's addresses call it) with its noun."""
    number, words = count.value, {"number": about(count)}
    if resource == "agreement":
        return ngettext("%(number)s agreement", "%(number)s agreements", number) % words
    if resource == "partnership":
        return ngettext("%(number)s partnership", "%(number)s partnerships", number) % words
    if resource == "institution":
        return ngettext("%(number)s institution", "%(number)s institutions", number) % words
    if resource == "person":
        return ngettext("%(number)s person", "%(number)s people", number) % words
    if resource == "focus-area":
        return ngettext("%(number)s focus area", "%(number)s focus areas", number) % words
    if resource == "event":
        return ngettext("%(number)s event", "%(number)s events", number) % words
    return ngettext("%(number)s country or territory", "%(number)s countries and territories", number) % words
