"""The change feed: what waits to be told, what was told last, and what was told, in order.

Triggers write ``PendingChange`` in the transaction of a change (``models/telling.py``); the
teller alone (``services/feed``) writes the rest, one batch after the other, so that positions are
seen in order and without gaps. These tables hold records of any visibility: whoever reads them
narrows to what the reader may see (``visible_to``).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from partnerships.querysets.feed import ChangeQuerySet, ToldRecordQuerySet, tell_each


class Seen(models.TextChoices):
    """Who sees a record as it was told."""

    NOBODY = "nobody", "Nobody: not published, merged or deleted"
    RESTRICTED = "restricted", "Certain offices"
    INTERNAL = "internal", "Who reads internally"
    PUBLIC = "public", "Everybody"


class PendingChange(models.Model):
    """Something of a record changed, in a transaction that is committed once this row is seen.

    Nothing here is unique: two writers must not wait for each other.
    """

    #: As it is named in the API: ``agreements``.
    resource = models.CharField(max_length=12)
    #: The primary key of the record.
    key = models.BigIntegerField()
    #: The transaction that wrote the row; its changes are told together.
    xact = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.resource} {self.key}"


class ToldRecord(models.Model):
    """A record as the feed told it last; a copy that follows the feed holds exactly this."""

    resource = models.CharField(max_length=12)
    key = models.BigIntegerField()
    uid = models.CharField(max_length=10)
    seen = models.CharField(max_length=10, choices=Seen)
    #: Ids of the offices that read it, where it is restricted.
    offices = ArrayField(models.BigIntegerField(), default=list)
    #: The lasting form as JSON text, addresses without host: as everybody sees it (null where nobody may) …
    public = models.TextField(null=True)  # noqa: DJ001
    #: … and as it is seen internally; null where that says what ``public`` says.
    internal = models.TextField(null=True)  # noqa: DJ001
    #: The position at which it last came in sight; what was told before that is not shown again.
    public_since = models.BigIntegerField(default=0)
    internal_since = models.BigIntegerField(default=0)

    objects = ToldRecordQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resource", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["resource", "uid"], name="told_to_everybody", condition=Q(seen=Seen.PUBLIC))
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.uid}"


class Change(models.Model):
    """One entry of the feed. What it is to a reader follows from who that is: ``told_to``."""

    position = models.BigIntegerField(primary_key=True)
    told_at = models.DateTimeField()
    resource = models.CharField(max_length=12)
    key = models.BigIntegerField()
    uid = models.CharField(max_length=10)
    seen_before = models.CharField(max_length=10, choices=Seen)
    seen_after = models.CharField(max_length=10, choices=Seen)
    offices_before = ArrayField(models.BigIntegerField(), default=list)
    offices_after = ArrayField(models.BigIntegerField(), default=list)
    #: The uid of the institution that the record was merged into, where that is what happened.
    into = models.CharField(max_length=10, blank=True)
    #: ``{key: {"before": …, "after": …}}`` as everybody sees it, and as it is seen internally; null
    #: where nothing differs, or the record was out of sight before or is so after.
    public = models.JSONField(null=True)
    internal = models.JSONField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["position"],
                name="change_told_to_everybody",
                condition=Q(seen_before=Seen.PUBLIC) | Q(seen_after=Seen.PUBLIC),
            ),
            models.Index(fields=["resource", "position"], name="change_by_resource"),
            models.Index(fields=["resource", "key", "position"], name="change_by_record"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.resource} {self.uid}"

    def told_to(self, user) -> dict | None:
        """The entry as ``user`` reads it now; None where it says nothing to that reader.

        For more than one entry take ``tell_each``: it asks the database once for all of them.
        """
        [told] = tell_each([self], user) or [None]
        return told
