from django.contrib.postgres.functions import TransactionNow
from django.db import models

from partnerships.choices import AmendableTerm, AmendmentKind
from partnerships.fields import PartialDateField
from partnerships.querysets.parts import PartQuerySet
from people.history import track
from people.triggers import touch
from people.uids import UidField

from .agreement import Agreement
from .constraints import known, not_blank
from .document import Document
from .source import Source


@track
class Amendment(models.Model):
    """What the parties changed of an agreement later on.

    The agreement's own fields say what was agreed last; the amendment keeps what they said before.
    """

    uid = UidField(unique=True)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="amendments")
    number = models.PositiveSmallIntegerField(help_text="1 for the first amendment, and so on.")
    kind = models.CharField(max_length=20, choices=AmendmentKind, default=AmendmentKind.AMENDMENT)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True, help_text="What it changes, in your own words.")
    signed_on = PartialDateField(null=True, blank=True)
    effective_from = PartialDateField(null=True, blank=True)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="amendment_number_once",
                violation_error_message="Another amendment carries this number.",
            ),
            known("kind", AmendmentKind, "amendment_kind_known"),
            not_blank("title", "amendment_titled"),
        ]
        triggers = [touch("agreement")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


@track
class AmendedTerm(models.Model):
    """One field that an amendment changed: its values before and after, as the field writes them."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="terms")
    field = models.CharField(max_length=20, choices=AmendableTerm)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "field"], name="amended_term_once"),
            known("field", AmendableTerm, "amended_term_known"),
        ]
        triggers = [touch("amendment", through="agreement")]

    def __str__(self) -> str:
        return self.get_field_display()
