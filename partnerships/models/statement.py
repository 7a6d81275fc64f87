from django.db import models

from people.history import track
from people.models import Person
from people.triggers import touch

from .agreement import Agreement
from .constraints import keeps_publishable, not_merged
from .institution import Institution
from .source import Source


@track
class Statement(models.Model):
    """What a person said about the agreement. A speaker is not a signatory."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="statements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="statements")
    capacity = models.CharField(
        max_length=300, blank=True, help_text="In which capacity the person spoke, as reported."
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text="For whom the person spoke, where a source says so.",
    )
    summary = models.TextField(help_text="What was said, in your own words.")
    language = models.CharField(max_length=35, blank=True)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="statements")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        triggers = [
            touch("agreement"),
            keeps_publishable("changed.agreement_id"),
            not_merged("institution_id"),
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.agreement}"
