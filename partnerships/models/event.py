from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from partnerships.fields import PartialDateField
from partnerships.querysets.shared import EventQuerySet
from people.access import Disclosure
from people.history import track
from people.triggers import never_hidden_again, touch
from people.uids import UidField

from .constraints import in_order, known, not_blank
from .country import Country


@track
class Event(models.Model):
    """The occasion of a signing or an announcement: a summit, a state visit, a ceremony."""

    uid = UidField(unique=True)
    name = models.CharField(max_length=300)
    starts_on = PartialDateField(null=True, blank=True)
    ends_on = PartialDateField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="events")
    url = models.URLField("address", max_length=500, blank=True)
    visibility = models.CharField(
        max_length=10,
        choices=Disclosure,
        default=Disclosure.INTERNAL,
        help_text="Becomes public when a public agreement that names the event is published.",
    )
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            not_blank("name", "event_named"),
            known("visibility", Disclosure, "event_visibility_known"),
            in_order(
                "starts_on", "ends_on", "event_ends_after_start", "The event cannot end before it starts."
            ),
        ]
        indexes = [GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="event_name_trgm")]
        triggers = [touch(), never_hidden_again()]

    def __str__(self) -> str:
        return self.name
