from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from partnerships.choices import SubjectScheme
from partnerships.querysets.shared import FocusAreaQuerySet
from people.access import Disclosure
from people.history import track
from people.triggers import acyclic, never_hidden_again, touch
from people.uids import UidField

from .constraints import keeps_publishable, known, not_blank


@track
class FocusArea(models.Model):
    """A subject in a small tree."""

    uid = UidField(unique=True)
    name = models.CharField(max_length=200, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    description = models.TextField(blank=True)
    visibility = models.CharField(
        max_length=10,
        choices=Disclosure,
        default=Disclosure.INTERNAL,
        help_text="Becomes public when a public agreement on this subject is published.",
    )
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = FocusAreaQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            not_blank("name", "focus_area_named"),
            known("visibility", Disclosure, "focus_area_visibility_known"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="focus_area_not_its_own_parent",
                violation_error_message="A focus area cannot be its own parent.",
            ),
        ]
        indexes = [GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="focus_area_name_trgm")]
        triggers = [touch(), never_hidden_again(), acyclic("focus_area_acyclic", "id", "parent_id")]

    def __str__(self) -> str:
        return self.name


@track
class FocusAreaMapping(models.Model):
    """What another scheme calls a subject."""

    focus_area = models.ForeignKey(FocusArea, models.CASCADE, related_name="mappings")
    scheme = models.CharField(max_length=10, choices=SubjectScheme)
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["scheme", "code"]
        constraints = [
            models.UniqueConstraint(fields=["focus_area", "scheme", "code"], name="focus_area_mapping_once"),
            known("scheme", SubjectScheme, "focus_area_mapping_scheme_known"),
            not_blank("code", "focus_area_mapping_not_empty"),
        ]
        triggers = [touch("focus_area")]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.code}"


@track
class AgreementFocusArea(models.Model):
    """An agreement's subject, and whether the parties single it out."""

    agreement = models.ForeignKey("Agreement", models.CASCADE, related_name="subjects")
    focus_area = models.ForeignKey(FocusArea, models.PROTECT, related_name="uses")
    emphasised = models.BooleanField(default=False, help_text="The parties give it particular attention.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "focus area of an agreement"
        verbose_name_plural = "focus areas of agreements"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "focus_area"],
                name="focus_area_once_an_agreement",
                violation_error_message="This focus area is named already.",
            ),
        ]
        triggers = [touch("agreement"), keeps_publishable("changed.agreement_id")]

    def __str__(self) -> str:
        return str(self.focus_area)
