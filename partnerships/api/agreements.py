"""Agreements as a resource: found on index cards, answered from prepared records where that may be."""

import json
from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from partnerships import filtersets
from partnerships.models import Agreement, IndexCard

from . import exports, including, serializers, tables
from .base import RegistryViewSet
from .facets import asked_facets, facets_in_words
from .filtering import refuse_faults
from .forms import CITATIONS, InFormsOfOthers
from .found import AgreementPagination
from .matched import correction_in_words, matches
from .prepared import (
    at_host,
    may_read_prepared,
    ready_bodies,
    ready_body,
    ready_fingerprints,
)
from .renderers import ExportRenderer
from .validators import digest, fingerprint
from .withdrawal import tell_withdrawal
from .writing import BulkWrites, PublicationActs, UpsertsAgreements, WritesAgreements


class AgreementViewSet(
    InFormsOfOthers, BulkWrites, PublicationActs, UpsertsAgreements, WritesAgreements, RegistryViewSet
):
    """Agreements between institutions."""

    model = Agreement
    serializer_class = serializers.AgreementSerializer
    filterset_class = filtersets.AgreementFilterSet
    columns = exports.AGREEMENTS
    citations = CITATIONS
    pagination_class = AgreementPagination
    may_be_withdrawn = True
    inclusions = including.OF_AGREEMENTS

    def rows(self):
        user, keys = self.request.user, self.selection
        # The record calls its subjects focus areas; all else has the name of the relation.
        parts = None if keys is None else {"subjects" if key == "focus_areas" else key for key in keys}
        return Agreement.objects.visible_to(user).for_detail(user, parts)

    def missing(self, uid):
        tell_withdrawal(Agreement.objects.withdrawn_from_public().filter(uid=uid))
        super().missing(uid)

    def list(self, request, *args, **kwargs):
        self.select()
        facets = asked_facets(request.query_params)
        cards = IndexCard.objects.visible_to(request.user)
        filters = self.filterset_class(request.query_params, cards, user=request.user, only_asked=True)
        refuse_faults(filters)
        if isinstance(request.accepted_renderer, ExportRenderer):
            return self.export(filters.qs, request.accepted_renderer)
        page = self.paginate_queryset(filters.result)
        beside = {}
        if self.paginator.stretch.count is not None and not (count := filters.question.count).is_exact:
            beside["count_interval"] = [count.low, count.high]
        if filters.correction:
            beside["corrected"] = correction_in_words(filters.correction)
        if facets:
            beside["facets"] = facets_in_words(filters.question, facets)
        ids = [card.pk for card in page]
        return self.answer(ids, beside, matches(filters, ids))

    def retrieve(self, request, *args, **kwargs):
        self.select_for_record()
        uid = self.kwargs[self.lookup_field].strip()
        as_json = isinstance(request.accepted_renderer, JSONRenderer)
        if as_json and self.is_prepared() and "\x00" not in uid:
            rows = Agreement.objects.visible_to(request.user).filter(uid=uid).order_by()
            body = ready_body(rows)
            if body is not None:
                return _json(at_host(body, self.origin), digest(self.origin, fingerprint(body)))
        return super().retrieve(request, *args, **kwargs)

    def tag_of(self, row):
        if self.is_prepared():
            body = ready_body(Agreement.objects.visible_to(self.request.user).filter(pk=row.pk))
            if body is not None:
                return digest(self.origin, fingerprint(body))
        return super().tag_of(row)

    # --- records ----------------------------------------------------------------------------------

    def is_prepared(self) -> bool:
        """True where the record is answered as it stands ready for everybody."""
        return self.selection is None and not self.wanted and may_read_prepared(self.request.user)

    @property
    def origin(self) -> str:
        return f"{self.request.scheme}://{self.request.get_host()}"

    def answer(self, ids: Sequence[int], beside: dict, matched: dict[int, str]):
        """The page of records ``ids``, with what else is said of the question.

        Args:
            matched: for records that a search found, why, as JSON.
        """
        envelope = self.paginator.get_paginated_response([]).data | beside | self.included(ids)
        del envelope["results"]
        if self.selection is None and may_read_prepared(self.request.user):
            return self._put_together(ids, JSONRenderer().render(envelope).decode(), matched)
        records = self.records_of(ids)
        for key in matched.keys() & records.keys():
            records[key]["matched"] = json.loads(matched[key])
        return Response(envelope | {"results": list(records.values())})

    def _put_together(self, ids: Sequence[int], head: str, matched: dict[int, str]) -> HttpResponse:
        """The page: its records are JSON already, so they are not read and written again."""

        def tag(marks: dict[int, str]) -> str:
            parts = [f"{key} {mark} {matched.get(key, '')}" for key, mark in marks.items()]
            return digest(self.origin, head, *parts)

        if "If-None-Match" in self.request.headers and (known := ready_fingerprints(ids)) is not None:
            self.unless_held(tag({key: known[key] for key in ids}))
        bodies = ready_bodies(ids)
        marks = {key: fingerprint(body) for key, body in bodies.items()}
        for key in matched.keys() & bodies.keys():
            bodies[key] = f'{bodies[key][:-1]},"matched":{matched[key]}}}'
        records = at_host(",".join(bodies.values()), self.origin)
        return _json(f'{head[:-1]},"results":[{records}]}}', tag(marks))

    def records_of(self, ids: Sequence[int]) -> dict[int, dict]:
        """The records ``ids`` in this order, with the keys that the request asks for."""
        if may_read_prepared(self.request.user):
            bodies = ready_bodies(ids)
            return {key: self.chosen(json.loads(at_host(body, self.origin))) for key, body in bodies.items()}
        rows = {row.pk: row for row in self.rows().filter(pk__in=ids)}
        represent = self.get_serializer().to_representation
        return {key: represent(rows[key]) for key in ids if key in rows}

    def chosen(self, record: dict) -> dict:
        """What the request asks for of a whole record."""
        if self.selection is None:
            return record
        return {key: value for key, value in record.items() if key in self.selection}

    def export_records(self, chunk) -> Iterator[dict]:
        yield from self.records_of([card.pk for card in chunk]).values()


def _json(body: str, tag: str) -> HttpResponse:
    return HttpResponse(body, content_type=JSONRenderer.media_type, headers={"ETag": tag})


tables.install()
