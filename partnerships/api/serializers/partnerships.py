"""The record of a partnership: two institutions, seen through all their agreements."""

from rest_framework import serializers

from partnerships.api.fields import PartialDateField, UrlField
from partnerships.api.selection import SelectableSerializer
from partnerships.choices import AgreementType, Status

from .shared import InstitutionRefSerializer, NamedSerializer


class PartnershipUrlField(UrlField):
    """The address of a partnership, at which the same agreements count as in this record."""

    def __init__(self, view: str):
        super().__init__(view, uid="*")

    def to_representation(self, value: dict) -> str | None:
        address = super().to_representation(value["uid"])
        return f"{address}?sub_units=1" if address and value["with_sub_units"] else address


class SharedSubjectSerializer(NamedSerializer):
    """A focus area of the agreements that two institutions share."""

    count = serializers.IntegerField(help_text="Agreements on it, or on what stands below it.")


class PartnershipSerializer(SelectableSerializer):
    """Derived from the agreements that the question finds, never typed in."""

    id = serializers.CharField(source="uid", help_text="The ids of both institutions: `<id>-<id>`.")
    url = PartnershipUrlField("api:partnership-detail")
    html_url = PartnershipUrlField("partnerships:partnership-detail")
    institutions = InstitutionRefSerializer(many=True)
    agreement_count = serializers.IntegerField()
    in_force = serializers.IntegerField(help_text="Agreements that are certainly in force today.")
    first_on = PartialDateField(allow_null=True, help_text="First signing, or announcement.")
    latest_on = PartialDateField(allow_null=True, help_text="Latest signing, or announcement.")
    types = serializers.ListField(child=serializers.ChoiceField(AgreementType.choices))
    focus_areas = SharedSubjectSerializer(
        many=True,
        help_text="At most ten, the most frequent first. One that stands above others is among them only "
        "where it covers more agreements than each of these.",
    )


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
