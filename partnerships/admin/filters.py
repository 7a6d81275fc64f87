"""The questions that staff ask of the list of agreements."""

from datetime import date

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils import timezone
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from partnerships.choices import EndKind, Status
from partnerships.models import AgreementFocusArea, Facet, IndexCard, Institution, Party
from partnerships.status import ENDING_SOON


class AsksCards:
    """Mixin of a filter that is put to the cards; the agreements follow from them.

    ``narrow(cards)`` says which cards the value that was chosen means; all where none was.
    """

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(pk__in=self.narrow(IndexCard.objects.order_by()).values("pk"))


class SearchedFilter(AsksCards, SimpleListFilter):
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

    def narrow(self, cards):
        return cards.under(Facet.INSTITUTION, key) if (key := self.key()) else cards


class CountryFilter(SearchedFilter):
    title = "country of a party"
    parameter_name = "country"
    field = Institution._meta.get_field("country")

    def narrow(self, cards):
        return cards.under(Facet.COUNTRY, code) if (code := self.key()) else cards


class FocusAreaFilter(NumberedFilter):
    title = "focus area (those below included)"
    parameter_name = "focus_area"
    field = AgreementFocusArea._meta.get_field("focus_area")

    def narrow(self, cards):
        return cards.under(Facet.FOCUS_AREA, key) if (key := self.key()) else cards


class ClosedFilter(AsksCards, DropdownFilter):
    """A choice among known values; any other is refused, and never a list of everything."""

    def __init__(self, request, params, model, model_admin):
        self.request = request
        super().__init__(request, params, model, model_admin)

    def value(self):
        value = super().value()
        if value and value not in {str(known) for known, _ in self.lookup_choices}:
            raise IncorrectLookupParameters
        return value


class OnCard(ChoicesDropdownFilter):
    """A closed list whose value stands on the card under the same name."""

    def narrow(self, cards):
        return cards.filter(**{self.field_path: self.value()}) if self.value() else cards


class TypeFilter(ChoicesDropdownFilter):
    """The type, which stands on the card as a heading."""

    def narrow(self, cards):
        return cards.under(Facet.TYPE, self.value()) if self.value() else cards


class OfficeFilter(RelatedDropdownFilter):
    def narrow(self, cards):
        return cards.filter(office_id=self.value()) if self.value() else cards


class StatusFilter(ClosedFilter):
    title = "status today"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def narrow(self, cards):
        return cards.with_status([value], self.request.user) if (value := self.value()) else cards


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

    def narrow(self, cards):
        today, value = timezone.localdate(), self.value()
        if value == "this_year":
            return cards.ending_between(date(today.year, 1, 1), date(today.year, 12, 31))
        if value == "soon":
            return cards.ending_between(today, today + ENDING_SOON)
        if value == "past":
            return cards.with_status([Status.ENDED, Status.TERMINATED], self.request.user)
        if value in (EndKind.OPEN_ENDED, EndKind.UNKNOWN):
            return cards.without_end(value)
        return cards
