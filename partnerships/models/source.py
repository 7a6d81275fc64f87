from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from partnerships.choices import SourceKind, Supported
from partnerships.fields import PartialDateField
from partnerships.querysets.parts import PartQuerySet
from people.history import track
from people.triggers import touch
from people.uids import UidField

from .agreement import Agreement
from .constraints import keeps_publishable, known, not_blank


@track
class Source(models.Model):
    """Where facts of one agreement come from, and which facts."""

    uid = UidField(unique=True)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=20, choices=SourceKind, default=SourceKind.PRESS_RELEASE)
    title = models.CharField(max_length=500)
    url = models.URLField("address", max_length=1000, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    published_on = PartialDateField(null=True, blank=True)
    retrieved_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=35, blank=True)
    supports = ArrayField(
        models.CharField(max_length=20, choices=Supported),
        default=list,
        blank=True,
        help_text="The facts that this source stands for.",
    )
    quote = models.CharField(
        max_length=500, blank=True, help_text="A brief quotation, where the wording matters."
    )
    note = models.CharField(max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            known("kind", SourceKind, "source_kind_known"),
            not_blank("title", "source_titled"),
            models.CheckConstraint(
                condition=Q(supports__contained_by=Supported.values), name="source_supports_known"
            ),
        ]
        triggers = [touch("agreement"), keeps_publishable("changed.agreement_id")]

    def __str__(self) -> str:
        return self.title
