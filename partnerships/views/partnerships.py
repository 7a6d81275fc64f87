from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import PartnershipFilterSet
from partnerships.filtersets.base import read_flag
from partnerships.models import CardPair, Facet
from partnerships.pictures.card import Card
from partnerships.search.neighbours import similar_partnerships
from partnerships.search.partnerships import made_one, partnership, withdrawn_between
from partnerships.search.suggestions import RESOURCES
from partnerships.templatetags.registry import counted

from .agreements import gone_with_reason
from .lists import RegistryList
from .options import Pair, countries_of_agreements, focus_areas
from .pages import PublicPage
from .profiles import Profile
from .queries import address, api_address, replaced, without


class PartnershipList(RegistryList):
    model = CardPair
    filterset_class = PartnershipFilterSet
    template_name = "partnerships/partnership_list.html"
    section = "partnerships"
    resource = "partnership"
    heading = _("Partnerships")
    lead = _("Two institutions, seen through all the agreements that they share.")
    meant_among = tuple(RESOURCES)
    options = {"country": countries_of_agreements, "focus_area": focus_areas}
    main_filters = ("q", "sub_units", "status", "type", "activity", "country", "focus_area")
    orders = (("", _("Most agreements")), ("-latest_on", _("Latest agreement")), ("first_on", _("Oldest")))

    def get_queryset(self) -> QuerySet:
        return CardPair.objects.visible_to(self.user)


class PartnershipDetail(Profile):
    """Two institutions; ``?sub_units=1`` counts the agreements of their sub-units for them as well."""

    model = CardPair
    template_name = "partnerships/partnership_detail.html"
    section = "partnerships"
    resource = "partnership"
    kind = _("Partnership")
    facets = (
        Facet.STATUS,
        Facet.TYPE,
        Facet.FOCUS_AREA,
        Facet.ACTIVITY,
        Facet.PERSON,
        Facet.EVENT,
        Facet.YEAR,
    )
    parameters = frozenset({"sub_units"})
    with_sub_units = False

    def get(self, request: HttpRequest, uid: str, **kwargs) -> HttpResponse:
        try:
            self.with_sub_units = read_flag(request.GET.get("sub_units", ""))
        except ValueError as error:
            raise Http404("There is no such view of the partnership.") from error
        return super().get(request, uid, **kwargs)

    @property
    def uid(self) -> str:
        return self.object["uid"]

    def in_preferred_form(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def load(self, uid: str) -> bool:
        found = partnership(uid, self.user, with_sub_units=self.with_sub_units)
        self.object = found[0] if found else None
        return self.object is not None

    def card(self) -> Card:
        number = counted(self.object["agreement_count"], "agreement")
        return Card(str(self.kind), str(Pair(*self.object["institutions"])), facts=[number])

    def gone(self, uid: str) -> HttpResponse:
        """Say why, where the agreements of the two were public once and were withdrawn."""
        if (one := made_one(uid, self.user)) is not None:
            return HttpResponsePermanentRedirect(
                reverse("partnerships:institution-detail", kwargs={"uid": one.uid})
            )
        withdrawn = withdrawn_between(uid).first()
        return gone_with_reason(self.request, withdrawn) if withdrawn else super().gone(uid)

    def asked(self) -> dict[str, str]:
        return {"partnership": self.uid} | ({"sub_units": "1"} if self.with_sub_units else {})

    def get_context_data(self) -> dict:
        uid, sides = self.uid, self.object["institutions"]
        return PublicPage.get_context_data(
            self,
            partnership=self.object,
            sides=sides,
            similar=similar_partnerships(sides, self.object["focus_areas"], self.user),
            with_sub_units=self.with_sub_units,
            other_count=address(self._with_other_count()),
            api=api_address("partnership-detail", uid=uid) + ("?sub_units=1" if self.with_sub_units else ""),
            **self.addresses(uid),
            **self.profile(),
        )

    def _with_other_count(self) -> QueryDict:
        """The query of this page with sub-units counted where they are not, and the other way round."""
        query = self.request.GET
        return without(query, "sub_units") if self.with_sub_units else replaced(query, "sub_units", "1")
