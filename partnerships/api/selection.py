"""``fields`` and ``omit``: the client says which parts of a record it wants."""

from collections.abc import Iterable

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from partnerships.filtersets.base import MOST_VALUES

from .errors import too_many_values


class SelectableSerializer(serializers.Serializer):
    """A record whose keys a request may choose; the view puts the choice into the context."""

    def get_fields(self) -> dict:
        fields = super().get_fields()
        chosen = self.context.get("selection")
        if chosen is None:
            return fields
        return {name: field for name, field in fields.items() if name in chosen}


def selected(parameters, known: Iterable[str]) -> frozenset[str] | None:
    """Return the keys that a query string asks for; None where it asks for all.

    Args:
        parameters: the ``QueryDict``; ``fields`` and ``omit`` may be repeated or separated by commas.
        known: every key that the record has.

    Raises:
        ValidationError: one of the names is unknown, there are too many, or nothing would be left.
    """
    fields, omit = listed(parameters, "fields"), listed(parameters, "omit")
    known = frozenset(known)
    errors = {
        parameter: [ErrorDetail(f"“{name}” is no field of this record.", "unknown") for name in bad]
        for parameter, names in (("fields", fields), ("omit", omit))
        if (bad := [name for name in names if name not in known])
    }
    if errors:
        raise ValidationError(errors)
    if not fields and not omit:
        return None
    chosen = frozenset(fields or known) - frozenset(omit)
    if not chosen:
        raise ValidationError({"omit": [ErrorDetail("This would leave nothing.", "empty")]})
    return chosen


def listed(parameters, name: str) -> list[str]:
    """Return the values of a parameter that may be repeated or separated by commas.

    Raises:
        ValidationError: there are more than are looked at.
    """
    written = ",".join(parameters.getlist(name)).split(",")
    values = [value.strip() for value in written if value.strip()]
    if len(values) > MOST_VALUES:
        raise ValidationError(too_many_values([name]))
    return values
