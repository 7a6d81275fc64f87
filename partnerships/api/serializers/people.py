"""The record of a person."""

from rest_framework import serializers

from partnerships.api.fields import OrcidField, TextField, UrlField
from partnerships.api.selection import SelectableSerializer
from people.access import Disclosure
from people.models import PersonName

from .shared import AgreementRefSerializer, NamedSerializer


class PersonNameSerializer(serializers.Serializer):
    """Another form of the name."""

    value = serializers.CharField()
    kind = serializers.ChoiceField(PersonName.Kind.choices)
    language = TextField(allow_null=True, help_text="A BCP 47 tag.")


class SignatureSerializer(serializers.Serializer):
    """An agreement that the person signed, with name and title as printed at signing."""

    agreement = AgreementRefSerializer(source="party.agreement")
    institution = NamedSerializer(source="party.institution")
    name_as_printed = serializers.CharField()
    title_as_printed = TextField(allow_null=True)


class PersonStatementSerializer(serializers.Serializer):
    """What the person said about an agreement."""

    agreement = AgreementRefSerializer()
    capacity = TextField(allow_null=True)
    institution = NamedSerializer(allow_null=True)
    summary = serializers.CharField()
    language = TextField(allow_null=True)


class PersonSerializer(SelectableSerializer):
    """A human being, and what it signed and said."""

    id = serializers.CharField(source="uid")
    url = UrlField("api:person-detail")
    html_url = UrlField("partnerships:person-detail")
    name = serializers.CharField()
    names = PersonNameSerializer(many=True, help_text="Further forms: native script, romanised, former.")
    orcid = OrcidField(allow_null=True)
    signatures = SignatureSerializer(many=True)
    statements = PersonStatementSerializer(many=True)
    visibility = serializers.ChoiceField(Disclosure.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
