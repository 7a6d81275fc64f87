from django.conf import settings
from django.db import models

from people.history import track
from people.uids import UidField


class Role(models.TextChoices):
    """What a member may do in an office; each includes the ones before it."""

    VIEWER = "viewer", "Viewer: reads"
    EDITOR = "editor", "Editor: records and submits for review"
    REVIEWER = "reviewer", "Reviewer: publishes, sends back, withdraws"
    ADMINISTRATOR = "administrator", "Administrator: deletes, manages people"


@track
class Office(models.Model):
    """The unit of staff that owns records."""

    uid = UidField(unique=True)
    name = models.CharField(max_length=200, unique=True)
    separate_duties = models.BooleanField(
        "separation of duties",
        null=True,
        blank=True,
        help_text="Nobody approves or publishes what they submitted or last changed themselves. "
        "Unknown: as the installation is set.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@track
class Membership(models.Model):
    """A staff account's role in one office."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role, default=Role.EDITOR)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office"],
                name="membership_once",
                violation_error_message="This person is a member of this office already.",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.office} · {self.get_role_display()}"
