"""Institutions that are the same: what looks so, what was said of it, and what was made one."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from people.history import track

from .institution import Institution


@track(secret=("manifest",))
class InstitutionMerge(models.Model):
    """Two institutions that were made one, and everything that it takes to part them again.

    ``manifest`` lists the rows that the merge moved, took away, made and filled in; see
    ``services/merging``.
    """

    survivor = models.ForeignKey(Institution, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Institution, models.PROTECT, related_name="merged_in")
    at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=500, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    manifest = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at__isnull=True),
                name="institution_merged_once",
                violation_error_message="This institution was merged already.",
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("merged")), name="institution_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} into {self.survivor}"


class Pair(models.Model):
    """Base: two institutions, the one with the smaller key first."""

    a = models.ForeignKey(Institution, models.CASCADE, related_name="+", db_index=False)
    b = models.ForeignKey(Institution, models.CASCADE, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="%(class)s_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="%(class)s_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.a} · {self.b}"


@track
class NotDuplicate(Pair):
    """Somebody looked at the two and says that they are not the same."""

    at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=500, blank=True)


class DuplicatePair(Pair):
    """Two institutions that are likely the same. Derived: a job finds them (``services/duplicates.py``)."""

    score = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    found_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta(Pair.Meta):
        indexes = [models.Index(fields=["-score", "id"], name="duplicates_by_score")]


class DuplicateSearch(models.Model):
    """How far the job has come that looks for duplicates: institutions in the order of their last change.

    One row stands here once the job has run.
    """

    changed_until = models.DateTimeField()
    key = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.changed_until)
