"""Forms of what happens to the agreement itself: its term extended, amended, ended, taken over."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold import widgets

from partnerships.choices import (
    AmendableTerm,
    AmendmentKind,
    Binding,
    DurationUnit,
    EndKind,
    Renewal,
)
from partnerships.models import Agreement, Source
from partnerships.services.lifecycle import candidates, last_term
from partnerships.templatetags.registry import ending

from .base import ActForm, choice, confirmation, day, one_of, text, upload, words

#: In pairs, as they stand beside each other.
_AMENDABLE = (
    "end_kind", "ends_on", "renewal", "renewal_note", "notice_amount", "notice_unit", "binding",
    "term_as_stated",
)  # fmt: skip
_FOR_HISTORY = "Optional. It stands in the history."


class ExtendForm(ActForm):
    heading, button = "Extend or renew", "Extend or renew"
    explanation = (
        "A further period keeps this agreement; a successor is an agreement of its own that renews it, as a "
        "draft with the same parties, focus areas, activities and terms."
    )
    sections = (
        ("How", ("how",)),
        ("The new period", ("starts_on", "end_kind", "ends_on", "note")),
        ("The successor", ("title",)),
        ("", ("reason",)),
    )
    how = forms.ChoiceField(
        label="The parties agreed on",
        choices=[("extend", "A further period of this agreement"), ("renew", "A successor agreement")],
        widget=widgets.UnfoldAdminRadioSelectWidget(),
    )
    starts_on = day("Starts on", help_text="Only if a source states it: 2024, 2024-05 or 2024-05-21.")
    end_kind = choice("New end", EndKind.choices, required=False)
    ends_on = day("New end, on")
    note = text("Note", help_text="What the source says of the renewal.")
    title = text("Title of the successor", max_length=Agreement._meta.get_field("title").max_length)
    reason = text("Reason", help_text=_FOR_HISTORY)

    def prepare(self) -> None:
        self.initial.setdefault("how", "extend")
        self.initial.setdefault("end_kind", EndKind.DATE)
        self.initial["title"] = self.agreement.title

    def today(self) -> list[tuple[str, str]]:
        return [("End, as it stands", ending(last_term(self.agreement)))]

    def act(self) -> str:
        return self.cleaned_data["how"]

    def clean(self) -> dict:
        """The chosen way needs its facts; the fields of the other one say nothing."""
        values = super().clean()
        if values.get("how") == "extend" and not self.errors:
            if values["end_kind"] == EndKind.DATE and values["ends_on"] is None:
                self.add_error("ends_on", "Give the date, or choose another kind of end.")
            if values["end_kind"] != EndKind.DATE and values["ends_on"] is not None:
                self.add_error("ends_on", "A date of ending needs the end “on a date”.")
        return values

    def facts(self) -> dict[str, Any]:
        names = ("title",) if self.act() == "renew" else ("starts_on", "end_kind", "ends_on", "note")
        return {name: self.cleaned_data[name] for name in (*names, "reason")}


class AmendForm(ActForm):
    heading, button = "Amend", "Record the amendment"
    explanation = (
        "Write the new values over the old ones. The record says from then on what was agreed last, and the "
        "amendment keeps what it said before. Leave alone what the amendment does not touch."
    )
    sections = (
        ("The amendment", ("title", "kind", "signed_on", "effective_from", "summary", "source", "document")),
        ("What the agreement says as amended", _AMENDABLE),
        ("", ("reason",)),
    )
    kind = choice("Kind", AmendmentKind.choices)
    title = text("Title", required=True)
    signed_on = day("Signed on")
    effective_from = day("In effect from")
    summary = words("What it changes", help_text="In your own words.")
    source = one_of("Source", Source.objects.none(), help_text="One of the record's sources.")
    document = upload("Document", "The text of the amendment. It is internal until you make it public.")
    end_kind = choice("End", EndKind.choices)
    ends_on = day("Ends on")
    term_as_stated = text("Term as stated")
    renewal = choice("Renewal", Renewal.choices)
    renewal_note = text("Note on renewal")
    notice_amount = forms.IntegerField(
        label="Notice period",
        required=False,
        min_value=1,
        max_value=32767,
        widget=widgets.UnfoldAdminIntegerFieldWidget(attrs={"class": "max-w-32"}),
    )
    notice_unit = choice("Unit of notice", [("", "—"), *DurationUnit.choices], required=False)
    binding = choice("Binding or not", Binding.choices)
    reason = text("Reason", help_text=_FOR_HISTORY)

    def prepare(self) -> None:
        last = last_term(self.agreement)
        for name in AmendableTerm:
            row = last if name in (AmendableTerm.END_KIND, AmendableTerm.ENDS_ON) else self.agreement
            self.initial[name.value] = getattr(row, name)
        self.fields["source"].queryset = self.agreement.sources.all()
        number = self.agreement.amendments.count() + 1
        self.initial["title"] = f"Amendment {number}"

    def facts(self) -> dict[str, Any]:
        found = super().facts()
        return found | {"terms": {name: found.pop(name) for name in _AMENDABLE}}


class TerminateForm(ActForm):
    heading, button, danger = "Terminate", "Record the termination", True
    explanation = (
        "The agreement ended before its time. The record stays, and says when and why. To take a record back "
        "that should not stand, withdraw it instead."
    )
    terminated_on = day("Terminated on", required=True)
    reason = words("Reason, as the record shall give it", required=True)
    document = upload("Document", "Such as the letter. It is internal until you make it public.")
    confirm = confirmation("Yes, this agreement was terminated.")

    def today(self) -> list[tuple[str, str]]:
        return [("End, as it stands", ending(last_term(self.agreement)))]


class SupersedeForm(ActForm):
    heading, button = "Superseded by a newer agreement", "Record it"
    explanation = (
        "Choose the record that takes the place of this one. The relation belongs to the newer record; it "
        "counts once that is published."
    )
    newer = forms.ChoiceField(
        label="Newer agreement, with the same parties",
        required=False,
        widget=widgets.UnfoldAdminRadioSelectWidget(),
    )
    other = text("Or another one", help_text="Its id, or the address of its page.", max_length=500)
    note = text("Note", help_text="What a source says of it.")
    reason = text("Reason", help_text=_FOR_HISTORY)

    def prepare(self) -> None:
        self.found = {row.uid: row for row in candidates(self.agreement, self.user)}
        self.fields["newer"].choices = [(uid, _told(row)) for uid, row in self.found.items()]
        if not self.found:
            del self.fields["newer"]
            self.fields["other"].label = "Newer agreement"

    def clean(self) -> dict:
        """Find the record that was chosen or named, among those that the user sees."""
        values = super().clean()
        named = [part for part in values.get("other", "").replace("\x00", "").split("/") if part]
        chosen = self.found.get(values.get("newer") or "")
        if named:
            visible = Agreement.objects.visible_to(self.user)
            chosen = visible.filter(uid=named[-1]).first()
            if chosen is None and named[-1] == "change" and len(named) > 1 and named[-2].isascii():
                # The address of its page in the administration.
                chosen = visible.filter(pk=int(named[-2])).first() if named[-2].isdigit() else None
            if chosen is None:
                self.add_error("other", "No record that you see has this id or address.")
        elif chosen is None:
            raise ValidationError("Choose the newer agreement, or name it.")
        self.chosen = chosen
        return values

    def facts(self) -> dict[str, Any]:
        return {
            "newer": self.chosen,
            "note": self.cleaned_data["note"],
            "reason": self.cleaned_data["reason"],
        }


def _told(row: Agreement) -> str:
    state = row.get_publication_state_display().lower()
    return f"{row.title} ({row.signed_on or 'no date of signing'}, {state})"
