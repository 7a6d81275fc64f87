"""What belongs to one agreement: parties, signatories, statements, activities, sources, documents."""

from rest_framework import serializers

from partnerships.api.fields import PartialDateField, TextField, UrlField
from partnerships.api.selection import SelectableSerializer
from partnerships.choices import (
    ActivityKind,
    AmendableTerm,
    AmendmentKind,
    Direction,
    DocumentKind,
    PartyRole,
    SourceKind,
    Supported,
)
from people.access import Visibility

from .shared import AgreementRefSerializer, EndSerializer, InstitutionRefSerializer, NamedSerializer


def source_of(row) -> str | None:
    """The id of a row's source, looked up among the fetched sources of its record: no statement of SQL."""
    sources = row.agreement.sources.all() if row.source_id else ()
    return next((source.uid for source in sources if source.pk == row.source_id), None)


class PartySerializer(serializers.Serializer):
    """An institution's part in the agreement."""

    role = serializers.ChoiceField(PartyRole.choices)
    reference = TextField(allow_null=True, help_text="The party's own reference number.")
    institution = InstitutionRefSerializer()


class SignatorySerializer(serializers.Serializer):
    """A person who signed for a party, with name and title as printed at signing."""

    name_as_printed = serializers.CharField()
    title_as_printed = TextField(allow_null=True)
    institution = NamedSerializer(source="party.institution", help_text="The party signed for.")
    person = NamedSerializer(allow_null=True)


class StatementSerializer(serializers.Serializer):
    """What a person said about the agreement. A speaker is not a signatory."""

    person = NamedSerializer()
    capacity = TextField(allow_null=True, help_text="In which capacity the person spoke, as reported.")
    institution = NamedSerializer(allow_null=True, help_text="For whom, where a source says so.")
    summary = serializers.CharField()
    language = TextField(allow_null=True)
    source = serializers.SerializerMethodField(help_text="Id of the source, one of `sources`.")

    def get_source(self, statement) -> str | None:
        return source_of(statement)


class SubjectSerializer(serializers.Serializer):
    """A focus area of the agreement."""

    id = serializers.CharField(source="focus_area.uid")
    name = serializers.CharField(source="focus_area.name")
    emphasised = serializers.BooleanField(help_text="The parties give it particular attention.")


class ActivitySerializer(serializers.Serializer):
    """What the parties agreed to do."""

    id = serializers.CharField(source="uid")
    kind = serializers.ChoiceField(ActivityKind.choices)
    direction = serializers.ChoiceField(Direction.choices)
    from_institution = NamedSerializer(
        source="from_party.institution", allow_null=True, default=None, help_text="Of one that goes one way."
    )
    to_institution = NamedSerializer(source="to_party.institution", allow_null=True, default=None)
    quota = serializers.IntegerField(allow_null=True)
    quota_note = TextField(allow_null=True, help_text="What the quota counts.")
    starts_on = PartialDateField(allow_null=True)
    ends_on = PartialDateField(allow_null=True)
    description = TextField(allow_null=True)


class SourceSerializer(serializers.Serializer):
    """Where facts of the agreement come from, and which facts."""

    id = serializers.CharField(source="uid")
    kind = serializers.ChoiceField(SourceKind.choices)
    title = serializers.CharField()
    url = TextField(allow_null=True, help_text="Its own address.")
    publisher = TextField(allow_null=True)
    published_on = PartialDateField(allow_null=True)
    retrieved_on = serializers.DateField(allow_null=True)
    language = TextField(allow_null=True)
    supports = serializers.ListField(
        child=serializers.ChoiceField(Supported.choices), help_text="The facts that it stands for."
    )
    quote = TextField(allow_null=True)
    note = TextField(allow_null=True)


class DocumentSerializer(serializers.Serializer):
    """A file that belongs to the agreement."""

    id = serializers.CharField(source="uid")
    kind = serializers.ChoiceField(DocumentKind.choices)
    title = serializers.CharField()
    version = TextField(allow_null=True)
    language = TextField(allow_null=True)
    filename = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    visibility = serializers.ChoiceField(Visibility.choices)
    download_url = UrlField("partnerships:document-download")
    created_at = serializers.DateTimeField()


class PeriodSerializer(serializers.Serializer):
    """A later term, after a renewal."""

    number = serializers.IntegerField()
    starts_on = PartialDateField(allow_null=True)
    end = EndSerializer()
    note = TextField(allow_null=True)


class AmendedTermSerializer(serializers.Serializer):
    """A field of the agreement that an amendment changed, with its values as text."""

    field = serializers.ChoiceField(AmendableTerm.choices)
    before = TextField(allow_null=True)
    after = TextField(allow_null=True)


class AmendmentSerializer(serializers.Serializer):
    """What the parties changed later. The fields of the record say what was agreed last."""

    id = serializers.CharField(source="uid")
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(AmendmentKind.choices)
    title = serializers.CharField()
    summary = TextField(allow_null=True)
    signed_on = PartialDateField(allow_null=True)
    effective_from = PartialDateField(
        allow_null=True, help_text="Where it lies ahead, the values before hold until then."
    )
    terms = AmendedTermSerializer(many=True)
    source = serializers.SerializerMethodField(help_text="Id of the source, one of `sources`.")
    document = serializers.CharField(
        source="document.uid", default=None, allow_null=True, help_text="Id of its text, one of `documents`."
    )

    def get_source(self, amendment) -> str | None:
        return source_of(amendment)


class _RecordOfItsOwn(SelectableSerializer):
    """A part at an address of its own names its agreement."""

    agreement = AgreementRefSerializer()
    html_url = UrlField("partnerships:agreement-detail", "agreement.uid")


class ActivityRecordSerializer(ActivitySerializer, _RecordOfItsOwn):
    url = UrlField("api:activity-detail")


class SourceRecordSerializer(SourceSerializer, _RecordOfItsOwn):
    """``url`` is the source's own address; the record's is ``api_url``."""

    api_url = UrlField("api:source-detail")


class DocumentRecordSerializer(DocumentSerializer, _RecordOfItsOwn):
    url = UrlField("api:document-detail")
