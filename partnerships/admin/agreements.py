"""The one form in which a whole agreement is recorded."""

from django.contrib import admin, messages
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from partnerships.models import Agreement, Document
from partnerships.services.documents import same_files
from partnerships.services.publication import settle
from partnerships.services.similar import similar_agreements
from people.admin.base import RegistryModelAdmin

from .fields import RegistryFields
from .forms import AgreementForm
from .inlines import INLINES
from .listing import AgreementList, status_sentence
from .offices import OwnedByOffice
from .popup import in_popup
from .publication import PublicationMixin, change_page

FIELDSETS = (
    (None, {"fields": ("title", "type", "summary")}),
    (
        "When and where",
        {
            "fields": (
                ("announced_on", "signed_on"),
                "event",
                ("signed_place", "signed_country"),
                "languages",
            ),
            "description": "Only what a source states: 2024, 2024-05 or 2024-05-21.",
        },
    ),
    (
        "Term",
        {
            "fields": (
                "effective_from",
                ("end_kind", "ends_on"),
                "term_as_stated",
                ("renewal", "renewal_note"),
                ("notice_amount", "notice_unit"),
                "binding",
                ("terminated_on", "termination_reason"),
            ),
            "description": "“Not known” and “open-ended” are two different ends.",
        },
    ),
    ("Keeping", {"fields": (("office", "visibility"), ("owner", "backup"))}),
)


@admin.register(Agreement)
class AgreementAdmin(RegistryFields, PublicationMixin, OwnedByOffice, AgreementList, RegistryModelAdmin):
    form = AgreementForm
    fieldsets = FIELDSETS
    inlines = INLINES
    autocomplete_fields = ("event", "signed_country")
    warn_unsaved_form = True
    change_form_template = "admin/partnerships/agreement/change_form.html"

    def has_view_permission(self, request, obj=None) -> bool:
        """What the gate lets through may be read, whichever office owns it."""
        return request.user.has_perm("partnerships.view_agreement")

    def has_delete_permission(self, request, obj=None) -> bool:
        """Only drafts go: what was published once keeps its address, and its history."""
        gone_too_far = obj is not None and (obj.published_at or obj.publication_state != "draft")
        return not gone_too_far and super().has_delete_permission(request, obj)

    def save_related(self, request, form, formsets, change) -> None:
        """Save rows in an order in which later ones can refer to earlier ones, then settle the record."""
        form.save_m2m()
        rows: dict[str, object] = {}
        for formset in sorted(formsets, key=lambda formset: formset.prefix not in ("parties", "sources")):
            for row in formset.forms:
                if hasattr(row, "connect") and row.has_changed():
                    row.connect(rows)
            self.save_formset(request, form, formset, change)
            rows |= {row.prefix: row.instance for row in formset.forms if row.instance.pk}
        settle(form.instance)
        self._tell_of_same_files(request, formsets)

    def save_formset(self, request, form, formset, change) -> None:
        """Keep rows in the order in which they were typed."""
        for index, row in enumerate(formset.forms):
            if row.instance.pk is None and hasattr(row.instance, "position"):
                row.instance.position = index
        super().save_formset(request, form, formset, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= self.publication_context(request, obj)
        if obj is not None and not in_popup(request):
            context["status_sentence"] = status_sentence(obj)
            context["similar"] = similar_agreements(agreement=obj, user=request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        self._warn_of_similar(request, obj, response)
        return response

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        self._warn_of_similar(request, obj, response)
        return response

    def _warn_of_similar(self, request, agreement: Agreement, response) -> None:
        """Warn on whatever page comes next; the record's own names similar ones by itself."""
        if in_popup(request) or getattr(response, "url", "").partition("?")[0] == change_page(agreement):
            return
        found = similar_agreements(agreement=agreement, user=request.user)
        if found:
            messages.warning(request, format_html("A similar record stands already: {}", links_to(found)))

    def _tell_of_same_files(self, request, formsets) -> None:
        for formset in formsets:
            if formset.model is not Document:
                continue
            for row in formset.forms:
                if "file" in row.changed_data and row.instance.pk:
                    self._tell_of_same_file(request, row.instance)

    def _tell_of_same_file(self, request, document: Document) -> None:
        for other in same_files(document, request.user)[:3]:
            messages.warning(
                request,
                format_html(
                    '“{}” holds the same file as “{}” of <a href="{}" class="underline">{}</a>.',
                    document.title,
                    other.title,
                    change_page(other.agreement),
                    other.agreement.title,
                ),
            )


def links_to(found: list) -> SafeString:
    """Links to similar records, each with the reason."""
    return format_html_join(
        "; ",
        '<a href="{}" class="underline">{}</a> ({}: {})',
        (
            (
                change_page(row.agreement),
                row.agreement.title,
                row.agreement.get_publication_state_display().lower(),
                row.reason,
            )
            for row in found
        ),
    )
