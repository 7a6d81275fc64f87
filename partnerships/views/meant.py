"""What somebody may have meant whose words find nothing."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.querysets.readers_names import name_for_reader
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
#: What a record is, by the beginning of the names of its addresses.
_NOUNS = {
    "institution": _("institution"),
    "person": _("person"),
    "focus-area": _("focus area"),
    "event": _("event"),
    "country": _("country"),
}
_MOST = 5


def meant(words: str, user, resources: tuple[str, ...]) -> list[dict]:
    """Return up to five records as ``name``, ``address`` and ``why``."""
    near = suggest(words, user=user, resources=resources, limit=_MOST)
    name_for_reader([found.record for found in near])
    return [{"name": str(found.record), "address": address_of(found), "why": _why(found)} for found in near]


def address_of(found: Suggestion) -> str:
    return reverse(f"partnerships:{found.basename}-detail", kwargs={"uid": found.record.uid})


def _why(found: Suggestion) -> str:
    what = _NOUNS[found.basename]
    if found.name_kind == "name":
        return str(what)
    told = {"what": what, "kind": NAME_KINDS[found.name_kind], "name": found.name}
    return gettext("%(what)s, %(kind)s: %(name)s") % told
