from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models

from people.history import track

from .agreement import Agreement


@track
class Approval(models.Model):
    """A reviewer's word for a record in review, as it stood then. An edit voids it (a trigger does)."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="approvals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "by"],
                condition=models.Q(voided_at__isnull=True),
                name="approval_once",
                violation_error_message="You approved this record already.",
            ),
        ]

    def __str__(self) -> str:
        return f"approved by {self.by}"
