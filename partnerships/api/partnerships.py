"""Partnerships as a resource: pairs of institutions, derived from agreements."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError

from partnerships.filtersets import PartnershipFilterSet
from partnerships.filtersets.base import read_flag
from partnerships.models import Agreement, CardPair
from partnerships.search.partnerships import made_one, partnership, withdrawn_between

from . import exports
from .base import RegistryViewSet
from .errors import Gone
from .serializers import PartnershipSerializer, PartnershipWithAgreementsSerializer


class PartnershipViewSet(RegistryViewSet):
    """Two institutions, seen through all their agreements.

    The filters are those of agreements: a partnership is found, counted and dated by the agreements
    that they leave. An institution brings the partnerships of its sub-units, each for itself; with
    `sub_units=1` every party counts for the topmost institutions above it instead.
    """

    model = CardPair
    serializer_class = PartnershipSerializer
    filterset_class = PartnershipFilterSet
    columns = exports.PARTNERSHIPS
    may_be_withdrawn = True
    shapes_a_record = RegistryViewSet.shapes_a_record | {"sub_units"}

    def rows(self):
        return CardPair.objects.visible_to(self.request.user)

    def get_serializer_class(self):
        return PartnershipWithAgreementsSerializer if self.action == "retrieve" else PartnershipSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("sub_units", bool, description="1: sub-units count for what stands above them.")
        ]
    )
    def retrieve(self, request, *args, **kwargs):
        return super().retrieve(request, *args, **kwargs)

    def get_object(self):
        uid, user = self.kwargs["uid"], self.request.user
        if "\x00" in uid:
            raise Http404
        found = partnership(uid, user, with_sub_units=self._with_sub_units())
        if found is None:
            self.missing(uid)
        row, cards = found
        if not all(any(side.is_called(part) for side in row["institutions"]) for part in uid.split("-", 1)):
            self.lead_to(row["uid"])
        between = Agreement.objects.visible_to(user).filter(pk__in=cards.values("pk"))
        return row | {"agreements": between.for_list(user)}

    def _with_sub_units(self) -> bool:
        try:
            return read_flag(self.request.query_params.get("sub_units", ""))
        except ValueError as error:
            raise ValidationError({"sub_units": [ErrorDetail(str(error), "invalid")]}) from error

    def missing(self, uid):
        if made_one(uid, self.request.user):
            raise Gone("The two institutions are one since they were merged.")
        if withdrawn_between(uid).exists():
            raise Gone("Every agreement of this partnership that was public has been withdrawn.")
        super().missing(uid)
