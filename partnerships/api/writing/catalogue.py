"""The bodies that record or change institutions, people, events and focus areas."""

from rest_framework import serializers

from partnerships.api.fields import PartialDateField
from partnerships.choices import IdentifierScheme, InstitutionState, InstitutionType, NameKind, SubjectScheme
from partnerships.models import (
    Event,
    FocusArea,
    FocusAreaMapping,
    Institution,
    InstitutionIdentifier,
    InstitutionName,
)
from partnerships.ror import parse_ror
from people.models import Person, PersonName
from people.orcid import parse_orcid

from .agreements import Body, entries
from .fields import CountryReference, FocusAreaReference, InstitutionReference, StrictSerializer, text

_SERVED = ("id", "url", "html_url", "visibility", "agreement_count", "created_at")


class EntryInput(Body):
    """An entry of the catalogue. It becomes public with the first public agreement that names it."""

    served_keys = _SERVED


class _Parsed(serializers.CharField):
    """An identifier in any of its written forms; null where there is none."""

    def __init__(self, parse, **kwargs):
        self.parse = parse
        super().__init__(required=False, allow_null=True, max_length=200, **kwargs)

    def to_internal_value(self, data):
        found = super().to_internal_value(data)
        return self.parse(found) or found


class InstitutionNameInput(StrictSerializer):
    """A further name: a label in a language, an acronym, an alias, a former name."""

    value = text(InstitutionName, "value", required=True)
    kind = serializers.ChoiceField(NameKind.choices, default=NameKind.LABEL)
    language = text(InstitutionName, "language")


class IdentifierInput(StrictSerializer):
    """An identifier other than the ROR id."""

    scheme = serializers.ChoiceField(IdentifierScheme.choices)
    value = text(InstitutionIdentifier, "value", required=True)
    preferred = serializers.BooleanField(default=False)


class InstitutionInput(EntryInput):
    """An institution. What stands below or after it names it, not the other way round."""

    name = text(Institution, "name", required=True)
    ror_id = _Parsed(parse_ror)
    types = serializers.ListField(
        child=serializers.ChoiceField(InstitutionType.choices), required=False, max_length=20
    )
    description = text(Institution, "description", default=False)
    country = CountryReference(required=False, allow_null=True)
    region = text(Institution, "region", default=False)
    city = text(Institution, "city", default=False)
    latitude = serializers.FloatField(required=False, allow_null=True, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, allow_null=True, min_value=-180, max_value=180)
    website = text(Institution, "website", default=False)
    established = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2999)
    state = serializers.ChoiceField(InstitutionState.choices, required=False)
    names = entries(InstitutionNameInput)
    identifiers = entries(IdentifierInput)
    parents = serializers.ListField(child=InstitutionReference(), required=False, max_length=100)
    predecessors = serializers.ListField(child=InstitutionReference(), required=False, max_length=100)
    related = serializers.ListField(child=InstitutionReference(), required=False, max_length=500)

    served_keys = (*_SERVED, "children", "successors", "geonames_id", "further_locations")


class PersonNameInput(StrictSerializer):
    """A further name, for example in the native script."""

    value = text(PersonName, "value", required=True)
    kind = serializers.ChoiceField(PersonName.Kind.choices, required=False)
    language = text(PersonName, "language")

    def validate(self, found: dict) -> dict:
        return {"kind": PersonName._meta.get_field("kind").default} | found


class PersonInput(EntryInput):
    """A person, without titles: those belong to the records that report them."""

    name = text(Person, "name", required=True)
    orcid = _Parsed(parse_orcid)
    names = entries(PersonNameInput)

    served_keys = (*_SERVED, "signatures", "statements")


class EventInput(EntryInput):
    """An occasion of signing."""

    name = text(Event, "name", required=True)
    starts_on = PartialDateField(required=False, allow_null=True)
    ends_on = PartialDateField(required=False, allow_null=True)
    place = text(Event, "place", default=False)
    country = CountryReference(required=False, allow_null=True)
    website = text(Event, "url", default=False, source="url")


class MappingInput(StrictSerializer):
    """The same subject in another scheme."""

    scheme = serializers.ChoiceField(SubjectScheme.choices)
    code = text(FocusAreaMapping, "code", required=True)
    label = text(FocusAreaMapping, "label")


class FocusAreaInput(EntryInput):
    """A subject."""

    name = text(FocusArea, "name", required=True)
    description = text(FocusArea, "description", default=False)
    parent = FocusAreaReference(required=False, allow_null=True)
    mappings = entries(MappingInput)
