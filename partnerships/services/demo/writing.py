from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def save(row: M) -> M:
    """Insert a new row, after a look at each field alone and at all of them together.

    The constraints are left to the database, which refuses as surely; asking them one by one before
    every row would take most of the time of a load.

    Raises:
        ValidationError: a value does not fit its field, or fields contradict each other.
        IntegrityError: the row contradicts what stands.
    """
    row.clean_fields()
    row.clean()
    row.save(force_insert=True)
    return row
