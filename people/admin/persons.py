"""Persons: found by any form of their name, in any script, or by ORCID iD."""

from collections.abc import Callable, Iterable

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils.html import format_html, format_html_join
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from people.models import Person, PersonName
from people.orcid import parse_orcid

from .base import RegistryModelAdmin, RegistryTabularInline
from .fields import IdentifierField

#: Each tells where a person is named: callable(person, user) -> pairs of a text and an address.
#: An app that names persons adds its own; it answers only with what ``user`` may see.
USES: list[Callable[[Person, object], Iterable[tuple[str, str]]]] = []


class PersonForm(forms.ModelForm):
    orcid = IdentifierField(
        parse=parse_orcid, label="ORCID iD", help_text=Person._meta.get_field("orcid").help_text
    )

    class Meta:
        model = Person
        fields = ()


class NameInline(RegistryTabularInline):
    model = PersonName
    fields = ("value", "kind", "language")
    verbose_name = "further name"
    verbose_name_plural = "further names, in other scripts too"


@admin.register(Person)
class PersonAdmin(RegistryModelAdmin):
    form = PersonForm
    list_display = ("name", "orcid", "visibility", "updated_at")
    list_filter = (("visibility", ChoicesDropdownFilter),)
    search_fields = ("name",)
    search_help_text = "Any form of the name, in any script; an ORCID iD."
    fields = ("name", "orcid", "visibility", "where_named")
    readonly_fields = ("where_named",)
    inlines = (NameInline,)

    def get_fields(self, request, obj=None):
        return [name for name in super().get_fields(request, obj) if obj or name != "where_named"]

    def get_queryset(self, request):
        """With what the page or the answer of a search field shows."""
        rows = super().get_queryset(request)
        match = request.resolver_match
        return rows.with_names() if match and match.url_name == "autocomplete" else rows

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The page's user is asked for when the form is rendered: see ``where_named``."""
        if obj is not None:
            obj._asked_by = request.user
        return super().get_form(request, obj, change, **kwargs)

    def get_search_results(self, request, queryset, search_term: str):
        """Every word stands in one of the person's names; an id or an ORCID iD finds its person."""
        words = search_term.replace("\x00", "").split()
        if len(words) == 1 and (exact := queryset.by_identifier(words[0])).exists():
            return exact, False
        for word in words:
            names = PersonName.objects.filter(person=OuterRef("pk"), value__icontains=word)
            queryset = queryset.filter(Q(name__icontains=word) | Exists(names))
        return queryset, False

    def autocomplete_label(self, person: Person, term: str) -> str:
        """The name, the further name by which it was found, and the end of the ORCID iD."""
        words = [word.casefold() for word in term.split()]
        others = (row.value for row in person.names.all() if row.value != person.name)
        found = next((name for name in others if any(word in name.casefold() for word in words)), "")
        return " · ".join(filter(None, (person.name, found, person.orcid)))

    @admin.display(description="Named in")
    def where_named(self, person: Person):
        """Links to what names the person, as far as the reader may see it."""
        user = getattr(person, "_asked_by", None)
        uses = [use for find in USES for use in find(person, user)] if user and person.pk else []
        if not uses:
            return "—"
        items = format_html_join("", '<li><a href="{1}" class="text-link">{0}</a></li>', uses)
        return format_html("<ul>{}</ul>", items)
