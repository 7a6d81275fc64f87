"""What is kept so that a reminder is sent once, and how each person wants it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from partnerships.deadlines import DeadlineKind
from people.history import track
from people.models import Office

from .agreement import Agreement
from .constraints import known


class Frequency(models.TextChoices):
    EACH = "each", "A mail for each agreement"
    DAILY = "daily", "One mail a day, if there is anything"
    WEEKLY = "weekly", "One mail a week, if there is anything"
    NONE = "none", "No mail"


@track
class OfficeReminders(models.Model):
    """How many days before a deadline an office is reminded, where it wants other days than usual."""

    office = models.OneToOneField(Office, models.CASCADE, related_name="+")
    days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(1_000)]),
        size=10,
        help_text="Days before a deadline, separated by commas: 180, 90, 30.",
    )

    class Meta:
        ordering = ["office__name"]
        verbose_name = "reminder days"
        verbose_name_plural = "reminder days"

    def __str__(self) -> str:
        return f"{self.office}: {', '.join(map(str, self.days))}"

    def clean(self) -> None:
        super().clean()
        if len(set(self.days or [])) != len(self.days or []):
            raise ValidationError({"days": "Each number of days once."})


@track(secret=("calendar_key",))
class StaffSettings(models.Model):
    """How one person wants to be reminded. No row stands for the first choice of each."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="staff_settings"
    )
    reminders = models.CharField(max_length=10, choices=Frequency, default=Frequency.EACH)
    #: Opens the person's calendar, together with a signature that is not kept here.
    calendar_key = models.CharField(max_length=32, unique=True, null=True, editable=False)  # noqa: DJ001

    class Meta:
        constraints = [known("reminders", Frequency, "staff_settings_reminders_known")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_reminders_display()}"


class ReminderMail(models.Model):
    """A mail that is to be sent, or was. ``sent_at`` is set when the mail server has taken it over."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    frequency = models.CharField(max_length=10, choices=Frequency)
    planned_on = models.DateField()
    #: The same in every attempt, so that a mail that was sent twice is recognised as one.
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    #: Why the last attempt failed, or why nothing was sent in the end.
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [known("frequency", Frequency, "reminder_mail_frequency_known")]
        indexes = [
            models.Index(fields=["id"], name="reminder_mail_to_send", condition=Q(sent_at__isnull=True)),
            models.Index(fields=["recipient", "frequency", "planned_on"], name="reminder_mail_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.planned_on}"


class Reminder(models.Model):
    """That one person is told once of one deadline at one distance. The row is the claim."""

    mail = models.ForeignKey(ReminderMail, models.CASCADE, related_name="reminders")
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=DeadlineKind)
    deadline = models.DateField()
    days = models.PositiveSmallIntegerField(help_text="The distance that was reached, in days.")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["deadline", "pk"]
        constraints = [
            known("kind", DeadlineKind, "reminder_kind_known"),
            models.UniqueConstraint(
                fields=["agreement", "kind", "deadline", "days", "recipient"], name="reminder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.kind} {self.deadline}, {self.days} days"


class ReminderRun(models.Model):
    """The run of a day: handed over to a worker, and finished."""

    day = models.DateField(primary_key=True)
    handed_over_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.day)
