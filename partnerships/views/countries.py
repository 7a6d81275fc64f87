from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import CountryFilterSet
from partnerships.models import Agreement, Country, Institution, Party
from partnerships.querysets.shared import partner_countries, with_country_counts

from .details import RegistryDetail
from .lists import RegistryList
from .shown import agreements_shown

INSTITUTIONS_SHOWN = 25


class CountryList(RegistryList):
    model = Country
    filterset_class = CountryFilterSet
    template_name = "partnerships/country_list.html"
    section = "countries"
    resource = "country"
    heading = _("Countries")
    lead = _("Every country of ISO 3166-1, with its institutions and their agreements.")
    meant_among = ("countries",)
    main_filters = ("q",)
    orders = (
        ("", _("Name")),
        ("-agreements", _("Most agreements")),
        ("-institutions", _("Most institutions")),
    )

    def get_queryset(self) -> QuerySet:
        return with_country_counts(Country.objects.visible_to(self.user), self.user)


class CountryDetail(RegistryDetail):
    model = Country
    template_name = "partnerships/country_detail.html"
    section = "countries"
    resource = "country"

    def get_queryset(self) -> QuerySet:
        return with_country_counts(Country.objects.visible_to(self.user), self.user)

    def find(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(code=text.upper())

    def get_context_data(self, **kwargs) -> dict:
        country = self.object
        agreements = Agreement.objects.visible_to(self.user)
        parties = Party.objects.filter(agreement__in=agreements.values("pk"), institution__country=country)
        active = (
            Institution.objects.visible_to(self.user)
            .filter(pk__in=parties.values("institution"))
            .with_agreement_count(self.user)
            .order_by("-agreement_count", "name", "pk")
        )
        return (
            super().get_context_data(**kwargs)
            | {
                "country": country,
                "institutions": active[:INSTITUTIONS_SHOWN],
                "institution_total": active.count(),
                "partner_countries": partner_countries(country, self.user),
            }
            | agreements_shown(self.user, country=country.code)
        )
