"""Partnerships: two institutions, seen through all their agreements. Derived, never typed in."""

from django.db import models

from partnerships.querysets.partnerships import CardPairQuerySet, PartnershipCountQuerySet

from .agreement import Agreement
from .card import Card
from .institution import Institution


class PartnershipCount(models.Model):
    """How many agreements that everybody may see two institutions share.

    Triggers on the cards write it (``search/cards/pairs.py``). ``first`` has the smaller key.
    """

    pk = models.CompositePrimaryKey("first_id", "second_id")
    first = models.ForeignKey(
        Institution, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    second = models.ForeignKey(Institution, models.DO_NOTHING, db_constraint=False, related_name="+")
    #: Agreements to which both are parties.
    agreements = models.IntegerField()
    #: The same, each party counted for the topmost institutions above it.
    rolled_up = models.IntegerField()

    objects = PartnershipCountQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["-agreements", "-first", "-second"],
                name="partnerships_by_number",
                condition=models.Q(agreements__gt=0),
            ),
            models.Index(
                fields=["-rolled_up", "-first", "-second"],
                name="partnerships_rolled_up",
                condition=models.Q(rolled_up__gt=0),
            ),
            # What is to be taken away; hardly ever a row.
            models.Index(
                fields=["first"],
                name="partnerships_empty",
                condition=models.Q(agreements=0, rolled_up=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} · {self.second_id}"


class CardPair(Card):
    """A card and two institutions that it joins; every two stand there both ways round."""

    agreement = models.OneToOneField(
        Agreement, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    #: True where the two are not parties but the topmost institutions above them.
    rolled_up = models.BooleanField()
    one = models.BigIntegerField()
    other = models.BigIntegerField()

    objects = CardPairQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "partnerships_cardpair"

    def __str__(self) -> str:
        return f"{self.one} · {self.other}"
