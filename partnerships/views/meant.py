"""What somebody may have meant whose words find nothing."""

from django.urls import reverse

from partnerships.search.suggestions import Suggestion, suggest

_KINDS = {
    "label": "in another language",
    "acronym": "acronym",
    "alias": "also known as",
    "former": "former name",
    "native": "native script",
    "romanised": "romanised",
    "official": "official name",
    "code": "code",
}
_MOST = 5


def meant(words: str, user, resources: tuple[str, ...]) -> list[dict]:
    """Return up to five records as ``name``, ``address`` and ``why``."""
    return [
        {"name": found.record.name, "address": _address(found), "why": _why(found)}
        for found in suggest(words, user=user, resources=resources, limit=_MOST)
    ]


def _address(found: Suggestion) -> str:
    return reverse(f"partnerships:{found.basename}-detail", kwargs={"uid": found.record.uid})


def _why(found: Suggestion) -> str:
    parts = [found.noun]
    if found.name_kind != "name":
        parts.append(f"{_KINDS[found.name_kind]}: {found.name}")
    return ", ".join(parts)
