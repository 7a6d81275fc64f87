"""What visitors reported: the list, and the page on which it is weighed against the record."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from partnerships.choices import SuggestionState
from partnerships.models import Suggestion
from partnerships.models.suggestion import LONGEST_TEXT
from partnerships.services.suggestions import decide
from people.admin.base import RegistryModelAdmin

from .reported import as_it_stands

_STATES = {"Open": "warning", "Accepted": "success", "Declined": "info", "Spam": "danger"}
#: So many stand on the desk.
_SHOWN = 5


class AnswerForm(forms.Form):
    """Why: needed to decline."""

    answer = forms.CharField(
        label="Reason",
        max_length=LONGEST_TEXT,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Needed to decline. Staff read it, and the history keeps it; it is mailed to nobody.",
    )


@admin.register(Suggestion)
class SuggestionAdmin(RegistryModelAdmin):
    list_display = ("text_in_short", "shown_record", "part", "shown_state", "sent_at")
    list_display_links = ("text_in_short",)
    list_filter = ("state",)
    search_fields = ("wrong", "right", "source", "answer")
    search_help_text = "Words of the report or of the reason."
    ordering = ("-sent_at", "-pk")
    when_empty = "What visitors report with “Report an error” at the end of a record’s page waits here."

    def get_queryset(self, request):
        return super().get_queryset(request).with_records()

    def has_add_permission(self, request) -> bool:
        return False

    def get_actions(self, request) -> dict:
        """None for many: each is weighed by itself."""
        return {}

    def get_search_results(self, request, queryset, search_term: str):
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    def get_urls(self):
        address = self.admin_site.admin_view(self.decide_view)
        name = "partnerships_suggestion_decide"
        return [path("<int:key>/decide/<str:state>/", address, name=name), *super().get_urls()]

    # --- pages -----------------------------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The report, and beside it what the record says today."""
        return self._page(request, self._row(request, object_id), AnswerForm())

    @method_decorator(csrf_protect)
    def decide_view(self, request, key: int, state: str):
        """Accept, decline, put aside or open again, whichever button was pressed."""
        row = self._row(request, key)
        if request.method != "POST" or state not in SuggestionState.values:
            raise Http404
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._page(request, row, form)
        try:
            decide(suggestion=row, by=request.user, state=state, **form.cleaned_data)
        except ValidationError as error:
            told = getattr(error, "error_dict", {"answer": error.messages})
            for name, complaints in told.items():
                form.add_error(name if name in form.fields else None, complaints)
            return self._page(request, row, form)
        return self._decided(request, row, state)

    def _decided(self, request, row: Suggestion, state: str) -> HttpResponseRedirect:
        if state == SuggestionState.ACCEPTED:
            messages.success(request, "Accepted. Correct the record here, and name the source.")
            return HttpResponseRedirect(address_of(row))
        words = "Opened again." if state == SuggestionState.OPEN else f"{SuggestionState(state).label}."
        messages.success(request, words)
        return HttpResponseRedirect(reverse("admin:partnerships_suggestion_change", args=[row.pk]))

    def _row(self, request, key) -> Suggestion:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("contact")
        row = rows.filter(pk=key).first() if str(key).isdecimal() and len(str(key)) < 19 else None
        if row is None:
            raise Http404
        return row

    def _page(self, request, row: Suggestion, form: AnswerForm) -> TemplateResponse:
        request.current_app = self.admin_site.name
        may_decide = self.has_change_permission(request, row)
        context = {
            **self.admin_site.each_context(request),
            "title": "Reported error",
            "opts": self.opts,
            "row": row,
            "form": form,
            "may_decide": may_decide,
            # Who wrote is for those who may ask back.
            "contact": getattr(row, "contact", None) if may_decide else None,
            "stands": as_it_stands(row, request.user),
            "record_address": address_of(row),
        }
        return TemplateResponse(request, "admin/partnerships/suggestion/suggestion.html", context)

    # --- columns of the list -----------------------------------------------------------------------

    @admin.display(description="Report")
    def text_in_short(self, row: Suggestion) -> str:
        """Its first words."""
        return str(row)

    @admin.display(description="Record")
    def shown_record(self, row: Suggestion) -> str:
        """The record that it is about."""
        return str(row.record)

    @admin.display(description="Part")
    def part(self, row: Suggestion) -> str:
        """The part of its page."""
        return str(row.field_in_words)

    @display(description="State", ordering="state", label=_STATES)
    def shown_state(self, row: Suggestion) -> str:
        """What became of it."""
        return row.get_state_display()


def address_of(row: Suggestion) -> str:
    """Where the record is edited that a suggestion is about."""
    meta = row.record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.record.pk])


def reports_for_desk(user) -> dict:
    """The newest reports that wait for ``user``, and how many there are."""
    if not user.has_perm("partnerships.change_suggestion"):
        return {"reports": [], "report_count": 0}
    rows = Suggestion.objects.waiting_for(user)
    found = list(rows.with_records()[: _SHOWN + 1])
    number = rows.count() if len(found) > _SHOWN else len(found)
    return {"reports": found[:_SHOWN], "report_count": number}
