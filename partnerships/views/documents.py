"""Documents at their addresses: the file that holds now, and for those who read internally, earlier ones."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from partnerships.models import Agreement, Document, DocumentVersion

from .agreements import gone_with_reason
from .downloads import handed_out
from .pages import PublicPage

logger = logging.getLogger("entente.documents")

MISSING = _(
    "The file of this document is missing in our store. The record of the document stands; "
    "whoever looks after this registry has been told."
)
TAKEN_BACK = "The document was taken back; its agreement stands."


class DocumentDownload(PublicPage):
    def get(self, request: HttpRequest, uid: str) -> HttpResponse:
        document = Document.objects.visible_to(self.user).select_related("agreement").filter(uid=uid).first()
        if document is None:
            return self.gone(uid)
        shared = document.visibility == "public" and document.agreement.is_public
        return _of(request, document, f"document {uid}", shared=shared)

    def gone(self, uid: str) -> HttpResponse:
        """Say why, where the document was public once: it was taken back, or its agreement was withdrawn."""
        if Document.objects.filter(uid=uid).taken_back().exists():
            return render(self.request, "410.html", {"reason": TAKEN_BACK}, status=410)
        withdrawn = (
            Agreement.objects.withdrawn_from_public()
            .filter(documents__uid=uid, documents__visibility="public")
            .first()
        )
        if withdrawn is None:
            raise Http404("There is no such document.")
        return gone_with_reason(self.request, withdrawn)


class DocumentVersionDownload(PublicPage):
    def get(self, request: HttpRequest, uid: str, number: int) -> HttpResponse:
        versions = DocumentVersion.objects.visible_to(self.user)
        # A number that no column holds asks for nothing that is there.
        version = versions.filter(document__uid=uid, number=number).first() if number < 2**31 else None
        if version is None:
            raise Http404("There is no such version.")
        return _of(request, version, f"version {number} of document {uid}", shared=False)


def _of(request: HttpRequest, row: Document | DocumentVersion, name: str, *, shared: bool) -> HttpResponse:
    try:
        stored = row.file.open("rb")
    except FileNotFoundError:
        logger.error("the file of %s is missing in the store", name)
        return render(request, "404.html", {"lead": MISSING}, status=404)
    return handed_out(request, row, stored, shared=shared)
