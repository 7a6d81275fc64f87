from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import PartnershipFilterSet
from partnerships.filtersets.base import read_flag
from partnerships.models import Agreement, CardPair, Facet
from partnerships.pictures.card import Card
from partnerships.pictures.spans import timeline
from partnerships.search.answers import Count, Question
from partnerships.search.neighbours import similar_partnerships
from partnerships.search.partnerships import made_one, partnership, withdrawn_between
from partnerships.search.suggestions import RESOURCES
from partnerships.templatetags.registry import counted

from .agreements import gone_with_reason
from .details import RegistryDetail
from .lists import RegistryList
from .options import countries_of_agreements, focus_areas
from .pages import PublicPage
from .profiles import groups_of, years_of
from .queries import address, api_address, moved
from .shown import newest_first

#: Agreements on a page.
PAGE = 25
FACETS = (Facet.STATUS, Facet.TYPE, Facet.FOCUS_AREA, Facet.ACTIVITY, Facet.PERSON, Facet.EVENT, Facet.YEAR)


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


class PartnershipDetail(RegistryDetail):
    """Two institutions; ``?sub_units=1`` counts the agreements of their sub-units for them as well."""

    model = CardPair
    template_name = "partnerships/partnership_detail.html"
    section = "partnerships"
    resource = "partnership"
    kind = _("Partnership")
    with_sub_units = False

    def get(self, request: HttpRequest, uid: str, **kwargs) -> HttpResponse:
        try:
            self.with_sub_units = read_flag(request.GET.get("sub_units", ""))
            self.number = page_number(request.GET.get("page") or "1")
        except ValueError as error:
            raise Http404("There is no such page of the partnership.") from error
        if not self.load(uid):
            return self.gone(uid)
        if self.object["uid"] != uid:
            asked = f"?{request.GET.urlencode()}" if request.GET else ""
            return HttpResponsePermanentRedirect(self.address_of(self.object["uid"]) + asked)
        # Found once: two busy institutions have many agreements each, and few together.
        self.keys = list(self.cards.values_list("pk", flat=True))
        return self.render_to_response(self.get_context_data())

    def load(self, uid: str) -> bool:
        found = partnership(uid, self.user, with_sub_units=self.with_sub_units)
        self.object, self.cards = found or (None, None)
        return self.object is not None

    def card(self) -> Card:
        sides = self.object["institutions"]
        title = gettext("%(one)s and %(other)s") % {"one": sides[0], "other": sides[1]}
        number = counted(self.object["agreement_count"], "agreement")
        return Card(str(self.kind), title, facts=[number])

    def gone(self, uid: str) -> HttpResponse:
        """Say why, where the agreements of the two were public once and were withdrawn."""
        if (one := made_one(uid, self.user)) is not None:
            return HttpResponsePermanentRedirect(
                reverse("partnerships:institution-detail", kwargs={"uid": one.uid})
            )
        withdrawn = withdrawn_between(uid).first()
        return gone_with_reason(self.request, withdrawn) if withdrawn else super().gone(uid)

    def get_context_data(self) -> dict:
        uid = self.object["uid"]
        sides = self.object["institutions"]
        start = PAGE * (self.number - 1)
        between = Agreement.objects.visible_to(self.user).filter(pk__in=self.keys)
        agreements = list(newest_first(between.for_list(self.user))[start : start + PAGE])
        if not agreements:
            raise Http404("There is no such page of the partnership.")
        drawn = timeline(agreements)
        groups = groups_of(self.question(), FACETS)
        return PublicPage.get_context_data(
            self,
            partnership=self.object,
            sides=sides,
            agreements=agreements,
            agreement_total=self.object["agreement_count"],
            agreement_count=Count.exact(self.object["agreement_count"]),
            groups=groups,
            years=years_of(groups[Facet.YEAR]),
            timeline=drawn,
            spans=[(group, "") for group in drawn.groups],
            similar=similar_partnerships(sides, self.object["focus_areas"], self.user),
            **self.pages(),
            with_sub_units=self.with_sub_units,
            **self.addresses(uid),
            api=api_address("partnership-detail", uid=uid) + ("?sub_units=1" if self.with_sub_units else ""),
        )

    def question(self) -> Question:
        """The agreements of the two, to be counted by their headings."""
        return Question(
            narrow=lambda cards, without="": cards.filter(pk__in=self.keys),
            user=self.user,
            asked=frozenset({"partnership"}),
        )

    def pages(self) -> dict:
        """Where this page stands, and the addresses of newer and older agreements, if there are any."""
        found = {"page": {"number": self.number, "pages": -(-self.object["agreement_count"] // PAGE)}}
        if self.number > 1:
            found["previous"] = address(moved(self.request.GET, "page", str(self.number - 1)))
        if self.number * PAGE < self.object["agreement_count"]:
            found["next"] = address(moved(self.request.GET, "page", str(self.number + 1)))
        return found


def page_number(text: str) -> int:
    """Read the number of a page.

    Raises:
        ValueError: it is none.
    """
    if not (text.isdecimal() and text.isascii() and len(text) < 6 and int(text)):
        raise ValueError("This is not the number of a page.")
    return int(text)
