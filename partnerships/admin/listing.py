"""How the list of agreements looks and which questions it answers."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from partnerships.choices import EndKind, PublicationState, Status
from partnerships.models import Agreement
from partnerships.search.agreements import matching
from partnerships.status import explain_status

from .desk_filters import ChangedFilter, DeadlineFilter, GapsFilter, ScopeFilter, WaitingFilter
from .filters import CountryFilter, EndsFilter, FocusAreaFilter, InstitutionFilter, StatusFilter

_STATUS_COLOURS = {
    Status.IN_FORCE: "success",
    Status.SIGNED: "info",
    Status.ENDING_SOON: "warning",
    Status.TERMINATED: "danger",
}
_STATE_COLOURS = {
    PublicationState.PUBLISHED: "success",
    PublicationState.IN_REVIEW: "warning",
    PublicationState.WITHDRAWN: "danger",
}
SHOWN_PARTIES = 4


class AgreementList:
    """Mixin of the agreements' model admin."""

    list_display = (
        "title",
        "shown_parties",
        "type",
        "shown_signing",
        "shown_end",
        "shown_status",
        "shown_state",
    )
    list_filter = (
        InstitutionFilter,
        EndsFilter,
        StatusFilter,
        ("publication_state", ChoicesDropdownFilter),
        ("type", ChoicesDropdownFilter),
        CountryFilter,
        FocusAreaFilter,
        ("visibility", ChoicesDropdownFilter),
        ("office", RelatedDropdownFilter),
        ScopeFilter,
        WaitingFilter,
        DeadlineFilter,
        GapsFilter,
        ChangedFilter,
    )
    list_filter_submit = True
    list_fullwidth = True
    list_before_template = "admin/partnerships/agreement/questions.html"
    search_fields = ("title",)
    search_help_text = "Title, summary, any name of a party or person, subject, reference, city."
    ordering = ("-updated_at", "-pk")

    def get_queryset(self, request):
        return super().get_queryset(request).with_status(request.user)

    def get_changelist_instance(self, request):
        """Fetch for the page what its rows show, and nothing for the count."""
        changelist = super().get_changelist_instance(request)
        parties = changelist.result_list.prefetch_related("parties__institution")
        changelist.result_list = parties
        return changelist

    def get_search_results(self, request, queryset, search_term: str):
        return matching(queryset, search_term.replace("\x00", "")), False

    def autocomplete_label(self, agreement: Agreement, term: str) -> str:
        """Title, and when it was signed."""
        return f"{agreement.title} · {agreement.signed_on}" if agreement.signed_on else agreement.title

    @admin.display(description="Parties")
    def shown_parties(self, agreement: Agreement) -> str:
        """The first few, and how many more."""
        names = [party.institution.name for party in agreement.parties.all()]
        more = f" and {len(names) - SHOWN_PARTIES} more" if len(names) > SHOWN_PARTIES else ""
        return " · ".join(names[:SHOWN_PARTIES]) + more or "—"

    @admin.display(description="Signed on", ordering="signed_on")
    def shown_signing(self, agreement: Agreement) -> str:
        """The day, month or year, on one line."""
        return on_one_line(str(agreement.signed_on or "—"))

    @admin.display(description="Ends")
    def shown_end(self, agreement: Agreement) -> str:
        """The end of the last term, in one line."""
        if agreement.terminated_on:
            words = f"terminated {agreement.terminated_on}"
        elif agreement.current_end_kind == EndKind.DATE:
            words = str(agreement.current_ends_on)
        else:
            words = EndKind(agreement.current_end_kind).label.lower()
        return on_one_line(words)

    @display(description="Status", label=_STATUS_COLOURS)
    def shown_status(self, agreement: Agreement) -> tuple[str, str]:
        """The legal state today."""
        return agreement.status, Status(agreement.status).label

    @display(description="State", ordering="publication_state", label=_STATE_COLOURS)
    def shown_state(self, agreement: Agreement) -> tuple[str, str]:
        """The editor's decision."""
        return agreement.publication_state, agreement.get_publication_state_display()


def on_one_line(words: str) -> SafeString:
    """Words that a narrow column must not break: a date is read as one."""
    return format_html('<span class="whitespace-nowrap">{}</span>', words)


def status_sentence(agreement: Agreement) -> str:
    """Status today and why, for a record fetched with its status."""
    return f"Status today: {Status(agreement.status).label.lower()} ({explain_status(agreement)})"
