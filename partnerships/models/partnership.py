from django.db import models

from partnerships.querysets.partnerships import PartyPairQuerySet

from .agreement import Agreement
from .institution import Institution


class PartyPair(models.Model):
    """Two institutions that share one agreement: a row of the view from which partnerships are derived."""

    id = models.CharField(max_length=50, primary_key=True)
    agreement = models.ForeignKey(Agreement, models.DO_NOTHING, related_name="pairs")
    first = models.ForeignKey(Institution, models.DO_NOTHING, related_name="+")
    second = models.ForeignKey(Institution, models.DO_NOTHING, related_name="+")

    objects = PartyPairQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "partnerships_partypair"
        ordering = ["first_id", "second_id"]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"
