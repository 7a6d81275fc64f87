"""What somebody may have meant whose words find nothing."""

from django.urls import reverse

from partnerships.search.suggestions import Suggestion, suggest

#: Basename of a record's page, and what such a record is called, by resource.
_PAGES = {
    "institutions": ("institution", "institution"),
    "people": ("person", "person"),
    "focus-areas": ("focus-area", "focus area"),
    "events": ("event", "event"),
}
_KINDS = {
    "label": "in another language",
    "acronym": "acronym",
    "alias": "also known as",
    "former": "former name",
    "native": "native script",
    "romanised": "romanised",
}
_MOST = 5


def meant(words: str, user, resources: tuple[str, ...]) -> list[dict]:
    """Return up to five records as ``name``, ``address`` and ``why``."""
    return [
        {"name": found.record.name, "address": _address(found), "why": _why(found)}
        for found in suggest(words, user=user, resources=resources, limit=_MOST)
    ]


def _address(found: Suggestion) -> str:
    return reverse(f"partnerships:{_PAGES[found.resource][0]}-detail", kwargs={"uid": found.record.uid})


def _why(found: Suggestion) -> str:
    parts = [_PAGES[found.resource][1]]
    if found.name_kind != "name":
        parts.append(f"{_KINDS[found.name_kind]}: {found.name}")
    return ", ".join(parts)
