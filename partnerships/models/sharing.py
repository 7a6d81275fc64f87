from django.db import models

from people.history import track
from people.models import Office
from people.triggers import touch

from .agreement import Agreement


@track
class SharedOffice(models.Model):
    """Another office that reads a restricted record, and the restricted documents of any record."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="sharing")
    office = models.ForeignKey(Office, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "office"],
                name="shared_once",
                violation_error_message="This office is named already.",
            ),
        ]
        triggers = [touch("agreement")]

    def __str__(self) -> str:
        return str(self.office)
