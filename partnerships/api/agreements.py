"""Agreements as a resource: found on index cards, answered from prepared records where that may be."""

import json
from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from partnerships import filtersets
from partnerships.models import Agreement, IndexCard

from . import exports, serializers, tables
from .base import RegistryViewSet
from .facets import asked_facets, facets_in_words
from .filtering import refuse_faults
from .forms import CITATIONS, InFormsOfOthers
from .found import AgreementPagination
from .matched import correction_in_words, matches
from .prepared import may_read_prepared, ready_bodies, ready_body
from .renderers import ExportRenderer
from .withdrawal import tell_withdrawal
from .writing import PublicationActs, WritesAgreements


class AgreementViewSet(InFormsOfOthers, PublicationActs, WritesAgreements, RegistryViewSet):
    """Agreements between institutions."""

    model = Agreement
    serializer_class = serializers.AgreementSerializer
    filterset_class = filtersets.AgreementFilterSet
    columns = exports.AGREEMENTS
    citations = CITATIONS
    pagination_class = AgreementPagination
    may_be_withdrawn = True

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
        count = filters.question.count
        beside = {} if count.is_exact else {"count_interval": [count.low, count.high]}
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
        if as_json and self.selection is None and may_read_prepared(request.user) and "\x00" not in uid:
            body = ready_body(Agreement.objects.visible_to(request.user).filter(uid=uid), self.origin)
            if body is not None:
                return HttpResponse(body, content_type=JSONRenderer.media_type)
        return super().retrieve(request, *args, **kwargs)

    # --- records ----------------------------------------------------------------------------------

    @property
    def origin(self) -> str:
        return f"{self.request.scheme}://{self.request.get_host()}"

    def answer(self, ids: Sequence[int], beside: dict, matched: dict[int, str]):
        """The page of records ``ids``, with what else is said of the question.

        Args:
            matched: for records that a search found, why, as JSON.
        """
        envelope = self.paginator.get_paginated_response([]).data | beside
        del envelope["results"]
        if self.selection is None and may_read_prepared(self.request.user):
            # The records are JSON already: they are put together, not read and written again.
            head = JSONRenderer().render(envelope).decode()
            bodies = ready_bodies(ids, self.origin)
            for key in matched.keys() & bodies.keys():
                bodies[key] = f'{bodies[key][:-1]},"matched":{matched[key]}}}'
            records = ",".join(bodies.values())
            return HttpResponse(f'{head[:-1]},"results":[{records}]}}', content_type=JSONRenderer.media_type)
        records = self.records_of(ids)
        for key in matched.keys() & records.keys():
            records[key]["matched"] = json.loads(matched[key])
        return Response(envelope | {"results": list(records.values())})

    def records_of(self, ids: Sequence[int]) -> dict[int, dict]:
        """The records ``ids`` in this order, with the keys that the request asks for."""
        if may_read_prepared(self.request.user):
            bodies = ready_bodies(ids, self.origin)
            return {key: self.chosen(json.loads(body)) for key, body in bodies.items()}
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


tables.install()
