"""The start page."""

from django.http import HttpRequest, HttpResponse

from partnerships.models import Agreement, Country, FocusArea, Institution, Party
from partnerships.querysets.shared import with_country_counts

from .pages import PublicPage
from .shown import newest_first

SHOWN = 5
ENTRIES = 12


class Home(PublicPage):
    template_name = "partnerships/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        agreements = Agreement.objects.visible_to(self.user)
        parties = Party.objects.filter(agreement__in=agreements.values("pk"))
        institutions = Institution.objects.visible_to(self.user).filter(pk__in=parties.values("institution"))
        countries = with_country_counts(
            Country.objects.filter(pk__in=parties.values("institution__country")), self.user
        )
        subjects = FocusArea.objects.visible_to(self.user).with_agreement_count(self.user)
        return super().get_context_data(
            agreement_total=agreements.count(),
            institution_total=institutions.count(),
            country_total=countries.count(),
            signed=newest_first(agreements.filter(signed_on__isnull=False).for_list(self.user))[:SHOWN],
            changed=agreements.for_list(self.user)[:SHOWN],
            countries=countries.order_by("-agreement_count", "name")[:ENTRIES],
            subjects=subjects.filter(agreement_count__gt=0).order_by("-agreement_count", "name")[:ENTRIES],
            **kwargs,
        )
