"""Notes by themselves: the list of all, and the page on which their writer changes or removes one."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from partnerships.models import Note
from people.admin.base import RegistryModelAdmin

from .fields import RegistryFields


@admin.register(Note)
class NoteAdmin(RegistryFields, RegistryModelAdmin):
    """A note is written on the page of its record; who reads it was settled there."""

    list_display = ("text_in_short", "record", "written_by", "written_at")
    list_select_related = ("agreement", "written_by")
    search_fields = ("text",)
    search_help_text = "Words of the note."
    fields = ("record", "text", "about_on", "visibility", "written_by", "written_at")
    readonly_fields = ("record", "visibility", "written_by", "written_at")
    ordering = ("-written_at", "-pk")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("agreement", "written_by")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """One's own; an administrator of everything may change all."""
        return self._is_theirs(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Whoever wrote a note may take it back; its history stays."""
        return self._is_theirs(request, obj) and super().has_change_permission(request, obj)

    def get_deleted_objects(self, objs, request):
        """Its writer need not be an administrator of the office: whose it is was asked already."""
        names, counts, lacking, holding = super().get_deleted_objects(objs, request)
        return names, counts, lacking - {self.opts.verbose_name}, holding

    def get_actions(self, request) -> dict:
        """None for many: each note is somebody's own."""
        return {}

    def _is_theirs(self, request, obj) -> bool:
        note = self._record(request, obj)
        return note is None or note.written_by_id == request.user.pk or request.user.is_superuser

    def get_search_results(self, request, queryset, search_term: str):
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    @admin.display(description="Note")
    def text_in_short(self, note: Note) -> str:
        """Its first words."""
        return str(note)

    @admin.display(description="Agreement")
    def record(self, note: Note) -> str:
        """The record beside which it stands."""
        address = reverse("admin:partnerships_agreement_change", args=[note.agreement_id])
        return format_html('<a class="text-link" href="{}">{}</a>', address, note.agreement)
