"""What several records show of one another."""

from rest_framework import serializers

from partnerships.api.fields import PartialDateField, RorField, UrlField
from partnerships.choices import EndKind


class NamedSerializer(serializers.Serializer):
    """A record in another one: its id and its name."""

    id = serializers.CharField(source="uid")
    name = serializers.CharField()


class InstitutionRefSerializer(NamedSerializer):
    """An institution in another record."""

    ror_id = RorField(allow_null=True)
    country = serializers.CharField(
        source="country_id", allow_null=True, help_text="ISO 3166-1 alpha-2 code."
    )


class AgreementRefSerializer(serializers.Serializer):
    """An agreement in another record."""

    id = serializers.CharField(source="uid")
    title = serializers.CharField()
    url = UrlField("api:agreement-detail")


class EndSerializer(serializers.Serializer):
    """How a term ends: on a date, open-ended, or not known. Three different things."""

    kind = serializers.ChoiceField(EndKind.choices)
    on = PartialDateField(allow_null=True)

    # Kind and date stand in two attributes of the record itself, named here.
    def __init__(self, kind_from: str = "end_kind", on_from: str = "ends_on", **kwargs):
        self.kind_from, self.on_from = kind_from, on_from
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, instance) -> dict:
        on = getattr(instance, self.on_from)
        return {"kind": getattr(instance, self.kind_from), "on": None if on is None else str(on)}
