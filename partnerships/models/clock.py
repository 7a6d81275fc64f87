"""The clock of the registry: it moves when a change of what answers are made of is committed."""

from django.db import models


class Tick(models.Model):
    """One such transaction; the sum of ``change`` is the time.

    Rows are added, never updated, so that two writers do not wait for each other. A change is
    greater than zero, so the sum never returns to what it was, in whatever order transactions
    are committed; it is seen to move when they are. A trigger alone writes here (``search/clock.py``).
    """

    change = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.change)
