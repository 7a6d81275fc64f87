"""Serializer fields that speak the registry's words: unknown is null, a partial date is EDTF."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError as DjangoValidationError
from django.urls import NoReverseMatch, reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from partnerships.fields import to_partial_date
from partnerships.partial_dates import PartialDate
from partnerships.ror import ror_url

PARTIAL_DATE_PATTERN = "^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"


@extend_schema_field(
    {
        "type": "string",
        "pattern": PARTIAL_DATE_PATTERN,
        "description": "A year, a month or a day (EDTF level 0): `2024`, `2024-05`, `2024-05-21`.",
        "examples": ["2024-05"],
    }
)
class PartialDateField(serializers.Field):
    """A date known to the year, the month or the day; null where no source states it."""

    def to_representation(self, value: PartialDate) -> str:
        return str(value)

    def to_internal_value(self, data) -> PartialDate:
        if not isinstance(data, str):
            raise serializers.ValidationError(
                "Write a date as a string, such as “2024”.", "invalid_partial_date"
            )
        try:
            return to_partial_date(data)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages, code="invalid_partial_date") from error


@extend_schema_field({"type": "string"})
class TextField(serializers.CharField):
    """Text; null, never the empty string, where nothing is known."""

    def get_attribute(self, instance):
        return super().get_attribute(instance) or None


def one_of(values: Iterable[str], **kwargs) -> serializers.CharField:
    """A word of a short list that has no name of its own in the description."""
    words = list(values)
    return extend_schema_field({"type": "string", "enum": words})(serializers.CharField(**kwargs))


@extend_schema_field({"type": "string", "format": "uri", "examples": ["https://ror.org/035dkdb55"]})
class RorField(serializers.CharField):
    """A ROR id in its official form, a full address."""

    def to_representation(self, value: str) -> str:
        return ror_url(value)


@extend_schema_field(
    {"type": "string", "format": "uri", "examples": ["https://orcid.org/0000-0002-1825-0097"]}
)
class OrcidField(serializers.CharField):
    """An ORCID iD in its official form, a full address."""

    def to_representation(self, value: str) -> str:
        return f"https://orcid.org/{value}"


@extend_schema_field({"type": "string", "format": "uri"})
class UrlField(serializers.Field):
    """The absolute address of a record: in the API, or its page.

    Args:
        view: the name of the URL pattern, such as ``api:agreement-detail``.
        uid: the attribute that holds the record's id, with dots for what it hangs on.
    """

    def __init__(self, view: str, uid: str = "uid", **kwargs):
        self.view = view
        super().__init__(source=uid, read_only=True, **kwargs)

    def to_representation(self, value: str) -> str | None:
        return page_url(self.view, value, self.context.get("request"))


def page_url(view: str, uid: str, request=None) -> str | None:
    """Return the absolute address of a record in ``view``; None where there is no such page."""
    try:
        path = reverse(view, kwargs={"uid": uid})
    except NoReverseMatch:
        return None
    return request.build_absolute_uri(path) if request else path
