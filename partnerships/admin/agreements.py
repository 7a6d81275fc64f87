"""The one form in which a whole agreement is recorded."""

from django.contrib import admin, messages
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from partnerships.models import Agreement
from partnerships.services.publication import settle
from partnerships.services.similar import similar_agreements
from people.access import fields_hidden_from
from people.admin.base import RegistryModelAdmin

from .closed import warn_of_closed
from .documents import ask_for_files_again, name_who_files, tell_of_files
from .fast import FastWork
from .fields import RegistryFields
from .forms import AgreementForm
from .inlines import INLINES
from .listing import AgreementList, status_sentence
from .offices import OwnedByOffice
from .popup import in_popup
from .publication import PublicationMixin, act_between, change_page

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
    ("Keeping", {"fields": (("office", "visibility"), ("owner", "backup"), "confidential_terms")}),
)


@admin.register(Agreement)
class AgreementAdmin(
    FastWork, RegistryFields, PublicationMixin, OwnedByOffice, AgreementList, RegistryModelAdmin
):
    form = AgreementForm
    fieldsets = FIELDSETS
    inlines = INLINES
    autocomplete_fields = ("event", "signed_country")
    warn_unsaved_form = True
    change_form_template = "admin/partnerships/agreement/change_form.html"
    history_of = ("approvals", "amendments", "amendments__terms", "notes", "commitments")

    def get_fieldsets(self, request, obj=None):
        """Without the fields that are not for this reader; a new record belongs to whoever records it."""
        fieldsets = super().get_fieldsets(request, obj)
        hidden = fields_hidden_from(request.user, obj) if obj is not None else frozenset()
        if not hidden:
            return fieldsets
        return [
            (name, options | {"fields": tuple(one for one in options["fields"] if one not in hidden)})
            for name, options in fieldsets
        ]

    def lookup_allowed(self, lookup, value, request) -> bool:
        """A question in the address must not find out what the page does not show."""
        asked = lookup.partition("__")[0]
        return asked not in Agreement.office_only and super().lookup_allowed(lookup, value, request)

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
        warn_of_closed(request, formsets)
        tell_of_files(request, formsets)

    def settle_record(self, record: Agreement) -> None:
        """End an edit that no form made, as ``save_related`` ends one of the form."""
        settle(record)

    def act_of(self, change) -> str:
        """Acts of publication are known by the state that they led to."""
        return act_between(change.before, change.event)

    def save_formset(self, request, form, formset, change) -> None:
        """Keep rows in the order in which they were typed."""
        for index, row in enumerate(formset.forms):
            if row.instance.pk is None and hasattr(row.instance, "position"):
                row.instance.position = index
        name_who_files(request, formset)
        super().save_formset(request, form, formset, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= self.publication_context(request, obj)
        ask_for_files_again(request)
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
