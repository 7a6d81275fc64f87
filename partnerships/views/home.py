"""The start page."""

import time

from django.http import HttpRequest, HttpResponse, QueryDict

from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Agreement, Country, Facet, IndexCard, Institution, Party
from partnerships.querysets.agreements import sees_public_only
from partnerships.querysets.shared import with_country_counts
from partnerships.search.facets import facets_of, named

from .pages import PublicPage
from .shown import newest_first

SHOWN = 5
ENTRIES = 12
#: A number that takes longer than this to count (seconds) is kept, for so many times that long.
_LONG, _KEPT = 0.1, 100


class Home(PublicPage):
    template_name = "partnerships/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        agreements = Agreement.objects.visible_to(self.user)
        cards = IndexCard.objects.visible_to(self.user)
        everything = AgreementFilterSet(QueryDict(), cards, user=self.user, only_asked=True)
        everything.is_valid()
        question = everything.question
        countries = with_country_counts(Country.objects.all(), self.user).filter(agreement_count__gt=0)
        countries = list(countries.order_by("-agreement_count", "name"))
        subjects = facets_of(question, [Facet.FOCUS_AREA])[Facet.FOCUS_AREA]
        return super().get_context_data(
            agreement_total=question.count.value,
            institution_total=institutions_with_agreements(self.user),
            country_total=len(countries),
            signed=newest_first(agreements.filter(signed_on__isnull=False).for_list(self.user))[:SHOWN],
            changed=agreements.for_list(self.user)[:SHOWN],
            countries=countries[:ENTRIES],
            subjects=named(Facet.FOCUS_AREA, subjects, self.user)[:ENTRIES],
            **kwargs,
        )


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
