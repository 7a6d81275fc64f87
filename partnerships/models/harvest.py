"""What harvesters are told of a record: since when it is as it is, and whether it is still there."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from partnerships.querysets.harvest import HarvestQuerySet


class HarvestEntry(models.Model):
    """One agreement that is public, or that was. Triggers alone write it (``search/cards/harvest.py``).

    An entry is never taken away: what ceases to be public stays as a tombstone.
    """

    agreement_id = models.BigIntegerField(primary_key=True)
    uid = models.CharField(max_length=20, unique=True)
    #: The beginning of the transaction that last changed what everybody reads in the record: the names
    #: of its parties, people and subjects too, which ``updated_at`` of the agreement does not follow.
    datestamp = models.DateTimeField()
    is_deleted = models.BooleanField(default=False)
    #: Ids of the headings of its card, as they were when it was last public.
    keys = ArrayField(models.IntegerField())

    objects = HarvestQuerySet.as_manager()

    class Meta:
        ordering = ["datestamp", "agreement_id"]
        indexes = [
            models.Index(fields=["datestamp", "agreement_id"], name="harvest_by_datestamp"),
            GinIndex(fields=["keys"], name="harvest_keys", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.uid
