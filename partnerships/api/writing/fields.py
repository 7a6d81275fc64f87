"""Fields of bodies: what the reading side shows is taken back, unknown is null on both sides."""

from collections.abc import Mapping

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.models import Agreement, Country, Event, FocusArea, Institution
from people.models import Office, Person

#: What a reference looks like.
IDENTIFIER = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "\\S"}
_SERVED = "This key is derived or kept by the registry; leave it out."


class StrictSerializer(serializers.Serializer):
    """A body, or a part of one, in which every key must be known."""

    #: For the description of the API.
    refuses_unknown_keys = True

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            known = set(self.fields)
            errors = {key: [self._unknown(key)] for key in data if key not in known}
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)

    def _unknown(self, key) -> serializers.ErrorDetail:
        served = key in getattr(self, "served_keys", ())
        message = _SERVED if served else f"There is no key “{str(key)[:60]}” here."
        return serializers.ErrorDetail(message, "read_only" if served else "unknown_key")


class Text(serializers.CharField):
    """Text; null says the same as the empty string: nothing is known."""

    is_address = False

    def __init__(self, **kwargs):
        super().__init__(required=False, allow_null=True, allow_blank=True, **kwargs)

    def validate_empty_values(self, data):
        return (True, "") if data is None else super().validate_empty_values(data)


class RequiredText(serializers.CharField):
    """Text that says something."""


def text(model: type[models.Model], name: str, *, default: bool = True, **kwargs) -> serializers.CharField:
    """A field for a column of text, as long as the column.

    Args:
        default: give the empty string where the key is missing (parts of a list are whole).
    """
    column = model._meta.get_field(name)
    kwargs |= {"max_length": column.max_length or 20_000}
    if kwargs.pop("required", False):
        return RequiredText(**kwargs)
    field = Text(**kwargs, **({"default": ""} if default else {}))
    field.is_address = isinstance(column, models.URLField)
    return field


class Reference(serializers.Field):
    """A record that the caller may see, by its id: the id itself, or an object that holds it as ``id``.

    Where many bodies are read at once, the context holds as ``known`` what they name, looked up
    beforehand (``references``).
    """

    noun = "record"

    def find(self, uid: str, user):
        raise NotImplementedError

    def find_all(self, uids: set[str], user) -> dict[str, models.Model]:
        """Find the records of many ids, by the id as it was written."""
        return {uid: row for uid in uids if (row := self.find(uid, user).first())}

    def to_internal_value(self, data):
        uid = written_id(data)
        if uid is None:
            raise serializers.ValidationError("Give an id, or an object with an “id”.", "invalid_reference")
        row = None
        if is_findable(uid):
            known = self.context.get("known")
            row = (
                self.find(uid, self.context["request"].user).first()
                if known is None
                else known.get(type(self), {}).get(uid)
            )
        if row is None:
            raise serializers.ValidationError(
                f"“{uid[:200].replace(chr(0), '')}” is no {self.noun} known here.", "unknown"
            )
        return row

    def to_representation(self, value) -> str:
        return value.uid


def _reference(model: type[models.Model], noun: str, note: str = ""):
    """Make the class of references to ``model``."""

    def find(self, uid: str, user):
        rows = model.objects.visible_to(user) if hasattr(model.objects, "visible_to") else model.objects.all()
        return rows.by_identifier(uid) if hasattr(rows, "by_identifier") else rows.filter(uid=uid)

    def find_all(self, uids: set[str], user):
        seen = model.objects.visible_to(user)
        if hasattr(seen, "by_identifiers"):
            return seen.by_identifiers(uids)
        rows = {row.uid: row for row in seen.filter(uid__in=uids)}
        return {uid: rows[uid] for uid in uids if uid in rows}

    shown = {
        "description": f"Id of the {noun}{note}.",
        "oneOf": [
            IDENTIFIER,
            {"type": "object", "properties": {"id": IDENTIFIER}, "required": ["id"]},
        ],
    }
    made = type(
        f"{model.__name__}Reference", (Reference,), {"noun": noun, "find": find, "find_all": find_all}
    )
    return extend_schema_field(shown)(made)


InstitutionReference = _reference(Institution, "institution", " or its ROR id in any written form")
PersonReference = _reference(Person, "person", " or the ORCID iD in any written form")
EventReference = _reference(Event, "event")
FocusAreaReference = _reference(FocusArea, "focus area")
AgreementReference = _reference(Agreement, "agreement")
#: By model, where records of it are named from outside.
REFERENCES = {
    Institution: InstitutionReference,
    Person: PersonReference,
    Event: EventReference,
    FocusArea: FocusAreaReference,
    Agreement: AgreementReference,
}


@extend_schema_field({"type": "string", "description": "ISO 3166-1 alpha-2 code.", "examples": ["KR"]})
class CountryReference(Reference):
    noun = "country"

    def find(self, uid, user):
        return Country.objects.filter(pk=uid.strip().upper())

    def find_all(self, uids, user):
        rows = Country.objects.in_bulk({uid.strip().upper() for uid in uids})
        return {uid: row for uid in uids if (row := rows.get(uid.strip().upper()))}


@extend_schema_field({"type": "string", "description": "Id of one of your offices."})
class OfficeReference(Reference):
    noun = "office of yours"

    def find(self, uid, user):
        rows = Office.objects.filter(uid=uid)
        return rows if getattr(user, "is_superuser", False) else rows.filter(pk__in=user.office_ids)


def written_id(data) -> str | None:
    """The id that a reference gives; None where it gives none."""
    uid = data.get("id") if isinstance(data, Mapping) else data
    return uid if isinstance(uid, str) and uid.strip() else None


def is_findable(uid: str) -> bool:
    """True where it makes sense to ask the database for an id."""
    return "\x00" not in uid and len(uid) <= 200


def references(serializer: serializers.Serializer, bodies: list, user) -> dict[type, dict[str, models.Model]]:
    """Look up what many bodies name: a few statements, however many they are.

    Args:
        serializer: what each of the bodies is held against.

    Returns:
        For each class of references the records by id as written; what is missing is not known.
    """
    asked: dict[type, tuple[Reference, set[str]]] = {}
    for body in bodies:
        _collect(serializer, body, asked)
    return {kind: field.find_all(uids, user) for kind, (field, uids) in asked.items()}


def _collect(field: serializers.Field, data, asked: dict) -> None:
    if isinstance(field, Reference):
        if (uid := written_id(data)) and is_findable(uid):
            asked.setdefault(type(field), (field, set()))[1].add(uid)
    elif isinstance(field, serializers.ListSerializer | serializers.ListField):
        for one in data if isinstance(data, list) else ():
            _collect(field.child, one, asked)
    elif isinstance(field, serializers.Serializer) and isinstance(data, Mapping):
        for name, inner in field.fields.items():
            if name in data:
                _collect(inner, data[name], asked)
