"""Violations of the database's rules, told as a person would."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

#: Constraints that no model states, because triggers keep them.
MESSAGES = {
    "published_has_two_parties": "A published agreement needs two parties or more.",
    "published_has_source": "A published agreement needs a source.",
    "relation_acyclic": "These relations would close a circle.",
    "institution_link_acyclic": "An institution cannot stand above or before itself, not even by detours.",
    "focus_area_acyclic": "A focus area cannot stand below itself.",
    "public_stays_public": "What has been public has a public address and stays public.",
}


@contextmanager
def told_clearly() -> Iterator[None]:
    """Turn a violated constraint inside the block into a ``ValidationError`` with its message."""
    try:
        yield
    except IntegrityError as error:
        raise ValidationError(clear_message(error)) from error


def check_now() -> None:
    """Let the rules that wait for the end of the transaction speak while there is somebody to tell."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def clear_message(error: IntegrityError) -> str:
    """Return what to tell a person about a violated constraint."""
    diagnostics = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", None) or ""
    if name in MESSAGES:
        return MESSAGES[name]
    if name == "published_names_public":
        return diagnostics.message_primary
    return _stated_by_a_model(name) or "The database refused the change: it contradicts what stands already."


def _stated_by_a_model(name: str) -> str | None:
    from django.apps import apps

    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return constraint.get_violation_error_message()
    return None
