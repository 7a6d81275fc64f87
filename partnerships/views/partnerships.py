from collections import Counter
from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from partnerships.filtersets import PartnershipFilterSet
from partnerships.models import Agreement, Institution, PartyPair
from partnerships.querysets.institutions import institution_family
from partnerships.querysets.partnerships import with_institutions
from partnerships.search.suggestions import RESOURCES

from .agreements import gone_with_reason
from .details import RegistryDetail
from .lists import RegistryList
from .options import countries_of_agreements, focus_areas
from .pages import PublicPage
from .queries import api_address
from .shown import newest_first


class PartnershipList(RegistryList):
    model = PartyPair
    filterset_class = PartnershipFilterSet
    template_name = "partnerships/partnership_list.html"
    section = "partnerships"
    resource = "partnership"
    noun = "partnership,partnerships"
    heading = "Partnerships"
    lead = "Two institutions, seen through all the agreements that they share."
    meant_among = tuple(RESOURCES)
    options = {"country": countries_of_agreements, "focus_area": focus_areas}
    main_filters = ("q", "status", "type", "activity", "country", "focus_area")
    orders = (("", "Most agreements"), ("-latest_on", "Latest agreement"), ("first_on", "Oldest"))

    def get_queryset(self) -> QuerySet:
        return PartyPair.objects.visible_to(self.user)

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        return context | {"rows": with_institutions(context["rows"])}


class PartnershipDetail(RegistryDetail):
    """Two institutions; ``?sub_units=1`` counts the agreements of their sub-units for them as well."""

    model = PartyPair
    template_name = "partnerships/partnership_detail.html"
    section = "partnerships"
    resource = "partnership"

    def get(self, request: HttpRequest, uid: str, **kwargs) -> HttpResponse:
        self.sides = self.institutions_of(uid)
        if len(self.sides) != 2:
            return self.gone(uid)
        self.with_sub_units = request.GET.get("sub_units") == "1"
        shared = agreements_between(*self.sides, self.user, with_sub_units=self.with_sub_units)
        self.agreements = list(newest_first(shared.for_list(self.user)))
        if not self.agreements:
            return self.gone(uid)
        canonical = "-".join(side.uid for side in self.sides)
        if canonical != uid:
            asked = f"?{request.GET.urlencode()}" if request.GET else ""
            return HttpResponsePermanentRedirect(self.address_of(canonical) + asked)
        return self.render_to_response(self.get_context_data(canonical))

    def institutions_of(self, uid: str) -> list[Institution]:
        """Return the two institutions that the visitor may see, in the order of their ids."""
        rows = Institution.objects.visible_to(self.user).select_related("country")
        one, _, other = uid.partition("-")
        found = {side for part in (one, other) if (side := rows.by_identifier(part).first())}
        return sorted(found, key=lambda side: side.uid)

    def gone(self, uid: str) -> HttpResponse:
        """Say why, where the agreements of the two were public once and were withdrawn."""
        pairs = PartyPair.objects.by_identifier(uid)
        withdrawn = Agreement.objects.withdrawn_from_public().filter(pk__in=pairs.values("agreement")).first()
        return gone_with_reason(self.request, withdrawn) if withdrawn else super().gone(uid)

    def get_context_data(self, canonical: str) -> dict:
        dates = sorted(date for row in self.agreements if (date := row.signed_on or row.announced_on))
        return PublicPage.get_context_data(
            self,
            sides=self.sides,
            agreements=self.agreements,
            first_on=dates[0] if dates else None,
            latest_on=dates[-1] if dates else None,
            statuses=counted(row.status for row in self.agreements),
            types=counted(row.type for row in self.agreements),
            with_sub_units=self.with_sub_units,
            permanent_address=self.request.build_absolute_uri(self.address_of(canonical)),
            api=api_address("partnership-detail", uid=canonical),
        )


def agreements_between(one: Institution, other: Institution, user, *, with_sub_units: bool) -> QuerySet:
    """Return the agreements that ``user`` may see and to which both are parties.

    Args:
        with_sub_units: a sub-unit counts for what stands above it. Where one of the two stands
            above the other, the part below counts for the lower one alone.
    """
    agreements = Agreement.objects.visible_to(user)
    if not with_sub_units:
        return agreements.between(one, other)
    first, second = set(institution_family([one.pk])), set(institution_family([other.pk]))
    if other.pk in first:
        first -= second
    else:
        second -= first
    return agreements.with_party(first).with_party(second)


def counted(values: Iterable[str]) -> list[tuple[str, int]]:
    """Return (value, how often), the most frequent first."""
    return Counter(values).most_common()
