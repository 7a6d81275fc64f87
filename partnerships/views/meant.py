"""What somebody may have meant whose words find nothing."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.search.suggestions import Suggestion, suggest

#: What a name is by which a record is found, if it is not the one that is shown.
NAME_KINDS = {
    "label": _("in another language"),
    "acronym": _("acronym"),
    "alias": _("also known as"),
    "former": _("former name"),
    "native": _("native script"),
    "romanised": _("romanised"),
    "official": _("official name"),
    "code": _("code"),
}
_MOST = 5


def meant(words: str, user, resources: tuple[str, ...]) -> list[dict]:
    """Return up to five records as ``name``, ``address`` and ``why``."""
    return [
        {"name": found.record.name, "address": address_of(found), "why": _why(found)}
        for found in suggest(words, user=user, resources=resources, limit=_MOST)
    ]


def address_of(found: Suggestion) -> str:
    return reverse(f"partnerships:{found.basename}-detail", kwargs={"uid": found.record.uid})


def _why(found: Suggestion) -> str:
    parts = [found.noun]
    if found.name_kind != "name":
        parts.append(f"{NAME_KINDS[found.name_kind]}: {found.name}")
    return ", ".join(parts)
