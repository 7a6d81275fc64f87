"""Commitments over all records: what is overdue, what is due soon, what is ours."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from partnerships.choices import CommitmentState
from partnerships.fields import to_partial_date
from partnerships.models import Commitment
from partnerships.services.commitments import settle_commitment
from people.access import office_ids
from people.admin.base import RegistryModelAdmin

from .fields import RegistryFields
from .filters import ClosedFilter
from .keeping import KeepsQuestion
from .listing import on_one_line

SOON_DAYS = 30
_COLOURS = {"done": "success", "overdue": "danger", "open": "info", "lapsed": "warning"}


class DueFilter(ClosedFilter):
    title = "due"
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return [
            ("overdue", "Overdue"),
            ("soon", f"Due within {SOON_DAYS} days"),
            ("undated", "Open, no date known"),
        ]

    def queryset(self, request, queryset):
        today, value = timezone.localdate(), self.value()
        if value == "overdue":
            return queryset.overdue(today)
        if value == "soon":
            return queryset.due_within(today, SOON_DAYS)
        if value == "undated":
            return queryset.filter(state=CommitmentState.OPEN, due_on__isnull=True)
        return queryset


class OursFilter(ClosedFilter):
    title = "whose"
    parameter_name = "whose"

    def lookups(self, request, model_admin):
        return [("ours", "Of my offices")]

    def queryset(self, request, queryset):
        return queryset.filter(agreement__office__in=office_ids(request.user)) if self.value() else queryset


@admin.register(Commitment)
class CommitmentAdmin(KeepsQuestion, RegistryFields, RegistryModelAdmin):
    list_display = ("what", "record", "promised_by", "shown_due", "shown_state")
    list_filter = (
        DueFilter,
        OursFilter,
        ("state", ChoicesDropdownFilter),
        ("agreement__office", RelatedDropdownFilter),
        ("visibility", ChoicesDropdownFilter),
    )
    list_filter_submit = True
    list_fullwidth = True
    list_before_template = "admin/partnerships/commitment/questions.html"
    search_fields = ("what", "who", "agreement__title")
    search_help_text = "What was promised, by whom, title of the agreement."
    ordering = ("due_on", "pk")
    autocomplete_fields = ("agreement", "person")
    fields = (
        *("agreement", "what"),
        ("party", "who"),
        *("person", "due_on"),
        ("state", "done_on"),
        *("source", "visibility"),
    )
    change_form_outer_before_template = "admin/partnerships/commitment/settle.html"

    class Media:
        css = {"all": ("entente/admin/fast.css",)}

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.settle_view))
        return [path("<int:pk>/settle/", view, name="commitment_settle"), *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).with_names(request.user)

    def get_search_results(self, request, queryset, search_term: str):
        return super().get_search_results(request, queryset, search_term.replace("\x00", ""))

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.has_perm("partnerships.view_commitment")

    def get_readonly_fields(self, request, obj=None):
        """A commitment stays with its record."""
        return ("agreement",) if obj else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Party and source are those of the record; for a new one they are chosen afterwards."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in ("party", "source"):
            key = request.resolver_match.kwargs.get("object_id", "")
            rows = field.queryset.select_related("institution" if db_field.name == "party" else "agreement")
            field.queryset = rows.filter(agreement__commitments=key) if key.isdigit() else rows.none()
        return field

    def get_actions(self, request) -> dict:
        """None for many: what became of a promise is said one by one."""
        return {}

    def settle_view(self, request, pk: int):
        """Say what became of it, from the record's page or the commitment's own."""
        commitment = self.get_queryset(request).filter(pk=pk).first()
        if commitment is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        state, day = request.POST.get("state", ""), None
        try:
            if state == CommitmentState.DONE:
                day = to_partial_date(request.POST.get("done_on", "").replace("\x00", "").strip())
            read_at = _moment(request.POST.get("read_at", ""))
            settle_commitment(
                commitment=commitment, by=request.user, state=state, done_on=day, read_at=read_at
            )
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, f"“{commitment}”: {message}")
        else:
            words = CommitmentState(state).label.lower()
            messages.success(request, f"“{commitment}” is {words} now.")
        return HttpResponseRedirect(self._back(request, commitment))

    def _back(self, request, commitment: Commitment) -> str:
        came_from = request.headers.get("referer", "")
        record = reverse("admin:partnerships_agreement_change", args=[commitment.agreement_id])
        known = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
        return f"{came_from.partition('#')[0]}#commitments" if known else f"{record}#commitments"

    @admin.display(description="Agreement")
    def record(self, row: Commitment) -> str:
        """The record under which it was promised."""
        address = reverse("admin:partnerships_agreement_change", args=[row.agreement_id])
        return format_html('<a class="text-link" href="{}#commitments">{}</a>', address, row.agreement)

    @admin.display(description="By")
    def promised_by(self, row: Commitment) -> str:
        """Party, person and words, as far as they are known."""
        return " · ".join(str(one) for one in (row.party, row.person, row.who) if one) or "—"

    @admin.display(description="Due", ordering="due_on")
    def shown_due(self, row: Commitment) -> str:
        """The day, month or year, on one line."""
        return on_one_line(str(row.due_on or "—"))

    @display(description="State", label=_COLOURS)
    def shown_state(self, row: Commitment) -> tuple[str, str]:
        """What became of it; overdue is derived."""
        if row.is_overdue:
            return "overdue", "Overdue"
        when = f" {row.done_on}" if row.done_on else ""
        return row.state, f"{row.get_state_display()}{when}"


def _moment(text: str):
    """The moment that a form carries with it; None where somebody tampered with it."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
