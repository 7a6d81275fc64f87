"""Partnerships as a resource: pairs of institutions, derived from agreements."""

from partnerships.filtersets import PartnershipFilterSet
from partnerships.models import Agreement, PartyPair
from partnerships.querysets.partnerships import with_institutions

from . import exports
from .base import RegistryViewSet
from .errors import Gone
from .serializers import PartnershipSerializer, PartnershipWithAgreementsSerializer


class PartnershipViewSet(RegistryViewSet):
    """Two institutions, seen through all their agreements.

    The filters are those of agreements: a partnership is found, counted and dated by the agreements
    that they leave. An institution brings the partnerships of its sub-units, each for itself.
    """

    model = PartyPair
    serializer_class = PartnershipSerializer
    filterset_class = PartnershipFilterSet
    columns = exports.PARTNERSHIPS
    may_be_withdrawn = True

    def rows(self):
        return PartyPair.objects.visible_to(self.request.user)

    def get_serializer_class(self):
        return PartnershipWithAgreementsSerializer if self.action == "retrieve" else PartnershipSerializer

    def by_identifier(self, rows, uid):
        return rows.by_identifier(uid).as_partnerships()

    def complete(self, rows):
        return with_institutions(rows)

    def get_object(self):
        [row] = with_institutions([super().get_object()])
        between = Agreement.objects.visible_to(self.request.user).between(*row["institutions"])
        row["agreements"] = between.for_list(self.request.user)
        return row

    def missing(self, uid):
        withdrawn = Agreement.objects.withdrawn_from_public().values("pk")
        if PartyPair.objects.by_identifier(uid).filter(agreement__in=withdrawn).exists():
            raise Gone("Every agreement of this partnership that was public has been withdrawn.")
        super().missing(uid)
