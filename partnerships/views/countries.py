from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import CountryFilterSet
from partnerships.models import Country, Facet, Institution
from partnerships.querysets.shared import with_country_counts

from .details import RegistryDetail
from .lists import RegistryList
from .profiles import profile_of

FACETS = (
    Facet.INSTITUTION,
    Facet.STATUS,
    Facet.TYPE,
    Facet.FOCUS_AREA,
    Facet.ACTIVITY,
    Facet.EVENT,
    Facet.YEAR,
)


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
    kind = _("Country")

    def get_queryset(self) -> QuerySet:
        return with_country_counts(Country.objects.visible_to(self.user), self.user)

    def find(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(code=text.upper())

    def get_context_data(self, **kwargs) -> dict:
        country = self.object
        return (
            super().get_context_data(**kwargs)
            | {"country": country}
            | profile_of(
                self.user,
                FACETS,
                together=Facet.COUNTRY,
                keep={
                    Facet.COUNTRY: lambda codes: set(codes) - {country.pk},
                    Facet.INSTITUTION: partial(of_country, country, self.user),
                },
                titles={Facet.COUNTRY: _("Partner countries")},
                around={"nodes": "countries", "around": country.code},
                country=country.code,
            )
        )


def of_country(country: Country, user, keys: list[str]) -> set[str]:
    """Return those of ``keys`` of institutions, as a facet gives them, that lie in ``country``."""
    rows = Institution.objects.visible_to(user).filter(country=country, pk__in=keys).order_by()
    return {str(key) for key in rows.values_list("pk", flat=True)}
