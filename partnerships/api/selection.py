"""``fields`` and ``omit``: the client says which parts of a record it wants."""

from collections.abc import Iterable

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError


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
        ValidationError: one of the names is unknown, or nothing would be left.
    """
    fields, omit = _names(parameters, "fields"), _names(parameters, "omit")
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


def _names(parameters, parameter: str) -> list[str]:
    written = ",".join(parameters.getlist(parameter)).split(",")
    return [name.strip() for name in written if name.strip()]
