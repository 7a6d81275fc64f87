"""Webhooks: who wants to be told of which changes where, and what became of each telling."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from partnerships.choices import DeliveryState
from partnerships.querysets.feed import RESOURCES
from partnerships.querysets.webhooks import DeliveryQuerySet, SubscriptionQuerySet
from people.history import track
from people.models import ApiToken, Office, Scope
from people.uids import UidField

from .constraints import known, not_blank
from .feed import Change

#: What moves with every delivery, or may not be kept: no history of these.
_STATE = ("secret", "old_secret", "old_secret_until", "position", "failures", "failing_since", "rests_until")
#: As much as a subscription that staff made may read.
READS = [(Scope.READ_PUBLIC.value, "What is public"), (Scope.READ_INTERNAL.value, "What is internal as well")]


@track(secret=_STATE)
class WebhookSubscription(models.Model):
    """A receiver's wish to be told of changes.

    It reads as its token does; one that staff made reads as it says itself.
    """

    uid = UidField(unique=True)
    name = models.CharField(max_length=200, help_text="The system that is told.")
    address = models.CharField(max_length=500, help_text="Where deliveries are posted: https://…")
    token = models.ForeignKey(
        ApiToken,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="webhooks",
        help_text="Whose it is; made by staff it is nobody’s.",
    )
    #: A scope of ``READS``; empty where a token says what is read.
    reads = models.CharField(max_length=30, choices=READS, blank=True)
    office = models.ForeignKey(
        Office,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="webhooks",
        help_text="Whose administrators look after it, and whose restricted records it may read.",
    )
    resources = ArrayField(models.CharField(max_length=12, choices=[(name, name) for name in RESOURCES]))
    question = models.CharField(
        "filter",
        max_length=2000,
        blank=True,
        help_text="The query string of the list of the one resource; empty for all records.",
    )
    active = models.BooleanField(default=True, help_text="Changes wait for it while it is paused.")
    #: Why the registry itself paused it; empty otherwise.
    paused_because = models.CharField(max_length=300, blank=True, editable=False)
    #: Encrypted (``services.webhooks.secrets``). The old one signs as well until its time is over.
    secret = models.TextField(editable=False)
    old_secret = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    #: The last change of the feed for which was decided whether it is delivered.
    position = models.BigIntegerField(default=0, editable=False)
    #: Since this change it is known which records answered to the filter before.
    known_from = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(db_default=TransactionNow(), editable=False)
    #: Attempts in a row of which none was taken, and since when that is so.
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    rests_until = models.DateTimeField(null=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "webhook"
        constraints = [
            not_blank("name", "webhook_named"),
            not_blank("address", "webhook_has_address"),
            models.CheckConstraint(
                condition=Q(resources__contained_by=list(RESOURCES), resources__len__gt=0),
                name="webhook_resources_known",
            ),
            models.CheckConstraint(
                condition=Q(question="") | Q(resources__len=1),
                name="webhook_filter_of_one_resource",
                violation_error_message="A filter is the question to one list: choose one resource with it.",
            ),
            models.CheckConstraint(
                condition=Q(token__isnull=False, reads="", office__isnull=True)
                | Q(token__isnull=True, reads__in=[value for value, _ in READS]),
                name="webhook_reads_as_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookMatch(models.Model):
    """A record that answered to the filter of a subscription when it was last looked at."""

    subscription = models.ForeignKey(WebhookSubscription, models.CASCADE, related_name="matches")
    #: The primary key of the record; its resource is the only one of the subscription.
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "key"], name="webhook_match_once")]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.key}"


class WebhookDelivery(models.Model):
    """A change that is to be told to a subscription, or was. What is sent is made anew at each attempt."""

    subscription = models.ForeignKey(
        WebhookSubscription, models.CASCADE, related_name="deliveries", verbose_name="webhook"
    )
    change = models.ForeignKey(Change, models.CASCADE, related_name="deliveries")
    #: The record, as the change names it: changes of one record are told one after the other.
    resource = models.CharField(max_length=12)
    key = models.BigIntegerField()
    #: What the change is to the receiver: ``agreement.updated``.
    type = models.CharField(max_length=40)
    #: The same in every attempt, so that what arrives twice is recognised as one.
    message_id = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    created_at = models.DateTimeField(db_default=TransactionNow())
    #: Not before this. While an attempt is under way: when it is taken for lost.
    next_at = models.DateTimeField(db_default=TransactionNow())
    #: Attempts since it was handed over, or replayed.
    attempts = models.PositiveIntegerField(default=0)
    first_attempt_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "webhook delivery"
        verbose_name_plural = "webhook deliveries"
        constraints = [
            known("state", DeliveryState, "delivery_state_known"),
            models.UniqueConstraint(fields=["subscription", "change"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at__isnull=True)
                | (~Q(state="waiting") & Q(finished_at__isnull=False)),
                name="delivery_finished_or_waiting",
            ),
        ]
        indexes = [
            models.Index(
                fields=["subscription", "id"],
                include=["next_at"],
                name="delivery_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["subscription", "resource", "key", "id"],
                name="delivery_in_order",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["subscription", "-id"], name="delivery_log"),
            models.Index(fields=["finished_at"], name="delivery_kept", condition=~Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.message_id


class WebhookAttempt(models.Model):
    """One attempt to deliver. Without an outcome it is under way, or its worker was killed."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="log")
    started_at = models.DateTimeField()
    #: The receiver's HTTP status; null where it gave none.
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    #: How its answer began, and why it does not count.
    excerpt = models.TextField(blank=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.started_at}"

    @property
    def outcome(self) -> str:
        """What came of it, in words."""
        if self.milliseconds is None:
            return "No outcome was noted: it is under way, or its worker was ended."
        return self.fault or f"Taken with {self.status}"
