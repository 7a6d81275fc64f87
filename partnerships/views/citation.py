"""How to cite a record: the sentence on its page, and files for programs that manage references."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from partnerships.models import Agreement
from partnerships.partial_dates import spoken
from partnerships.standards import citations

from .pages import PublicPage

#: By the ending of the address: media type, name of the file's kind, and how it is written.
FORMS = {
    "ris": ("application/x-research-info-systems", "RIS", citations.ris),
    "bib": ("application/x-bibtex", "BibTeX", citations.bibtex),
    "json": (
        "application/vnd.citationstyles.csl+json",
        "CSL-JSON",
        lambda one: json.dumps([citations.csl(one)], ensure_ascii=False) + "\n",
    ),
}


class CitationDownload(PublicPage):
    """One agreement for a bibliography: ``/agreements/<id>/cite.ris``, ``cite.bib``, ``cite.json``."""

    def get(self, request: HttpRequest, uid: str, form: str) -> HttpResponse:
        rows = Agreement.objects.visible_to(self.user).for_detail(self.user, ("parties", "subjects"))
        agreement = rows.filter(uid=uid).first()
        if agreement is None or form not in FORMS:
            raise Http404("There is no such record.")
        kind, _, write = FORMS[form]
        page = request.build_absolute_uri(reverse("partnerships:agreement-detail", args=[uid]))
        return HttpResponse(
            write(citations.of_agreement(agreement, page)),
            content_type=f"{kind}; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="entente-{agreement.uid}.{form}"',
                "X-Content-Type-Options": "nosniff",
                "X-Robots-Tag": "noindex",
            },
        )


def addresses(agreement: Agreement) -> dict[str, str]:
    """Return where the citation of an agreement stands, by media type."""
    return {
        kind: reverse("partnerships:citation", args=[agreement.uid, end])
        for end, (kind, _, _) in FORMS.items()
    }


def files(agreement: Agreement) -> list[tuple[str, str]]:
    """Return (name of the kind, address) for links on the page."""
    return [
        (name, reverse("partnerships:citation", args=[agreement.uid, end]))
        for end, (_, name, _) in FORMS.items()
    ]


def sentence(agreement: Agreement, address: str) -> str:
    """Return a sentence that names the record, the registry, the address and the day of access."""
    today = timezone.localdate()
    return gettext(
        "“%(title)s”. Entente partnership registry, record %(uid)s, last changed %(changed)s. "
        "%(address)s (accessed %(today)s)."
    ) % {
        "title": agreement.title,
        "uid": agreement.uid,
        "changed": spoken(agreement.updated_at.date()),
        "address": address,
        "today": spoken(today),
    }


def bibtex(agreement: Agreement, address: str) -> str:
    """Return the record as an entry for a BibTeX file: in English, as the file that is handed out."""
    with translation.override(settings.LANGUAGE_CODE):
        return citations.bibtex(citations.of_agreement(agreement, address))
