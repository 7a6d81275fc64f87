"""Time that passes inside one transaction, where the database's clock stands still."""

import pgtrigger
from django.apps import apps
from django.db import connection


def an_hour_passes() -> None:
    """Make everything that was recorded so far an hour older: histories, and when records were touched."""
    # No trigger: the history must not be rewritten, and this is no change of a record.
    with connection.cursor() as cursor, pgtrigger.ignore():
        for model in apps.get_models():
            names = {field.name for field in model._meta.local_fields}
            if not model._meta.managed or model._meta.proxy or not names & {"pgh_created_at", "updated_at"}:
                continue
            moved = ", ".join(
                f"{name} = {name} - interval '1 hour'"
                for name in ("pgh_created_at", "created_at", "updated_at")
                if name in names
            )
            cursor.execute(f"UPDATE {model._meta.db_table} SET {moved}")  # noqa: S608
