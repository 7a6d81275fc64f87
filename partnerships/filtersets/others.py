"""Filter sets of everything that is not an agreement."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.choices import ActivityKind, InstitutionState, InstitutionType, SourceKind
from partnerships.models import Activity, Agreement, Country, Document, Event, FocusArea, Institution, Source
from partnerships.querysets.institutions import institution_family
from partnerships.querysets.shared import focus_area_family
from partnerships.search.agreements import split_terms
from people.models import Person, PersonName

from .base import (
    AnyOfFilter,
    MomentFilter,
    NullsLastOrdering,
    RegistryFilterSet,
    ResolvedFilter,
    YesOrNoFilter,
)
from .shared import country_filter, focus_area_filter, institution_filter, on_or_after, on_or_before


class SearchableFilterSet(RegistryFilterSet):
    """Base of filter sets with a search box: every term must be found (``carrying``)."""

    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=300)

    def search(self, queryset, name, value):
        for term in split_terms(value):
            queryset = self.carrying(queryset, term)
        return queryset

    def carrying(self, queryset, term):
        return queryset.filter(name__icontains=term)


class InstitutionFilterSet(SearchableFilterSet):
    country = country_filter(apply=lambda rows, codes: rows.filter(country__in=codes))
    type = AnyOfFilter(
        choices=InstitutionType,
        apply=lambda rows, values: rows.filter(types__overlap=values),
        label=_("Type"),
    )
    state = AnyOfFilter(choices=InstitutionState, label=_("State"))
    parent = institution_filter(
        apply=lambda rows, keys: rows.filter(pk__in=set(institution_family(keys)) - set(keys)),
        help_text=_("Id or ROR id; everything below it is found."),
    )
    has_agreements = YesOrNoFilter(method="party_somewhere", label=_("Has agreements"))
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte", label=_("Changed since"))
    ordering = NullsLastOrdering(
        fields={"name": "name", "updated_at": "updated_at", "agreement_count": "agreements"}, label=_("Order")
    )

    class Meta:
        model = Institution
        fields: list[str] = []

    def carrying(self, queryset, term):
        return queryset.named_like(term)

    def party_somewhere(self, queryset, name, value):
        visible = Agreement.objects.visible_to(self.user)
        parties = Agreement.parties.rel.related_model.objects.filter(agreement__in=visible.values("pk"))
        condition = Q(pk__in=parties.values("institution"))
        return queryset.filter(condition if value else ~condition)


class PersonFilterSet(SearchableFilterSet):
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte", label=_("Changed since"))
    ordering = NullsLastOrdering(fields={"name": "name", "updated_at": "updated_at"}, label=_("Order"))

    class Meta:
        model = Person
        fields: list[str] = []

    def carrying(self, queryset, term):
        names = PersonName.objects.filter(value__icontains=term).values("person")
        return queryset.filter(Q(name__icontains=term) | Q(pk__in=names))


class FocusAreaFilterSet(SearchableFilterSet):
    parent = focus_area_filter(
        apply=lambda rows, keys: rows.filter(pk__in=set(focus_area_family(keys)) - set(keys)),
        help_text=_("Id; everything below it is found."),
    )
    ordering = NullsLastOrdering(fields={"name": "name", "agreement_count": "agreements"}, label=_("Order"))

    class Meta:
        model = FocusArea
        fields: list[str] = []


class EventFilterSet(SearchableFilterSet):
    country = country_filter(apply=lambda rows, codes: rows.filter(country__in=codes))
    starts_after = on_or_after("starts_on", _("Starts in or after"))
    starts_before = on_or_before("starts_on", _("Starts in or before"))
    ordering = NullsLastOrdering(
        fields={"name": "name", "starts_on": "starts_on", "agreement_count": "agreements"}, label=_("Order")
    )

    class Meta:
        model = Event
        fields: list[str] = []


class CountryFilterSet(SearchableFilterSet):
    ordering = NullsLastOrdering(
        fields={"name": "name", "agreement_count": "agreements", "institution_count": "institutions"},
        label=_("Order"),
    )

    class Meta:
        model = Country
        fields: list[str] = []

    def carrying(self, queryset, term):
        return queryset.filter(
            Q(name__icontains=term) | Q(official_name__icontains=term) | Q(code__iexact=term)
        )


class PartFilterSet(RegistryFilterSet):
    """Base of filter sets over what belongs to one agreement."""

    agreement = ResolvedFilter(
        find=lambda text, user: Agreement.objects.visible_to(user).filter(uid=text.strip()),
        noun="agreement",
        unknown=_("“%(text)s” is no agreement known here."),
        apply=lambda rows, keys: rows.filter(agreement__in=keys),
        label=_("Agreement"),
        help_text=_("Id of the agreement."),
    )


class ActivityFilterSet(PartFilterSet):
    kind = AnyOfFilter(choices=ActivityKind, label=_("Kind"))
    ordering = NullsLastOrdering(fields={"kind": "kind", "id": "id"}, label=_("Order"))

    class Meta:
        model = Activity
        fields: list[str] = []


class SourceFilterSet(PartFilterSet):
    q = django_filters.CharFilter(
        field_name="title", lookup_expr="icontains", label=_("Search"), max_length=300
    )
    kind = AnyOfFilter(choices=SourceKind, label=_("Kind"))
    ordering = NullsLastOrdering(fields={"title": "title", "published_on": "published_on"}, label=_("Order"))

    class Meta:
        model = Source
        fields: list[str] = []


class DocumentFilterSet(PartFilterSet):
    ordering = NullsLastOrdering(fields={"title": "title", "created_at": "created_at"}, label=_("Order"))

    class Meta:
        model = Document
        fields: list[str] = []
