from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from partnerships.choices import BulkOutcome, BulkState
from people.uids import UidField

from .agreement import Agreement
from .constraints import known


class BulkRun(models.Model):
    """One act or edit over many records, exactly as it was previewed; the truth of the job that does it."""

    uid = UidField(unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="bulk_runs")
    act = models.CharField(max_length=40, help_text="The name of an act, “edit” or “undo”.")
    #: What an edit sets, adds and removes, by field (``services.bulk.changes``).
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    #: All records or none; otherwise each for itself.
    whole = models.BooleanField(default=True)
    undoes = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="undone_by", verbose_name="undoes"
    )
    #: The question of the list from which it was begun, to lead back to.
    question = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.WAITING)
    created_at = models.DateTimeField(db_default=TransactionNow())
    #: When a worker last showed that it is at it.
    seen_at = models.DateTimeField(db_default=TransactionNow())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [known("state", BulkState, "bulk_run_state_known")]
        indexes = [
            models.Index(
                fields=["seen_at"], condition=Q(state__in=["waiting", "running"]), name="bulk_run_unfinished"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.uid}"


class BulkItem(models.Model):
    """One record of a run."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    agreement = models.ForeignKey(Agreement, models.SET_NULL, null=True, related_name="+")
    #: The record's ``updated_at`` in the preview: whoever changed it since takes it out of the run.
    seen_updated_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=BulkOutcome, default=BulkOutcome.WAITING)
    message = models.TextField(blank=True)
    #: In an undoing: what this one record gets back.
    changes = models.JSONField(null=True)
    #: In an edit: the changed fields as they were and as they are, to undo it by.
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "agreement"], name="bulk_item_once"),
            known("outcome", BulkOutcome, "bulk_item_outcome_known"),
        ]
        indexes = [models.Index(fields=["run"], condition=Q(outcome="waiting"), name="bulk_item_waiting")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.agreement_id}"
