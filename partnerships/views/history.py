"""What changed in the public record, and when: the change feed as everybody reads it, without names."""

from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models import Agreement, Change
from partnerships.partial_dates import PartialDate, spoken
from partnerships.querysets.feed import CREATED, MERGED, UPDATED, WITHDRAWN, tell_each

#: So many entries are shown, the newest; the API tells them all.
MOST = 20
_KINDS = {
    CREATED: _("Published"),
    UPDATED: _("Changed"),
    WITHDRAWN: _("Withdrawn"),
    MERGED: _("Merged with another record"),
}
#: Parts of a record as the feed names them, in words. A part that is not named here is “other details”.
_PARTS = {
    "title": _("title"),
    "type": _("type"),
    "summary": _("summary"),
    "languages": _("languages"),
    "announced_on": _("date of announcement"),
    "signed_on": _("date of signing"),
    "signed_place": _("place of signing"),
    "signed_country": _("country of signing"),
    "effective_from": _("beginning"),
    "end": _("end"),
    "current_end": _("end"),
    "periods": _("renewals"),
    "amendments": _("amendments"),
    "term_as_stated": _("term"),
    "renewal": _("renewal"),
    "notice": _("notice period"),
    "termination": _("termination"),
    "binding": _("whether it binds legally"),
    "event": _("event"),
    "parties": _("parties"),
    "signatories": _("signatories"),
    "statements": _("statements"),
    "focus_areas": _("focus areas"),
    "activities": _("activities"),
    "sources": _("sources"),
    "documents": _("documents"),
    "relations": _("related agreements"),
    "inverse_relations": _("related agreements"),
    "identifiers": _("identifiers"),
}
_DATES = ("announced_on", "signed_on", "effective_from")


class Difference(NamedTuple):
    """A date that changed, as people read it; empty where it was not, or is not, known."""

    part: str | Promise
    before: str
    after: str


class Entry(NamedTuple):
    """One entry of the history: when, what happened, which parts changed, and the dates among them."""

    at: object
    kind: str | Promise
    parts: list
    differences: list[Difference]


def public_history(agreement: Agreement) -> list[Entry]:
    """Return what the feed tells everybody of ``agreement``, the newest first; three statements at most."""
    stranger = AnonymousUser()
    changes = Change.objects.visible_to(stranger).filter(resource="agreements", key=agreement.pk)
    told = tell_each(changes.order_by("-position")[:MOST], stranger)
    return [_entry(one) for one in told]


def _entry(told: dict) -> Entry:
    changed = told["changed"]
    parts = dict.fromkeys(_PARTS.get(name, _("other details")) for name in changed if name not in _DATES)
    differences = [
        Difference(_PARTS[name], _spoken(changed[name]["before"]), _spoken(changed[name]["after"]))
        for name in _DATES
        if name in changed
    ]
    return Entry(told["at"], _KINDS[told["kind"]], list(parts), differences)


def _spoken(value: str | None) -> str:
    return spoken(PartialDate.parse(value)) if value else ""
