from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def save(row: M) -> M:
    """Insert a new row after the checks that a form would make.

    Raises:
        ValidationError: a value does not fit its field, or fields contradict each other.
    """
    row.full_clean()
    row.save(force_insert=True)
    return row
