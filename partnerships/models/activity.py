from django.db import models
from django.db.models import Q

from partnerships.choices import ActivityKind, Direction
from partnerships.fields import PartialDateField
from partnerships.querysets.parts import PartQuerySet
from people.history import track
from people.triggers import touch
from people.uids import UidField

from .agreement import Agreement
from .constraints import in_order, known
from .party import Party


@track
class Activity(models.Model):
    """What the parties agreed to do."""

    uid = UidField(unique=True)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=20, choices=ActivityKind)
    direction = models.CharField(max_length=10, choices=Direction, default=Direction.NOT_STATED)
    from_party = models.ForeignKey(Party, models.SET_NULL, null=True, blank=True, related_name="+")
    to_party = models.ForeignKey(Party, models.SET_NULL, null=True, blank=True, related_name="+")
    quota = models.PositiveIntegerField(null=True, blank=True)
    quota_note = models.CharField(
        max_length=200, blank=True, help_text="What the quota counts: students a year."
    )
    starts_on = PartialDateField(null=True, blank=True)
    ends_on = PartialDateField(null=True, blank=True)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "activities"
        constraints = [
            known("kind", ActivityKind, "activity_kind_known"),
            known("direction", Direction, "activity_direction_known"),
            in_order(
                "starts_on", "ends_on", "activity_ends_after_start", "The activity ends before it starts."
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.ONE_WAY) | Q(from_party__isnull=True, to_party__isnull=True),
                name="activity_ends_need_one_way",
                violation_error_message="“From” and “to” belong to an activity that goes one way.",
            ),
        ]
        indexes = [models.Index(fields=["kind", "agreement"], name="activity_by_kind")]
        triggers = [touch("agreement")]

    def __str__(self) -> str:
        return self.get_kind_display()
