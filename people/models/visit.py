"""When somebody was at their desk: what changed since then is news to them."""

from datetime import timedelta

from django.conf import settings
from django.db import models

#: Whoever comes back sooner is still on the same visit.
SAME_VISIT = timedelta(minutes=30)


class Visit(models.Model):
    """The last visit of a person and the end of the one before; no history is kept of it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="visit"
    )
    seen_at = models.DateTimeField()
    #: When the visit before this one ended; null on the first.
    before = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user}, {self.seen_at:%Y-%m-%d %H:%M}"
