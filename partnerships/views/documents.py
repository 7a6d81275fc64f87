"""Handing out a document: to be kept, never to be run by the browser on this site."""

import logging

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from partnerships.models import Agreement, Document

from .agreements import gone_with_reason
from .pages import PublicPage

logger = logging.getLogger("entente.documents")


class DocumentDownload(PublicPage):
    def get(self, request: HttpRequest, uid: str) -> HttpResponse:
        document = Document.objects.visible_to(self.user).filter(uid=uid).first()
        if document is None:
            return self.gone(uid)
        try:
            stored = document.file.open("rb")
        except FileNotFoundError as error:
            logger.error("the file of document %s is missing in the store", document.uid)
            raise Http404("The file of this document is missing.") from error
        return FileResponse(
            stored,
            as_attachment=True,
            filename=document.filename,
            content_type=document.media_type,
            headers={
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )

    def gone(self, uid: str) -> HttpResponse:
        """Say why, where the document was public once and its agreement was withdrawn."""
        withdrawn = (
            Agreement.objects.withdrawn_from_public()
            .filter(documents__uid=uid, documents__visibility="public")
            .first()
        )
        if withdrawn is None:
            raise Http404("There is no such document.")
        return gone_with_reason(self.request, withdrawn)
