"""The record of an institution."""

from rest_framework import serializers

from partnerships.api.fields import RorField, TextField, UrlField
from partnerships.api.selection import SelectableSerializer
from partnerships.choices import IdentifierScheme, InstitutionState, InstitutionType, NameKind
from partnerships.querysets.institutions import relatives
from people.access import Disclosure

from .shared import InstitutionRefSerializer


class InstitutionNameSerializer(serializers.Serializer):
    """A name in one language, an acronym, an alias or a former name."""

    value = serializers.CharField()
    kind = serializers.ChoiceField(NameKind.choices)
    language = TextField(allow_null=True, help_text="A BCP 47 tag.")


class IdentifierSerializer(serializers.Serializer):
    """What another register calls the institution."""

    scheme = serializers.ChoiceField(IdentifierScheme.choices)
    value = serializers.CharField()
    preferred = serializers.BooleanField()


class LocationSerializer(serializers.Serializer):
    """A further place."""

    country = serializers.CharField(source="country_id", allow_null=True)
    region = TextField(allow_null=True)
    city = TextField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    geonames_id = serializers.IntegerField(allow_null=True)


class InstitutionSerializer(SelectableSerializer):
    """An organisation that can be a party."""

    id = serializers.CharField(source="uid")
    url = UrlField("api:institution-detail")
    html_url = UrlField("partnerships:institution-detail")
    name = serializers.CharField(help_text="The name to show.")
    names = InstitutionNameSerializer(many=True, help_text="Further names, acronyms and scripts.")
    ror_id = RorField(allow_null=True)
    identifiers = IdentifierSerializer(many=True)
    types = serializers.ListField(child=serializers.ChoiceField(InstitutionType.choices))
    description = TextField(allow_null=True)
    country = serializers.CharField(
        source="country_id", allow_null=True, help_text="ISO 3166-1 alpha-2 code."
    )
    region = TextField(allow_null=True)
    city = TextField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    geonames_id = serializers.IntegerField(allow_null=True)
    further_locations = LocationSerializer(many=True)
    website = TextField(allow_null=True)
    established = serializers.IntegerField(allow_null=True, help_text="Year.")
    state = serializers.ChoiceField(InstitutionState.choices)
    parents = InstitutionRefSerializer(many=True, source="relatives.parents")
    children = InstitutionRefSerializer(many=True, source="relatives.children")
    predecessors = InstitutionRefSerializer(many=True, source="relatives.predecessors")
    successors = InstitutionRefSerializer(many=True, source="relatives.successors")
    related = InstitutionRefSerializer(many=True, source="relatives.related")
    visibility = serializers.ChoiceField(Disclosure.choices)
    agreement_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, institution) -> dict:
        institution.relatives = relatives(institution)
        return super().to_representation(institution)
