"""The form that records a signature: when, where, and who signed for which party."""

from collections.abc import Iterator
from typing import Any

from django import forms

from partnerships.models import Agreement, Country, Event, Party, Signatory
from people.models import Person

from .base import ActForm, day, one_of, searched, text

#: Empty rows for each party: more are added in the record's form.
ROWS = 2


class SignatoryForm(forms.Form):
    """One person who signed for a party."""

    name_as_printed = text("Name as printed", max_length=200)
    title_as_printed = text("Title as printed")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Person.objects.visible_to(user)
        self.fields["person"] = searched("Person", Signatory._meta.get_field("person"), rows)

    def clean(self) -> dict:
        values = super().clean()
        if not values.get("name_as_printed") and (values.get("title_as_printed") or values.get("person")):
            self.add_error("name_as_printed", "Give the name as it is printed.")
        return values


class SignForm(ActForm):
    heading, button = "Record signature", "Record the signature"
    explanation = (
        "Only what a source states. A person who merely spoke about the agreement is no signatory. Choosing "
        "the person is optional; the printed name and title stay as they are, whatever becomes of the person."
    )
    sections = (("When and where", ("signed_on", "signed_place", "signed_country", "event")),)
    template_of_rows = "admin/partnerships/agreement/signatories.html"
    signed_on = day("Signed on", required=True)
    signed_place = text("Place", max_length=200)
    signed_country = one_of("Country", Country.objects.none())
    reason = text("Reason", help_text="Optional. It stands in the history.")

    def prepare(self) -> None:
        self.fields["signed_country"].queryset = Country.objects.order_by("name")
        events = Event.objects.visible_to(self.user)
        self.fields["event"] = searched("Event", Agreement._meta.get_field("event"), events)
        for name in ("signed_place", "signed_country", "event"):
            self.initial[name] = getattr(self.agreement, name)
        parties = self.agreement.parties.select_related("institution").prefetch_related("signatories")
        self.parties = [(party, list(self._rows_of(party))) for party in parties]

    def _rows_of(self, party: Party) -> Iterator[SignatoryForm]:
        data = self.data if self.is_bound else None
        for number in range(ROWS):
            yield SignatoryForm(data, prefix=f"party-{party.pk}-{number}", user=self.user)

    def is_valid(self) -> bool:
        rows = [row.is_valid() for _, forms_of_party in self.parties for row in forms_of_party]
        return super().is_valid() and all(rows)

    @property
    def media(self):
        """Of the rows too: a person is searched for as one types."""
        rows = [row.media for _, forms_of_party in self.parties for row in forms_of_party[:1]]
        return sum(rows, super().media)

    def facts(self) -> dict[str, Any]:
        signatories = [
            {"party": party, **row.cleaned_data}
            for party, rows in self.parties
            for row in rows
            if row.cleaned_data.get("name_as_printed")
        ]
        return super().facts() | {"signatories": signatories}
