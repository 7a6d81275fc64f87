from datetime import date

from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnerships.choices import CommitmentState
from partnerships.fields import PartialDateField
from partnerships.querysets.beside import CommitmentQuerySet
from people.access import Disclosure
from people.history import track
from people.models import Person
from people.triggers import touch

from .agreement import Agreement
from .constraints import known, not_blank
from .party import Party
from .source import Source

_DATE_NEEDS_DONE = "A day on which it was done needs the state “done”."


@track
class Commitment(models.Model):
    """Who promised what by when under an agreement, and what became of it.

    Null and blank where no source says so. Like a note it stands beside the record: ticking one
    moves neither the record's ``updated_at`` nor an approval of it.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments")
    what = models.CharField("what was promised", max_length=500)
    party = models.ForeignKey(
        Party, models.SET_NULL, null=True, blank=True, related_name="commitments", verbose_name="by party"
    )
    who = models.CharField(
        "by whom", max_length=200, blank=True, help_text="In words: the dean, the joint committee."
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name="person"
    )
    due_on = PartialDateField("due", null=True, blank=True)
    state = models.CharField(max_length=10, choices=CommitmentState, default=CommitmentState.OPEN)
    done_on = PartialDateField("done on", null=True, blank=True)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="commitments")
    visibility = models.CharField(
        max_length=10,
        choices=Disclosure,
        default=Disclosure.INTERNAL,
        help_text="A public one stands on the page of a public agreement.",
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            not_blank("what", "commitment_says_what"),
            known("state", CommitmentState, "commitment_state_known"),
            known("visibility", Disclosure, "commitment_visibility_known"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(state=CommitmentState.DONE),
                name="commitment_done_on_needs_done",
                violation_error_message=_DATE_NEEDS_DONE,
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state="open"), name="commitment_open_by_due"),
        ]
        triggers = [touch()]

    def __str__(self) -> str:
        return self.what

    @property
    def office_id(self) -> int | None:
        """The office whose roles decide: that of the record."""
        return self.agreement.office_id if self.agreement_id else None

    @property
    def is_open(self) -> bool:
        return self.state == CommitmentState.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.overdue_on(timezone.localdate())

    def overdue_on(self, day: date) -> bool:
        """True where it is open and certainly late on ``day``: the last day of its due date is past."""
        return self.is_open and self.due_on is not None and self.due_on.last_day < day

    def clean(self) -> None:
        """Name the field where facts contradict each other; the constraints say some of the same."""
        super().clean()
        errors = {}
        if self.done_on and self.state != CommitmentState.DONE:
            errors["done_on"] = _DATE_NEEDS_DONE
        if self.agreement_id:
            for name in ("party", "source"):
                row = getattr(self, name)
                if row is not None and row.agreement_id != self.agreement_id:
                    errors[name] = f"This {name} belongs to another agreement."
        if errors:
            raise ValidationError(errors)
