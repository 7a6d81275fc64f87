"""The questions that staff ask of the list of agreements."""

from datetime import date

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from partnerships.choices import EndKind, Status
from partnerships.models import AgreementFocusArea, Institution, Party
from partnerships.querysets.institutions import institution_family
from partnerships.querysets.shared import focus_area_family
from partnerships.status import ENDING_SOON


class SearchedFilter(SimpleListFilter):
    """A filter by an object that is searched for as one types."""

    template = "unfold/filters/filters_field.html"
    form_class = AutocompleteDropdownForm
    field = None

    def __init__(self, request, params, model, model_admin):
        self.request, self.model_admin = request, model_admin
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin) -> list:
        return []

    def has_output(self) -> bool:
        return True

    def key(self):
        """The primary key that was chosen, or None."""
        return self.value() or None

    def choices(self, changelist):
        yield {
            "form": self.form_class(
                request=self.request,
                label=f" By {self.title} ",
                name=self.parameter_name,
                choices=(),
                field=self.field,
                model_admin=self.model_admin,
                data={self.parameter_name: self.value()},
            )
        }


class NumberedFilter(SearchedFilter):
    """Of an object whose primary key is a number."""

    def key(self) -> int | None:
        if not (value := self.value()):
            return None
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise IncorrectLookupParameters
        return int(value)


class InstitutionFilter(NumberedFilter):
    title = "institution (sub-units included)"
    parameter_name = "institution"
    field = Party._meta.get_field("institution")

    def queryset(self, request, queryset):
        return queryset.with_party(institution_family([key])) if (key := self.key()) else queryset


class CountryFilter(SearchedFilter):
    title = "country of a party"
    parameter_name = "country"
    field = Institution._meta.get_field("country")

    def queryset(self, request, queryset):
        if not (code := self.key()):
            return queryset
        return queryset.with_party(Institution.objects.filter(country=code).values("pk"))


class FocusAreaFilter(NumberedFilter):
    title = "focus area (those below included)"
    parameter_name = "focus_area"
    field = AgreementFocusArea._meta.get_field("focus_area")

    def queryset(self, request, queryset):
        if not (key := self.key()):
            return queryset
        uses = AgreementFocusArea.objects.filter(focus_area__in=focus_area_family([key]))
        return queryset.filter(pk__in=uses.values("agreement"))


class ClosedFilter(DropdownFilter):
    """A choice among known values; any other is refused, and never a list of everything."""

    def value(self):
        value = super().value()
        if value and value not in {str(known) for known, _ in self.lookup_choices}:
            raise IncorrectLookupParameters
        return value


class StatusFilter(ClosedFilter):
    title = "status today"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def queryset(self, request, queryset):
        return queryset.filter(status=value) if (value := self.value()) else queryset


class EndsFilter(ClosedFilter):
    title = "end"
    parameter_name = "ends"

    def lookups(self, request, model_admin):
        return [
            ("this_year", "Ends this year"),
            ("soon", f"Ends within {ENDING_SOON.days} days"),
            (EndKind.OPEN_ENDED, "Open-ended"),
            (EndKind.UNKNOWN, "Not known"),
            ("past", "Ended or terminated"),
        ]

    def queryset(self, request, queryset):
        today, value = timezone.localdate(), self.value()
        if value == "this_year":
            return queryset.ending_between(date(today.year, 1, 1), date(today.year, 12, 31))
        if value == "soon":
            return queryset.ending_between(today, today + ENDING_SOON)
        if value == "past":
            return queryset.filter(status__in=[Status.ENDED, Status.TERMINATED])
        if value in (EndKind.OPEN_ENDED, EndKind.UNKNOWN):
            return queryset.filter(current_end_kind=value)
        return queryset
