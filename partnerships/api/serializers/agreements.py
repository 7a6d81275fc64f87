"""The record of an agreement."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.api.fields import PartialDateField, TextField, UrlField
from partnerships.api.selection import SelectableSerializer
from partnerships.choices import (
    INVERSE_RELATION,
    AgreementType,
    Binding,
    DurationUnit,
    PublicationState,
    RelationKind,
    Renewal,
    Status,
)
from partnerships.status import explain_status
from people.access import Visibility, sees_drafts, sees_everything

from .parts import (
    ActivitySerializer,
    AmendmentSerializer,
    DocumentSerializer,
    PartySerializer,
    PeriodSerializer,
    SignatorySerializer,
    SourceSerializer,
    StatementSerializer,
    SubjectSerializer,
)
from .shared import AgreementRefSerializer, EndSerializer, NamedSerializer

INVERSE_KINDS = [(word, word.replace("_", " ").capitalize()) for word in INVERSE_RELATION.values()]


class RenewalSerializer(serializers.Serializer):
    """What the agreement says of its own renewal."""

    rule = serializers.ChoiceField(Renewal.choices, source="renewal")
    note = TextField(source="renewal_note", allow_null=True)


class NoticeSerializer(serializers.Serializer):
    """The period of notice."""

    amount = serializers.IntegerField(source="notice_amount")
    unit = serializers.ChoiceField(DurationUnit.choices, source="notice_unit")


class TerminationSerializer(serializers.Serializer):
    """An end before its time."""

    on = PartialDateField(source="terminated_on")
    reason = TextField(source="termination_reason", allow_null=True)


class RelationSerializer(serializers.Serializer):
    """What the agreement does to an older one."""

    kind = serializers.ChoiceField(RelationKind.choices)
    agreement = AgreementRefSerializer(source="target")
    note = TextField(allow_null=True)


class InverseRelationSerializer(serializers.Serializer):
    """What a newer agreement does to this one."""

    kind = serializers.ChoiceField(INVERSE_KINDS)
    agreement = AgreementRefSerializer()
    note = TextField(allow_null=True)

    def to_representation(self, relation) -> dict:
        record = super().to_representation(relation)
        return record | {"kind": INVERSE_RELATION[relation.kind]}


class AgreementIdentifierSerializer(serializers.Serializer):
    """What another register calls the agreement."""

    system = serializers.CharField(help_text="Who gives the identifier.")
    value = serializers.CharField()


class AgreementSerializer(SelectableSerializer):
    """What the registry knows of an agreement. Whatever no source states is null."""

    #: Keys that only those who work on records see.
    FOR_EDITORS = ("publication_state", "office", "withdrawal_reason")

    id = serializers.CharField(source="uid")
    url = UrlField("api:agreement-detail")
    html_url = UrlField("partnerships:agreement-detail")
    title = serializers.CharField()
    type = serializers.ChoiceField(AgreementType.choices)
    status = serializers.ChoiceField(
        Status.choices, help_text="The legal state today, derived from the record."
    )
    status_reason = serializers.SerializerMethodField(help_text="Why the status is what it is.")
    visibility = serializers.ChoiceField(Visibility.choices)
    summary = TextField(allow_null=True)
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="Languages of the instrument, as BCP 47 tags."
    )
    announced_on = PartialDateField(allow_null=True)
    signed_on = PartialDateField(allow_null=True)
    signed_place = TextField(allow_null=True)
    signed_country = serializers.CharField(
        source="signed_country_id", allow_null=True, help_text="ISO 3166-1 alpha-2 code."
    )
    effective_from = PartialDateField(allow_null=True, help_text="The beginning of the first term.")
    end = EndSerializer(help_text="The end of the first term.")
    current_end = EndSerializer("current_end_kind", "current_ends_on", help_text="The end of the last term.")
    periods = PeriodSerializer(many=True, help_text="Later terms, after renewals.")
    amendments = AmendmentSerializer(many=True, help_text="What the parties changed later.")
    term_as_stated = TextField(allow_null=True)
    renewal = RenewalSerializer(source="*")
    notice = serializers.SerializerMethodField(help_text="The period of notice; null where none is stated.")
    termination = serializers.SerializerMethodField(help_text="Null where none is recorded.")
    binding = serializers.ChoiceField(Binding.choices)
    event = NamedSerializer(allow_null=True, help_text="The occasion of signing.")
    parties = PartySerializer(many=True)
    signatories = serializers.SerializerMethodField(help_text="Empty where no source names one.")
    statements = StatementSerializer(many=True)
    focus_areas = SubjectSerializer(many=True, source="subjects")
    activities = ActivitySerializer(many=True)
    sources = SourceSerializer(many=True)
    documents = DocumentSerializer(many=True)
    relations = RelationSerializer(many=True, help_text="What it does to older agreements.")
    inverse_relations = InverseRelationSerializer(many=True, help_text="What newer agreements do to it.")
    identifiers = AgreementIdentifierSerializer(many=True, help_text="What other registers call it.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    publication_state = serializers.ChoiceField(
        PublicationState, required=False, help_text="Shown to those who work on records."
    )
    withdrawal_reason = TextField(
        allow_null=True, required=False, help_text="Shown to those who work on records."
    )
    office = NamedSerializer(allow_null=True, required=False, help_text="Shown to those who work on records.")

    def get_fields(self) -> dict:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and not (sees_drafts(request.user) or sees_everything(request.user)):
            for name in self.FOR_EDITORS:
                fields.pop(name, None)
        return fields

    def get_status_reason(self, agreement) -> str:
        return explain_status(agreement)

    @extend_schema_field(NoticeSerializer(allow_null=True))
    def get_notice(self, agreement) -> dict | None:
        return NoticeSerializer(agreement).data if agreement.notice_amount else None

    @extend_schema_field(TerminationSerializer(allow_null=True))
    def get_termination(self, agreement) -> dict | None:
        return TerminationSerializer(agreement).data if agreement.terminated_on else None

    @extend_schema_field(SignatorySerializer(many=True))
    def get_signatories(self, agreement) -> list[dict]:
        rows = [row for party in agreement.parties.all() for row in party.signatories.all()]
        return SignatorySerializer(rows, many=True, context=self.context).data
