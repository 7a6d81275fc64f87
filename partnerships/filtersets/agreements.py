import django_filters

from partnerships.choices import ActivityKind, AgreementType, EndKind, Status
from partnerships.models import Activity, Agreement, AgreementFocusArea, Party
from partnerships.querysets.institutions import institution_family
from partnerships.querysets.people import agreements_naming
from partnerships.querysets.shared import focus_area_family
from partnerships.search.agreements import matching

from .base import AnyOfFilter, MomentFilter, NullsLastOrdering, PartialDateFilter, RegistryFilterSet
from .shared import (
    country_filter,
    event_filter,
    focus_area_filter,
    institution_filter,
    on_or_after,
    on_or_before,
    person_filter,
)


def _with_party(rows, **condition):
    return rows.filter(pk__in=Party.objects.filter(**condition).values("agreement"))


def _of_institutions(rows, keys):
    return _with_party(rows, institution__in=institution_family(keys))


def _of_countries(rows, codes):
    return _with_party(rows, institution__country__in=codes)


def _on_subjects(rows, keys):
    uses = AgreementFocusArea.objects.filter(focus_area__in=focus_area_family(keys))
    return rows.filter(pk__in=uses.values("agreement"))


def _with_activities(rows, kinds):
    return rows.filter(pk__in=Activity.objects.filter(kind__in=kinds).values("agreement"))


class AgreementFilterSet(RegistryFilterSet):
    """Everything that one may ask of a list of agreements, in one query string."""

    q = django_filters.CharFilter(method="search", label="Search", max_length=300)
    country = country_filter(_of_countries)
    institution = institution_filter(_of_institutions)
    person = person_filter(lambda rows, keys: rows)
    type = AnyOfFilter(choices=AgreementType, label="Type")
    status = AnyOfFilter(choices=Status, label="Status today")
    focus_area = focus_area_filter(_on_subjects)
    activity = AnyOfFilter(choices=ActivityKind, apply=_with_activities, label="Activity")
    event = event_filter(lambda rows, keys: rows.filter(event__in=keys))
    signed_after = on_or_after("signed_on", "Signed in or after")
    signed_before = on_or_before("signed_on", "Signed in or before")
    in_force_on = PartialDateFilter(
        apply=lambda rows, value: rows,
        label="In force on",
        help_text="2024-05-21: only what is certainly in force then is found. For 2024: throughout the year.",
    )
    ends_before = PartialDateFilter(
        apply=lambda rows, value: rows.filter(
            current_end_kind=EndKind.DATE, current_ends_on__first_day__lte=value.last_day
        ),
        label="Ends in or before",
        help_text="2024, 2024-05 or 2024-05-21; the end of the last term counts.",
    )
    updated_since = MomentFilter(
        field_name="updated_at", lookup_expr="gte", label="Changed since", help_text="A date or a time (UTC)."
    )
    ordering = NullsLastOrdering(
        fields={
            "signed_on": "signed_on",
            "announced_on": "announced_on",
            "effective_from": "effective_from",
            "current_ends_on": "ends_on",
            "title": "title",
            "updated_at": "updated_at",
            "created_at": "created_at",
        },
        label="Order",
    )

    class Meta:
        model = Agreement
        fields: list[str] = []

    def search(self, queryset, name, value):
        return matching(queryset, value)

    def filter_queryset(self, queryset):
        """Narrow; the derived facts are annotated first, as some filters and orders ask for them.

        Django leaves annotations that a count does not need out of the count.
        """
        queryset = queryset.with_status(self.user)
        values = self.form.cleaned_data
        if people := values.get("person"):
            queryset = queryset.filter(pk__in=agreements_naming(people, self.user).values("pk"))
        if span := values.get("in_force_on"):
            for day in {span.first_day, span.last_day}:
                in_force = Agreement.objects.in_force_on(day, self.user).values("pk")
                queryset = queryset.filter(pk__in=in_force)
        return super().filter_queryset(queryset)
