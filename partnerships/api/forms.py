"""Records in the formats of others: citations of agreements, linked data of whatever has a page."""

import json
from collections.abc import Iterable, Iterator

from django.http import HttpResponse
from rest_framework.exceptions import ErrorDetail, NotAcceptable, ValidationError

from partnerships.standards import citations, linked_data

from .fields import page_url
from .renderers import ExportRenderer
from .validators import digest


class CitationRenderer(ExportRenderer):
    """A bibliography. It is made of whole records: ``fields`` and ``omit`` mean nothing to it."""

    whole = True

    def pieces(self, cited: Iterable[citations.Citation]) -> Iterator[str]:
        raise NotImplementedError

    def chunks(self, records, columns):
        for piece in self.pieces(map(citations.of_record, records)):
            yield piece.encode()


class RisRenderer(CitationRenderer):
    media_type = "application/x-research-info-systems"
    content_type = f"{media_type}; charset=utf-8"
    format = "ris"

    def pieces(self, cited):
        return map(citations.ris, cited)


class BibtexRenderer(CitationRenderer):
    media_type = "application/x-bibtex"
    content_type = f"{media_type}; charset=utf-8"
    format = "bibtex"

    def pieces(self, cited):
        return (f"{citations.bibtex(one)}\n" for one in cited)


class CslRenderer(CitationRenderer):
    media_type = "application/vnd.citationstyles.csl+json"
    format = "csl"
    schema = {"type": "array", "items": {"type": "object"}}

    def pieces(self, cited):
        return citations.csl_pieces(cited)


class LinkedDataRenderer(ExportRenderer):
    """One record as schema.org sees it."""

    media_type = linked_data.MEDIA_TYPE
    format = "jsonld"
    schema = {"type": "object"}
    whole = True


CITATIONS = [RisRenderer, BibtexRenderer, CslRenderer]


class InFormsOfOthers:
    """Adds formats to a resource: to the address of one record, and citations to the list too.

    A subclass names those that it has beside linked data.
    """

    citations: list[type[CitationRenderer]] = []

    def get_renderers(self) -> list:
        renderers = super().get_renderers()
        if self.action == "list":
            return renderers + [kind() for kind in self.citations]
        if self.action == "retrieve":
            return renderers + [kind() for kind in (LinkedDataRenderer, *self.citations)]
        return renderers

    def select(self) -> None:
        super().select()
        if self.selection is not None and getattr(self.request.accepted_renderer, "whole", False):
            message = f"{self.request.accepted_renderer.format} is made of the whole record."
            asked = [name for name in ("fields", "omit") if name in self.request.query_params]
            raise ValidationError({name: [ErrorDetail(message, "contradiction")] for name in asked})

    def retrieve(self, request, *args, **kwargs):
        renderer = request.accepted_renderer
        if not isinstance(renderer, ExportRenderer):
            return super().retrieve(request, *args, **kwargs)
        self.select_for_record()
        record = self.get_object()
        if isinstance(renderer, LinkedDataRenderer):
            origin = f"{request.scheme}://{request.get_host()}"
            graph = linked_data.graph_of(record, origin)
            if graph is None:
                raise NotAcceptable("Only what everybody may see is given as linked data.")
            body = json.dumps(graph, ensure_ascii=False)
        else:
            page = page_url("partnerships:agreement-detail", record.uid, request)
            body = "".join(renderer.pieces([citations.of_agreement(record, page)]))
        kind = getattr(renderer, "content_type", renderer.media_type)
        return HttpResponse(body, content_type=kind, headers={"ETag": digest(body)})
