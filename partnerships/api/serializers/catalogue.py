"""What many agreements share: events, focus areas, countries."""

from rest_framework import serializers

from partnerships.api.fields import PartialDateField, TextField, UrlField
from partnerships.api.selection import SelectableSerializer
from partnerships.choices import SubjectScheme
from people.access import Disclosure

from .shared import NamedSerializer


class EventSerializer(SelectableSerializer):
    """The occasion of a signing or an announcement."""

    id = serializers.CharField(source="uid")
    url = UrlField("api:event-detail")
    html_url = UrlField("partnerships:event-detail")
    name = serializers.CharField()
    starts_on = PartialDateField(allow_null=True)
    ends_on = PartialDateField(allow_null=True)
    place = TextField(allow_null=True)
    country = serializers.CharField(source="country_id", allow_null=True)
    website = TextField(source="url", allow_null=True)
    visibility = serializers.ChoiceField(Disclosure.choices)
    agreement_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class MappingSerializer(serializers.Serializer):
    """What another scheme calls the subject."""

    scheme = serializers.ChoiceField(SubjectScheme.choices)
    code = serializers.CharField()
    label = TextField(allow_null=True)


class FocusAreaSerializer(SelectableSerializer):
    """A subject in a small tree."""

    id = serializers.CharField(source="uid")
    url = UrlField("api:focus-area-detail")
    html_url = UrlField("partnerships:focus-area-detail")
    name = serializers.CharField()
    description = TextField(allow_null=True)
    parent = NamedSerializer(allow_null=True)
    mappings = MappingSerializer(many=True)
    visibility = serializers.ChoiceField(Disclosure.choices)
    agreement_count = serializers.IntegerField(help_text="On this subject or one below it.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class CountrySerializer(SelectableSerializer):
    """A country or territory of ISO 3166-1."""

    id = serializers.CharField(source="code", help_text="ISO 3166-1 alpha-2 code.")
    url = UrlField("api:country-detail")
    html_url = UrlField("partnerships:country-detail")
    name = serializers.CharField()
    official_name = TextField(allow_null=True)
    agreement_count = serializers.IntegerField()
    institution_count = serializers.IntegerField()
