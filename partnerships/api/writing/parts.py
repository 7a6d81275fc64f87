"""The parts of an agreement's body. Each entry of a list is whole: a missing key is unknown."""

from rest_framework import serializers

from partnerships.api.fields import PartialDateField
from partnerships.choices import (
    ActivityKind,
    Direction,
    DurationUnit,
    EndKind,
    PartyRole,
    RelationKind,
    Renewal,
    SourceKind,
    Supported,
)
from partnerships.models import (
    Activity,
    Agreement,
    AgreementIdentifier,
    AgreementRelation,
    Party,
    Period,
    Signatory,
    Source,
    Statement,
)

from .fields import (
    AgreementReference,
    FocusAreaReference,
    InstitutionReference,
    PersonReference,
    StrictSerializer,
    text,
)

_MAYBE = {"allow_null": True, "default": None}


class EndInput(StrictSerializer):
    """``kind`` is ``date`` (then ``on`` says which), ``open_ended`` or ``unknown``."""

    kind = serializers.ChoiceField(EndKind.choices)
    on = PartialDateField(**_MAYBE)


class RenewalInput(StrictSerializer):
    """What is agreed about renewal."""

    rule = serializers.ChoiceField(Renewal.choices)
    note = text(Agreement, "renewal_note")


class NoticeInput(StrictSerializer):
    """How long before its end an agreement may be given up."""

    amount = serializers.IntegerField(min_value=1, max_value=32767)
    unit = serializers.ChoiceField(DurationUnit.choices)


class TerminationInput(StrictSerializer):
    """When an agreement was ended before its time, and why."""

    on = PartialDateField()
    reason = text(Agreement, "termination_reason")


class PartyInput(StrictSerializer):
    """An institution's part in the agreement; parties stand in the order given."""

    institution = InstitutionReference()
    role = serializers.ChoiceField(PartyRole.choices, default=PartyRole.PARTY)
    reference = text(Party, "reference")


class SignatoryInput(StrictSerializer):
    """Who signed for a party; name and title stay as they were printed."""

    institution = InstitutionReference(help_text="The party signed for.")
    person = PersonReference(**_MAYBE)
    name_as_printed = text(Signatory, "name_as_printed", required=True)
    title_as_printed = text(Signatory, "title_as_printed")


class StatementInput(StrictSerializer):
    """What somebody said about the agreement; a speaker is not a signatory."""

    person = PersonReference()
    capacity = text(Statement, "capacity")
    institution = InstitutionReference(**_MAYBE)
    summary = text(Statement, "summary", required=True)
    language = text(Statement, "language")
    source = serializers.CharField(
        allow_null=True, default=None, max_length=40, help_text="The `id` of an entry of `sources`."
    )


class SubjectInput(StrictSerializer):
    """A focus area of the agreement."""

    id = FocusAreaReference(source="focus_area")
    emphasised = serializers.BooleanField(default=False)
    served_keys = ("name",)


class ActivityInput(StrictSerializer):
    """Something that the parties agreed to do."""

    id = serializers.CharField(required=False, max_length=40, help_text="Keeps an activity that stands.")
    kind = serializers.ChoiceField(ActivityKind.choices)
    direction = serializers.ChoiceField(Direction.choices, default=Direction.NOT_STATED)
    from_institution = InstitutionReference(**_MAYBE)
    to_institution = InstitutionReference(**_MAYBE)
    quota = serializers.IntegerField(min_value=0, max_value=2_147_483_647, **_MAYBE)
    quota_note = text(Activity, "quota_note")
    starts_on = PartialDateField(**_MAYBE)
    ends_on = PartialDateField(**_MAYBE)
    description = text(Activity, "description")


class SourceInput(StrictSerializer):
    """Where facts come from."""

    id = serializers.CharField(
        required=False,
        max_length=40,
        help_text="Keeps a source that stands; in a new record only a name for `statements` to use.",
    )
    kind = serializers.ChoiceField(SourceKind.choices, default=SourceKind.PRESS_RELEASE)
    title = text(Source, "title", required=True)
    url = text(Source, "url")
    publisher = text(Source, "publisher")
    published_on = PartialDateField(**_MAYBE)
    retrieved_on = serializers.DateField(**_MAYBE)
    language = text(Source, "language")
    supports = serializers.ListField(
        child=serializers.ChoiceField(Supported.choices), default=list, max_length=len(Supported)
    )
    quote = text(Source, "quote")
    note = text(Source, "note")


class PeriodInput(StrictSerializer):
    """A term after a renewal; the first is 1."""

    number = serializers.IntegerField(min_value=1, max_value=32767)
    starts_on = PartialDateField(**_MAYBE)
    end = EndInput()
    note = text(Period, "note")


class RelationInput(StrictSerializer):
    """What the agreement does to an older one."""

    kind = serializers.ChoiceField(RelationKind.choices)
    agreement = AgreementReference(source="target", help_text="The older one.")
    note = text(AgreementRelation, "note")


class AgreementIdentifierInput(StrictSerializer):
    """What another system calls the agreement; a system gives an identifier once."""

    system = text(AgreementIdentifier, "system", required=True)
    value = text(AgreementIdentifier, "value", required=True)

    def validate_system(self, system: str) -> str:
        if "/" in system:
            raise serializers.ValidationError("The name of a system has no slash.", "invalid")
        return system
