"""The body that records or changes an agreement."""

from typing import Any

from rest_framework import serializers

from partnerships.api.fields import PartialDateField
from partnerships.choices import AgreementType, Binding
from partnerships.models import Agreement
from people.access import Visibility

from . import parts
from .fields import CountryReference, EventReference, OfficeReference, StrictSerializer, text

#: Entries of one list: an agreement of the whole world has fewer parties.
MOST_ENTRIES = 2000


def entries(part: type[serializers.Serializer]) -> serializers.ListSerializer:
    return part(many=True, required=False, max_length=MOST_ENTRIES)


class Body(StrictSerializer):
    """What every body may carry besides facts."""

    reason = text(Agreement, "summary", default=False, help_text="Why, for the history.")
    updated_at = serializers.DateTimeField(
        required=False,
        help_text="As you read it: the change is refused with 409 where the record has changed since.",
    )

    def __init__(self, *args, creating: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not creating:
            for field in self.fields.values():
                field.required = False
        else:
            self.fields.pop("updated_at")

    def facts(self) -> dict[str, Any]:
        """The checked values under the names of the model."""
        return self.facts_of(self.validated_data)

    def facts_of(self, said: dict[str, Any]) -> dict[str, Any]:
        """The same of what a body said that was checked elsewhere."""
        return {name: value for name, value in said.items() if name not in ("reason", "updated_at")}


class AgreementInput(Body):
    """An agreement. A list that is given replaces the one that stands; what is left out stays."""

    title = text(Agreement, "title", required=True)
    type = serializers.ChoiceField(AgreementType.choices)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)
    office = OfficeReference(required=False, allow_null=True)
    summary = text(Agreement, "summary", default=False)
    languages = serializers.ListField(
        child=serializers.CharField(max_length=35), required=False, max_length=50
    )
    announced_on = PartialDateField(required=False, allow_null=True)
    signed_on = PartialDateField(required=False, allow_null=True)
    signed_place = text(Agreement, "signed_place", default=False)
    signed_country = CountryReference(required=False, allow_null=True)
    event = EventReference(required=False, allow_null=True)
    effective_from = PartialDateField(required=False, allow_null=True)
    end = parts.EndInput(required=False)
    term_as_stated = text(Agreement, "term_as_stated", default=False)
    renewal = parts.RenewalInput(required=False)
    notice = parts.NoticeInput(required=False, allow_null=True)
    termination = parts.TerminationInput(required=False, allow_null=True)
    binding = serializers.ChoiceField(Binding.choices, required=False)
    parties = entries(parts.PartyInput)
    signatories = entries(parts.SignatoryInput)
    statements = entries(parts.StatementInput)
    focus_areas = entries(parts.SubjectInput)
    activities = entries(parts.ActivityInput)
    sources = entries(parts.SourceInput)
    periods = entries(parts.PeriodInput)
    relations = entries(parts.RelationInput)
    identifiers = entries(parts.AgreementIdentifierInput)

    served_keys = (
        "id", "url", "html_url", "status", "status_reason", "current_end", "documents", "amendments",
        "inverse_relations", "publication_state", "withdrawal_reason", "created_at",
    )  # fmt: skip

    def facts_of(self, said):
        found = super().facts_of(said)
        for name in _SPREAD.keys() & found.keys():
            found |= _SPREAD[name](found.pop(name))
        if "periods" in found:
            found["periods"] = [
                {name: value for name, value in row.items() if name != "end"} | _end(row["end"])
                for row in found["periods"]
            ]
        return found


def _end(end: dict) -> dict:
    return {"end_kind": end["kind"], "ends_on": end["on"]}


#: Keys of the body that are several columns of the model.
_SPREAD = {
    "end": _end,
    "renewal": lambda found: {"renewal": found["rule"], "renewal_note": found["note"]},
    "notice": lambda found: {
        "notice_amount": found and found["amount"],
        "notice_unit": found["unit"] if found else "",
    },
    "termination": lambda found: {
        "terminated_on": found and found["on"],
        "termination_reason": found["reason"] if found else "",
    },
}
