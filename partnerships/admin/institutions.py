"""Institutions: found by any name, and told apart by place."""

from django import forms
from django.contrib import admin
from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from partnerships.choices import InstitutionType
from partnerships.models import (
    Institution,
    InstitutionIdentifier,
    InstitutionLink,
    InstitutionLocation,
    InstitutionName,
)
from partnerships.querysets.institutions import relatives
from partnerships.ror import parse_ror
from partnerships.search.agreements import split_terms
from partnerships.search.suggestions import suggest
from people.admin.base import RegistryInline, RegistryModelAdmin
from people.admin.fields import IdentifierField

from .closed import closed_label, with_successors
from .fields import CheckboxesField, RegistryFields
from .merging import MergingMixin, merging_of
from .newcomers import NewcomerForm, NewcomersMixin
from .popup import ShortInPopup


class InstitutionForm(NewcomerForm):
    ror_id = IdentifierField(
        parse=parse_ror, label="ROR id", help_text="For example 035dkdb55; a full address is understood too."
    )
    types = CheckboxesField(choices=InstitutionType.choices)

    class Meta:
        model = Institution
        fields = ()


class RorRowForm(forms.ModelForm):
    """A row that ROR gave cannot be edited: the next import would undo it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if getattr(self.instance, "from_ror", False):
            for field in self.fields.values():
                field.disabled = True


class PartOfInstitution(RegistryFields, RegistryInline, TabularInline):
    form = RorRowForm
    extra = 0
    hide_title = True
    readonly_fields = ("given_by",)

    @admin.display(description="Given by")
    def given_by(self, row) -> str:
        """ROR or staff: only rows of ROR are taken away by an import."""
        return "ROR" if row.from_ror else "staff" if row.pk else ""


class NameInline(PartOfInstitution):
    model = InstitutionName
    fields = ("value", "kind", "language", "given_by")
    verbose_name = "further name"
    verbose_name_plural = "further names, acronyms and scripts"


class LinkInline(PartOfInstitution):
    model = InstitutionLink
    fk_name = "institution"
    fields = ("kind", "target", "given_by")
    autocomplete_fields = ("target",)
    verbose_name = "relation"
    verbose_name_plural = "relations: part of, successor of, related to"


class IdentifierInline(PartOfInstitution):
    model = InstitutionIdentifier
    fields = ("scheme", "value", "preferred", "given_by")


class LocationInline(PartOfInstitution):
    model = InstitutionLocation
    fields = ("country", "region", "city", "latitude", "longitude", "given_by")
    autocomplete_fields = ("country",)
    verbose_name = "further place"
    verbose_name_plural = "further places"


@admin.register(Institution)
class InstitutionAdmin(MergingMixin, NewcomersMixin, RegistryFields, ShortInPopup, RegistryModelAdmin):
    form = InstitutionForm
    list_display = ("name", "city", "country", "ror_id", "state", "visibility")
    list_select_related = ("country",)
    list_filter = (
        ("country", AutocompleteSelectFilter),
        ("state", ChoicesDropdownFilter),
        ("visibility", ChoicesDropdownFilter),
    )
    search_fields = ("name",)
    search_help_text = "Any name, acronym or script; a ROR id."
    autocomplete_fields = ("country",)
    inlines = (NameInline, LinkInline, IdentifierInline, LocationInline)
    readonly_fields = ("ror_modified_on", "relatives", "agreements", "merging")
    popup_fields = ("name", "country", "city", "ror_id")
    popup_inlines = (NameInline, LinkInline)
    fieldsets = (
        (None, {"fields": ("name", "ror_id", "types", "description", "website")}),
        (
            "Where",
            {"fields": ("country", ("city", "region"), ("latitude", "longitude"), "geonames_id")},
        ),
        ("State", {"fields": (("state", "established"), "visibility", "ror_modified_on")}),
        ("In the registry", {"fields": ("agreements", "relatives", "merging")}),
    )

    def get_search_results(self, request, queryset, search_term: str):
        """Every word stands in one of the names; a ROR id or an id finds its institution.

        A choice that finds none offers those whose names are near: who misspells one that stands
        would otherwise record it again.
        """
        if not (terms := split_terms(search_term.replace("\x00", ""))):
            return queryset, False
        if len(terms) == 1 and (exact := queryset.by_identifier(terms[0])).exists():
            return exact, False
        found = queryset
        for term in terms:
            found = found.named_like(term)
        if _is_choice(request) and not found.exists():
            near = suggest(search_term, user=request.user, resources=["institutions"])
            return _in_order(queryset, near), False
        return found.best_first(search_term.strip()), False

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        if _is_choice(request):
            queryset = queryset.select_related("country").prefetch_related("names")
            queryset = with_successors(queryset, request.user)
        return queryset

    def get_object(self, request, object_id, from_field=None):
        """The page's own fields are computed for its reader: see ``relatives``."""
        institution = super().get_object(request, object_id, from_field)
        if institution is not None:
            institution.asked_by = request.user
        return institution

    def autocomplete_label(self, institution: Institution, term: str) -> str:
        """Name — city, country · the further name by which it was found, or that it is only similar."""
        place = ", ".join(filter(None, (institution.city, institution.country and institution.country.name)))
        named = f"{institution.name} — {place}" if place else institution.name
        return " · ".join(filter(None, (named, closed_label(institution), _found_by(institution, term))))

    @admin.display(description="Agreements")
    def agreements(self, institution: Institution):
        """A way to everything that stands with this institution."""
        if not institution.pk:
            return "—"
        address = reverse("admin:partnerships_agreement_changelist")
        return format_html(
            '<a href="{}?institution={}" class="text-link">What we have with it</a>', address, institution.pk
        )

    @admin.display(description="Merging")
    def merging(self, institution: Institution):
        """What was merged into it, and the ways to merge and to part."""
        return merging_of(institution, institution.asked_by) if institution.pk else "—"

    @admin.display(description="Relatives")
    def relatives(self, institution: Institution) -> str:
        """The relations as they read from this side, also those that the others state."""
        if not institution.pk:
            return "—"
        row = Institution.objects.for_detail(institution.asked_by).get(pk=institution.pk)
        words = [
            f"{kind}: {', '.join(other.name for other in others)}"
            for kind, others in relatives(row).items()
            if others
        ]
        return "; ".join(words) or "—"


def _found_by(institution: Institution, term: str) -> str:
    """The further name that holds a word of ``term``; “similar name” where not all stand in any name."""
    if term.strip() in {institution.uid, institution.ror_id} or parse_ror(term):
        return ""
    wanted = [word.casefold() for word in split_terms(term)]
    further = [row.value for row in institution.names.all() if row.value != institution.name]
    folded = [name.casefold() for name in (institution.name, *further)]
    if not all(any(word in name for name in folded) for word in wanted):
        return "similar name"
    return next((name for name in further if any(word in name.casefold() for word in wanted)), "")


def _is_choice(request) -> bool:
    """Somebody types into a field that names an institution."""
    return bool(request.resolver_match) and request.resolver_match.url_name == "autocomplete"


def _in_order(institutions, suggestions):
    """Narrow a queryset to what was suggested, the likeliest first."""
    keys = [found.record.pk for found in suggestions]
    place = Case(
        *(When(pk=key, then=Value(place)) for place, key in enumerate(keys)), default=Value(len(keys))
    )
    return institutions.filter(pk__in=keys).order_by(place)
