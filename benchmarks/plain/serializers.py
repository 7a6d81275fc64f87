"""Nested records, each a ModelSerializer."""

from rest_framework import serializers

from . import models


class RangeField(serializers.Field):
    """A partial date as its first day and the day behind it."""

    def to_representation(self, value) -> list[str]:
        return [value.lower.isoformat(), value.upper.isoformat()]


class RecordSerializer(serializers.ModelSerializer):
    """A ModelSerializer that knows date ranges."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DateRangeField: RangeField
    }

    def build_standard_field(self, name, field):
        kind, options = super().build_standard_field(name, field)
        return (RangeField, {"read_only": True}) if kind is RangeField else (kind, options)


def named(model: type, *further: str) -> RecordSerializer:
    """The serializer of a record in another one: id, name, and what else is asked for."""

    class NamedSerializer(RecordSerializer):
        class Meta:
            fields = ["uid", "name", *further]

    NamedSerializer.Meta.model = model
    return NamedSerializer


class AgreementRefSerializer(RecordSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="agreement-detail", lookup_field="uid")

    class Meta:
        model = models.Agreement
        fields = ["uid", "title", "url"]


class PartySerializer(RecordSerializer):
    institution = named(models.Institution, "ror_id", "country")()

    class Meta:
        model = models.Party
        fields = ["role", "reference", "institution"]


class SignatorySerializer(RecordSerializer):
    person = named(models.Person)()

    class Meta:
        model = models.Signatory
        fields = ["name_as_printed", "title_as_printed", "person"]


class SigningPartySerializer(PartySerializer):
    signatories = SignatorySerializer(many=True)

    class Meta(PartySerializer.Meta):
        fields = [*PartySerializer.Meta.fields, "signatories"]


class SubjectSerializer(RecordSerializer):
    id = serializers.CharField(source="focus_area.uid")
    name = serializers.CharField(source="focus_area.name")

    class Meta:
        model = models.Subject
        fields = ["id", "name", "emphasised"]


class ActivitySerializer(RecordSerializer):
    from_institution = named(models.Institution)(source="from_party.institution", default=None)
    to_institution = named(models.Institution)(source="to_party.institution", default=None)

    class Meta:
        model = models.Activity
        fields = ["uid", "kind", "direction", "from_institution", "to_institution", "quota", "quota_note",
                  "starts_on", "ends_on", "description"]  # fmt: skip


class SourceSerializer(RecordSerializer):
    class Meta:
        model = models.Source
        exclude = ["id", "agreement", "position"]


class StatementSerializer(RecordSerializer):
    person = named(models.Person)()
    institution = named(models.Institution)()
    source = serializers.CharField(source="source.uid", default=None)

    class Meta:
        model = models.Statement
        fields = ["person", "capacity", "institution", "summary", "language", "source"]


class PeriodSerializer(RecordSerializer):
    class Meta:
        model = models.Period
        exclude = ["id", "agreement"]


class DocumentSerializer(RecordSerializer):
    class Meta:
        model = models.Document
        exclude = ["id", "agreement"]


class RelationSerializer(RecordSerializer):
    agreement = AgreementRefSerializer(source="target")

    class Meta:
        model = models.Relation
        fields = ["kind", "agreement", "note"]


class InverseRelationSerializer(RecordSerializer):
    agreement = AgreementRefSerializer()

    class Meta:
        model = models.Relation
        fields = ["kind", "agreement", "note"]


class AgreementSerializer(RecordSerializer):
    url = serializers.HyperlinkedIdentityField(view_name="agreement-detail", lookup_field="uid")
    status = serializers.CharField(source="prepared.status")
    event = named(models.Event)()
    parties = SigningPartySerializer(many=True)
    focus_areas = SubjectSerializer(many=True, source="subjects")
    activities = ActivitySerializer(many=True)
    sources = SourceSerializer(many=True)
    statements = StatementSerializer(many=True)
    periods = PeriodSerializer(many=True)
    documents = DocumentSerializer(many=True)
    relations = RelationSerializer(many=True)
    inverse_relations = InverseRelationSerializer(many=True)

    class Meta:
        model = models.Agreement
        exclude = ["id", "publication_state"]
