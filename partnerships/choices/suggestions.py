"""What a visitor may report an error on, and what becomes of the report."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SuggestionState(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    SPAM = "spam", "Spam"


#: By the kind of record, the parts of its page: key in the address, and words.
REPORTABLE: dict[str, dict] = {
    "agreement": {
        "title": _("Title"),
        "type": _("Type"),
        "summary": _("Summary"),
        "parties": _("Parties"),
        "life": _("Life of the agreement"),
        "terms": _("Terms"),
        "amendments": _("Amendments"),
        "signatories": _("Signatories"),
        "statements": _("What was said"),
        "activities": _("What the parties agreed to do"),
        "commitments": _("What was promised, and what became of it"),
        "subjects": _("Focus areas"),
        "related": _("Related agreements"),
        "documents": _("Documents"),
        "sources": _("Sources"),
    },
    "institution": {
        "names": _("Names"),
        "types": _("Type"),
        "place": _("Place"),
        "identifiers": _("Identifiers"),
        "description": _("Description"),
        "related": _("Related institutions"),
    },
    "person": {
        "names": _("Names"),
        "orcid": _("ORCID iD"),
        "signed": _("Signed"),
        "said": _("Said"),
    },
    "event": {
        "names": _("Name"),
        "dates": _("Dates"),
        "place": _("Place"),
        "came": _("Who came"),
    },
    "focus_area": {
        "names": _("Name"),
        "parent": _("Place in the tree"),
    },
}
#: Everything else on a page.
OTHER = "other"
for _fields in REPORTABLE.values():
    _fields[OTHER] = _("Something else on the page")
