"""Notes and commitments on the page of a record: lists with small forms of their own.

They are sent apart from the record's long form, and neither waits for the other.
"""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST
from unfold import widgets

from partnerships.fields import PartialDateFormField
from partnerships.models import Agreement, Commitment, Note, Party, Readers, Source
from partnerships.services.commitments import add_commitment
from partnerships.services.notes import write_note
from people.access import Disclosure
from people.admin.forms import add_errors

from .fields import PartialDateInput
from .publication import change_page

#: The most notes that the record's page shows; the list of notes has them all.
SHOWN = 20


class NoteForm(forms.Form):
    """A note to be written."""

    text = forms.CharField(
        label="Note", widget=widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3}), strip=True
    )
    about_on = forms.DateField(
        label="About the day",
        required=False,
        help_text="Of the call, the letter, the visit: 2026-05-21. Left empty: today’s note.",
        widget=widgets.UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "placeholder": "2026-05-21"}),
    )
    visibility = forms.ChoiceField(
        label="Who reads it", choices=Readers.choices, widget=widgets.UnfoldAdminSelectWidget
    )


class CommitmentForm(forms.Form):
    """A commitment to be added."""

    what = forms.CharField(
        label="What was promised", max_length=500, widget=widgets.UnfoldAdminTextInputWidget
    )
    party = forms.ModelChoiceField(
        Party.objects.none(),
        label="By party",
        required=False,
        empty_label="—",
        widget=widgets.UnfoldAdminSelectWidget,
    )
    who = forms.CharField(
        label="By whom, in words", max_length=200, required=False, widget=widgets.UnfoldAdminTextInputWidget
    )
    due_on = PartialDateFormField(label="Due", required=False, widget=PartialDateInput)
    source = forms.ModelChoiceField(
        Source.objects.none(), required=False, empty_label="—", widget=widgets.UnfoldAdminSelectWidget
    )
    visibility = forms.ChoiceField(choices=Disclosure.choices, widget=widgets.UnfoldAdminSelectWidget)

    def __init__(self, *args, agreement: Agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = agreement.parties.select_related("institution")
        self.fields["source"].queryset = agreement.sources.all()
        self.fields["visibility"].initial = Disclosure.INTERNAL


class BesideRecord:
    """Mixin of the agreements' model admin."""

    def get_urls(self):
        def address(name: str, view):
            wrapped = self.admin_site.admin_view(require_POST(view))
            return path(f"<path:object_id>/{name}/", wrapped, name=f"agreement_{name}")

        mine = [address("notes", self.note_view), address("commitments", self.commitment_view)]
        return [*mine, *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= self._beside(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def note_view(self, request, object_id: str):
        """Write a note; what is refused comes back with everything that was typed."""
        agreement = self._to_be_written(request, object_id)
        if agreement is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = NoteForm(request.POST, prefix="note")
        if form.is_valid():
            values = form.cleaned_data
            readers = values.pop("visibility")
            try:
                write_note(agreement=agreement, by=request.user, readers=readers, **values)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, "The note is written.")
                return self._to_record(request, agreement, "notes")
        return self._refused(request, agreement, form, "agreement_notes", "Write a note")

    def commitment_view(self, request, object_id: str):
        """Add a commitment; what is refused comes back with everything that was typed."""
        agreement = self._to_be_written(request, object_id)
        if agreement is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = CommitmentForm(request.POST, agreement=agreement, prefix="commitment")
        if form.is_valid():
            try:
                add_commitment(agreement=agreement, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, "The commitment is added.")
                return self._to_record(request, agreement, "commitments")
        return self._refused(request, agreement, form, "agreement_commitments", "Add a commitment")

    def _to_be_written(self, request, object_id: str) -> Agreement | None:
        agreement = self.get_object(request, object_id)
        if agreement is not None and not self.has_change_permission(request, agreement):
            raise PermissionDenied
        return agreement

    def _to_record(self, request, agreement: Agreement, anchor: str):
        response = self.keeping(request, HttpResponseRedirect(change_page(agreement)))
        return HttpResponseRedirect(f"{response.url}#{anchor}")

    def _refused(self, request, agreement: Agreement, form: forms.Form, address: str, title: str):
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title}: {agreement}",
            "opts": self.opts,
            "agreement": agreement,
            "form": form,
            "address": f"admin:{address}",
            "media": self.media,
        }
        page = "admin/partnerships/agreement/beside_form.html"
        return TemplateResponse(request, page, context, status=400)

    def _beside(self, request, agreement: Agreement) -> dict:
        notes = Note.objects.visible_to(request.user).filter(agreement=agreement).select_related("written_by")
        commitments = Commitment.objects.visible_to(request.user).filter(agreement=agreement)
        rows = list(commitments.with_names(request.user))
        shown = list(notes[: SHOWN + 1])
        context = {
            "notes": shown[:SHOWN],
            "more_notes": len(shown) > SHOWN,
            "commitments": rows,
            "open_commitments": sum(row.is_open for row in rows),
            "overdue_commitments": sum(row.is_overdue for row in rows),
        }
        if self.has_change_permission(request, agreement):
            context["note_form"] = NoteForm(prefix="note")
            context["commitment_form"] = CommitmentForm(agreement=agreement, prefix="commitment")
        return context
