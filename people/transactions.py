"""One act, one transaction, begun anew where the database had to break a tie."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

#: Two transactions that waited for each other (deadlock_detected), or contradicted each other.
_TIES = {"40P01", "40001"}
_TRIES = 4
BUSY = "busy"


@contextmanager
def ties_told() -> Iterator[None]:
    """Turn a transaction that the database ended to break a tie into a ``ValidationError`` (``BUSY``)."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) not in _TIES:
            raise
        raise ValidationError(
            "Somebody else was changing the same records at this moment. Nothing was written; try again.",
            code=BUSY,
        ) from error


def one_transaction(act: Callable) -> Callable:
    """Decorator: run ``act`` in a transaction; if the database ends it to break a tie, run it again.

    Inside a transaction of somebody else it runs once: only its owner can begin that anew.

    Raises:
        ValidationError: with the code ``BUSY``, the tie is still there after some tries.
    """

    @wraps(act)
    def in_one(*args, **kwargs):
        left = 1 if connection.in_atomic_block else _TRIES
        while True:
            left -= 1
            try:
                with ties_told(), transaction.atomic():
                    return act(*args, **kwargs)
            except ValidationError as error:
                if getattr(error, "code", None) != BUSY or not left:
                    raise
            # By chance, or the two meet again.
            time.sleep(random.uniform(0.02, 0.2))  # noqa: S311

    return in_one
