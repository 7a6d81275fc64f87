"""The records of the API as Arrow types them: read off the serializers, so that the two cannot differ."""

from rest_framework import serializers

from .fields import UrlField


def schema_of(serializer: serializers.Serializer, keys: list[str]):
    """The Arrow schema of records with these keys. Dates and moments stay text: a year is no day."""
    import pyarrow

    fields = serializer.fields
    return pyarrow.schema([pyarrow.field(key, _type(fields[key])) for key in keys])


def _type(field):
    import pyarrow

    if isinstance(field, serializers.SerializerMethodField):
        return _type(_annotated(field))
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        return pyarrow.list_(_type(field.child))
    if isinstance(field, serializers.BaseSerializer):
        return pyarrow.struct([(name, _type(one)) for name, one in field.fields.items()])
    if isinstance(field, UrlField):
        return pyarrow.string()
    for kind, type_ in (
        (serializers.BooleanField, pyarrow.bool_()),
        (serializers.IntegerField, pyarrow.int64()),
        (serializers.FloatField, pyarrow.float64()),
    ):
        if isinstance(field, kind):
            return type_
    return pyarrow.string()


def _annotated(field: serializers.SerializerMethodField):
    """What a method of the serializer gives, as its schema says; text where it says nothing."""
    method = getattr(type(field.parent), field.method_name)
    said = getattr(method, "_spectacular_annotation", {}).get("field")
    return said if isinstance(said, serializers.Field) else serializers.CharField()
