"""The start page."""

import time
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from partnerships.choices import Status
from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Agreement, Country, Facet, IndexCard, Institution, Party
from partnerships.querysets.agreements import sees_public_only
from partnerships.querysets.shared import with_agreements_of_countries
from partnerships.search.facets import FacetValue, facets_of, named

from .pages import PublicPage
from .shown import agreements_on

SHOWN = 5
ENTRIES = 12
#: A number that takes longer than this to count (seconds) is kept, for so many times that long.
_LONG, _KEPT = 0.1, 100
#: What holds today, as far as anybody knows: of many an agreement only the signing is reported.
STANDING = (Status.SIGNED, Status.IN_FORCE, Status.ENDING_SOON)


class Stat(NamedTuple):
    """A number of the registry, and the list that it counts."""

    words: str
    number: int
    address: str


class Home(PublicPage):
    template_name = "partnerships/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        cards = IndexCard.objects.visible_to(self.user)
        everything = AgreementFilterSet(QueryDict(), cards, user=self.user, only_asked=True)
        everything.is_valid()
        question = everything.question
        countries = with_agreements_of_countries(Country.objects.all(), self.user).filter(
            agreement_count__gt=0
        )
        countries = list(countries.order_by("-agreement_count", "name"))
        facets = facets_of(question, [Facet.FOCUS_AREA, Facet.STATUS])
        signed = [row for row in self._first("-signed_on,-announced_on") if row.signed_on]
        changed = self._first()
        return super().get_context_data(
            agreement_total=question.count.value,
            stats=self._stats(question.count.value, facets[Facet.STATUS], len(countries)),
            newest=next(iter(signed or changed), None),
            signed=signed,
            changed=changed,
            countries=countries[:ENTRIES],
            subjects=named(Facet.FOCUS_AREA, facets[Facet.FOCUS_AREA], self.user)[:ENTRIES],
            **kwargs,
        )

    def _first(self, ordering: str = "") -> list[Agreement]:
        """The first agreements in an order. The cards say which: few rows of the wide table are read."""
        asked = QueryDict(urlencode({"ordering": ordering} if ordering else {}))
        cards = IndexCard.objects.visible_to(self.user)
        found = AgreementFilterSet(asked, cards, user=self.user, only_asked=True).result
        return agreements_on(found.counted_by("none")[:SHOWN], self.user)

    def _stats(self, agreements: int, statuses: list[FacetValue], countries: int) -> list[Stat]:
        """Return the registry in numbers, each with the way to what it counts."""
        standing = sum(one.count.value for one in statuses if one.value in STANDING)
        agreement_list = reverse("partnerships:agreement-list")
        institution_list = f"{reverse('partnerships:institution-list')}?has_agreements=true"
        country_list = f"{reverse('partnerships:country-list')}?ordering=-agreements"
        running = urlencode([("status", status) for status in STANDING])
        return [
            Stat(gettext("Agreements"), agreements, agreement_list),
            Stat(gettext("Signed or in force today"), standing, f"{agreement_list}?{running}"),
            Stat(
                gettext("Institutions with agreements"),
                institutions_with_agreements(self.user),
                institution_list,
            ),
            Stat(gettext("Countries"), countries, country_list),
        ]


_counted: tuple[float, int] = (0.0, 0)


def institutions_with_agreements(user) -> int:
    """How many institutions are parties of agreements that ``user`` may see.

    What everybody sees is kept for a minute or two where the registry is so large that counting
    takes a good part of a second.
    """
    global _counted
    for_everybody = sees_public_only(user)
    started = time.monotonic()
    if for_everybody and started < _counted[0]:
        return _counted[1]
    agreements = Agreement.objects.visible_to(user)
    parties = Party.objects.filter(agreement__in=agreements.values("pk"))
    number = Institution.objects.visible_to(user).filter(pk__in=parties.values("institution")).count()
    taken = time.monotonic() - started
    if for_everybody and taken > _LONG:
        _counted = (started + taken * _KEPT, number)
    return number
