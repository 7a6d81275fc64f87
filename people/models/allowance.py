"""What callers of the API have left of their rate limit."""

from django.db import models


class Allowance(models.Model):
    """When the allowance of a client will be whole again (GCRA's theoretical arrival time).

    The table is UNLOGGED (a migration by hand): it is written at every request, and after a
    crash everybody may begin anew. A row that lies in the past says nothing and is swept.
    """

    client = models.CharField(max_length=60, primary_key=True)
    full_at = models.DateTimeField()
    granted = models.BooleanField(help_text="What the last request was told.")

    def __str__(self) -> str:
        return self.client
