from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.choices import NameKind
from partnerships.filtersets import InstitutionFilterSet
from partnerships.models import Facet, Institution
from partnerships.querysets.institutions import relatives
from partnerships.search.neighbours import PARTNERS, similar_institutions
from partnerships.search.partnerships import partnerships_of

from .lists import RegistryList
from .options import countries_of_institutions
from .profiles import Profile
from .queries import address

PARTNERS_SHOWN = 15
#: What other registers call the institution: where their record stands.
_REGISTERS = {
    "isni": "https://isni.org/isni/",
    "wikidata": "https://www.wikidata.org/wiki/",
    "fundref": "https://doi.org/10.13039/",
}


class InstitutionList(RegistryList):
    model = Institution
    filterset_class = InstitutionFilterSet
    template_name = "partnerships/institution_list.html"
    section = "institutions"
    resource = "institution"
    heading = _("Institutions")
    lead = _("Universities, institutes, ministries and companies, to be found by any of their names.")
    meant_among = ("institutions",)
    options = {"country": countries_of_institutions}
    main_filters = ("q", "country", "has_agreements", "type")
    orders = (("", _("Name")), ("-agreements", _("Most agreements")), ("-updated_at", _("Last changed")))


class InstitutionDetail(Profile):
    model = Institution
    template_name = "partnerships/institution_detail.html"
    section = "institutions"
    resource = "institution"
    kind = _("Institution")
    facets = (
        Facet.STATUS,
        Facet.TYPE,
        Facet.FOCUS_AREA,
        Facet.ACTIVITY,
        Facet.COUNTRY,
        Facet.PERSON,
        Facet.EVENT,
        Facet.YEAR,
    )
    titles = {Facet.COUNTRY: _("Partner countries")}

    def get_queryset(self) -> QuerySet:
        # The profile counts its agreements itself, with those of the sub-units.
        return Institution.objects.visible_to(self.user).with_parts(self.user)

    def find(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.by_identifier(text)

    def get_context_data(self, **kwargs) -> dict:
        institution = self.object
        context = super().get_context_data(
            institution=institution,
            names=names_by_kind(institution),
            identifiers=identifiers(institution),
            relatives=relatives(institution),
            similar=similar_institutions(institution, self.user),
            similar_among=PARTNERS,
            **kwargs,
        )
        found = partners(institution, self.user, self.narrowed)
        return context | {"all_partnerships": address(self.query)} | found

    def around(self) -> dict[str, str]:
        return {"around": self.object.uid}

    def belonging(self) -> dict[str, Callable]:
        return {Facet.COUNTRY: lambda codes: set(codes) - {self.object.country_id}}


def names_by_kind(institution: Institution) -> list[tuple[str, list]]:
    """Return (kind in words, names) for every kind of name that the institution carries."""
    names = list(institution.names.all())
    grouped = [(words, [name for name in names if name.kind == kind]) for kind, words in NameKind.choices]
    return [(words, rows) for words, rows in grouped if rows]


def identifiers(institution: Institution) -> list[dict]:
    """Return what other registers call the institution, with an address where there is one."""
    found = []
    for row in institution.identifiers.all():
        base = _REGISTERS.get(row.scheme)
        address = base + row.value.replace(" ", "") if base else ""
        found.append({"scheme": row.get_scheme_display(), "value": row.value, "address": address})
    return found


def partners(institution: Institution, user, narrow: Callable | None) -> dict:
    """Return the main ``partners`` of the institution, those with most agreements first, and their number.

    Args:
        narrow: narrows cards to those that count.
    """
    found = partnerships_of([institution.pk], user, narrow)
    rows = found.named(PARTNERS_SHOWN)
    most = max((row["agreement_count"] for row in rows), default=1)
    for row in rows:
        row["partner"] = next(other for other in row["institutions"] if other.pk != institution.pk)
        row["share"] = round(row["agreement_count"] / most * 100, 1)
    return {"partners": rows, "partner_count": found.count()}
