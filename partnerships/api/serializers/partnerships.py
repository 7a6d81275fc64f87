"""The record of a partnership: two institutions, seen through all their agreements."""

from rest_framework import serializers

from partnerships.api.fields import PartialDateField, UrlField
from partnerships.api.selection import SelectableSerializer
from partnerships.choices import AgreementType, Status

from .shared import InstitutionRefSerializer


class PartnershipSerializer(SelectableSerializer):
    """Derived from the agreements that the question finds, never typed in."""

    id = serializers.CharField(source="uid", help_text="The ids of both institutions: `<id>-<id>`.")
    url = UrlField("api:partnership-detail")
    html_url = UrlField("partnerships:partnership-detail")
    institutions = InstitutionRefSerializer(many=True)
    agreement_count = serializers.IntegerField()
    first_on = PartialDateField(allow_null=True, help_text="First signing, or announcement.")
    latest_on = PartialDateField(allow_null=True, help_text="Latest signing, or announcement.")
    types = serializers.ListField(child=serializers.ChoiceField(AgreementType.choices))


class PartnershipAgreementSerializer(serializers.Serializer):
    """An agreement in short."""

    id = serializers.CharField(source="uid")
    url = UrlField("api:agreement-detail")
    html_url = UrlField("partnerships:agreement-detail")
    title = serializers.CharField()
    type = serializers.ChoiceField(AgreementType.choices)
    status = serializers.ChoiceField(Status.choices)
    announced_on = PartialDateField(allow_null=True)
    signed_on = PartialDateField(allow_null=True)


class PartnershipWithAgreementsSerializer(PartnershipSerializer):
    """A partnership with its agreements."""

    agreements = PartnershipAgreementSerializer(many=True)
