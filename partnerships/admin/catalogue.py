"""What many agreements share beside institutions: events, focus areas, countries."""

from django.contrib import admin
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from partnerships.models import Country, Event, FocusArea, FocusAreaMapping
from people.admin.base import ReadOnly, RegistryInline, RegistryModelAdmin

from .fields import RegistryFields
from .popup import ShortInPopup


@admin.register(Event)
class EventAdmin(RegistryFields, ShortInPopup, RegistryModelAdmin):
    list_display = ("name", "starts_on", "ends_on", "place", "country", "visibility")
    list_select_related = ("country",)
    list_filter = (("country", AutocompleteSelectFilter), ("visibility", ChoicesDropdownFilter))
    search_fields = ("name", "place")
    autocomplete_fields = ("country",)
    fields = ("name", ("starts_on", "ends_on"), ("place", "country"), "url", "visibility")
    popup_fields = ("name", "starts_on", "ends_on", "place", "country")

    def autocomplete_label(self, event: Event, term: str) -> str:
        """Name and when it was."""
        return f"{event.name} · {event.starts_on}" if event.starts_on else event.name


class MappingInline(RegistryFields, RegistryInline, TabularInline):
    model = FocusAreaMapping
    extra = 0
    hide_title = True
    fields = ("scheme", "code", "label")
    verbose_name = "name in another scheme"
    verbose_name_plural = "names in other schemes"


@admin.register(FocusArea)
class FocusAreaAdmin(RegistryFields, ShortInPopup, RegistryModelAdmin):
    list_display = ("name", "stands_below", "visibility")
    list_filter = (("visibility", ChoicesDropdownFilter),)
    search_fields = ("name",)
    autocomplete_fields = ("parent",)
    inlines = (MappingInline,)
    readonly_fields = ("stands_below",)
    fields = ("name", "parent", "stands_below", "description", "visibility")
    popup_fields = ("name", "parent")

    def get_queryset(self, request):
        return super().get_queryset(request).with_path()

    @admin.display(description="Stands below")
    def stands_below(self, area: FocusArea) -> str:
        """The subjects above it, from the root down."""
        return " › ".join(getattr(area, "path", [])) or "—"

    def autocomplete_label(self, area: FocusArea, term: str) -> str:
        """The whole path: the same word may stand in several branches."""
        return " › ".join([*area.path, area.name])


@admin.register(Country)
class CountryAdmin(ReadOnly, RegistryModelAdmin):
    """Read only: the list is that of ISO 3166-1."""

    list_display = ("name", "code", "official_name")
    search_fields = ("name", "official_name", "code")
    fields = ("code", "name", "official_name")
