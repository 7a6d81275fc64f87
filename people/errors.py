"""Violations of the database's rules, told as a person would.

An app registers in ``MESSAGES`` what its triggers refuse; constraints that a model states bring
their message with them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection

#: What to tell about constraints that no model states, by their name.
MESSAGES = {
    "public_stays_public": "What has been public has a public address and stays public.",
}
_RAISED = " at RAISE"
_UNIQUE, _FOREIGN = "23505", "23503"
_COLUMNS = re.compile(r"^Key \((.+?)\)=")


@contextmanager
def told_clearly() -> Iterator[None]:
    """Turn a violated constraint inside the block into a ``ValidationError`` with its message."""
    try:
        yield
    except (IntegrityError, DataError) as error:
        raise ValidationError(clear_message(error)) from error


def check_now() -> None:
    """Let the rules that wait for the end of the transaction speak while there is somebody to tell."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def clear_message(error: Exception) -> str:
    """Return what to tell a person about a violated constraint."""
    if isinstance(error, DataError):
        return "One of the values is too long or too large to be stored."
    diagnostics = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", None) or ""
    return (
        MESSAGES.get(name)
        or _raised_by_a_trigger(diagnostics)
        or _stated_by_a_model(name)
        or _taken_already(diagnostics)
        or _named_elsewhere(diagnostics)
        or "The database refused the change: it contradicts what stands already."
    )


def _raised_by_a_trigger(diagnostics) -> str | None:
    """A trigger of ours speaks in whole sentences, which the database passes on."""
    context = getattr(diagnostics, "context", None) or ""
    return diagnostics.message_primary if _RAISED in context.partition("\n")[0] else None


def _stated_by_a_model(name: str) -> str | None:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return constraint.get_violation_error_message()
    return None


def _taken_already(diagnostics) -> str | None:
    """The message of a field declared ``unique``: its constraint has a name that Django made up."""
    if getattr(diagnostics, "sqlstate", None) != _UNIQUE:
        return None
    model = _model_of(diagnostics.table_name)
    found = _COLUMNS.match(diagnostics.message_detail or "")
    columns = set(found[1].split(", ")) if found else set()
    labels = (
        [str(field.verbose_name) for field in model._meta.fields if field.column in columns] if model else []
    )
    return f"Another record carries this {' and '.join(labels)} already." if labels else None


def _named_elsewhere(diagnostics) -> str | None:
    if getattr(diagnostics, "sqlstate", None) != _FOREIGN:
        return None
    return "Something that this record names was deleted meanwhile, or another record still names this one."


def _model_of(table: str | None):
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)
