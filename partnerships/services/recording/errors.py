"""Errors of recording, each with the field that it is about."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from partnerships.services.errors import told_clearly


class Stale(Exception):
    """The record changed after the caller read it; nothing was written."""


@contextmanager
def about(name: str) -> Iterator[None]:
    """Give an error from inside the block the field ``name`` in front of its own.

    Violated constraints are told in words first.
    """
    try:
        with told_clearly():
            yield
    except ValidationError as error:
        raise ValidationError(under(name, error)) from error


def under(name: str, error: ValidationError) -> dict[str, list[ValidationError]]:
    """Return the messages of ``error`` by field, each field below ``name``."""
    if not hasattr(error, "error_dict"):
        return {name: error.error_list}
    return {
        name if field == NON_FIELD_ERRORS else f"{name}.{field}": ones
        for field, ones in error.error_dict.items()
    }
