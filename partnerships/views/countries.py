from collections.abc import Callable
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import CountryFilterSet
from partnerships.models import Country, Facet, Institution
from partnerships.querysets.shared import with_country_counts

from .lists import RegistryList
from .profiles import Profile


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


class CountryDetail(Profile):
    model = Country
    template_name = "partnerships/country_detail.html"
    section = "countries"
    resource = "country"
    kind = _("Country")
    facets = (
        Facet.INSTITUTION,
        Facet.STATUS,
        Facet.TYPE,
        Facet.FOCUS_AREA,
        Facet.ACTIVITY,
        Facet.EVENT,
        Facet.YEAR,
        Facet.COUNTRY,
    )
    titles = {Facet.COUNTRY: _("Partner countries")}

    def get_queryset(self) -> QuerySet:
        return with_country_counts(Country.objects.visible_to(self.user), self.user)

    def find(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(code=text.upper())

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(country=self.object, **kwargs)

    def asked(self) -> dict[str, str]:
        return {"country": self.object.code}

    def around(self) -> dict[str, str]:
        return {"nodes": "countries", "around": self.object.code}

    def belonging(self) -> dict[str, Callable]:
        country = self.object
        return {
            Facet.COUNTRY: lambda codes: set(codes) - {country.pk},
            Facet.INSTITUTION: partial(of_country, country, self.user),
        }


def of_country(country: Country, user, keys: list[str]) -> set[str]:
    """Return those of ``keys`` of institutions, as a facet gives them, that lie in ``country``."""
    rows = Institution.objects.visible_to(user).filter(country=country, pk__in=keys).order_by()
    return {str(key) for key in rows.values_list("pk", flat=True)}
