"""What is said of webhooks, and what is taken: a subscription, its deliveries, their attempts."""

from rest_framework import serializers

from partnerships.api.fields import UrlField
from partnerships.api.writing.fields import StrictSerializer
from partnerships.choices import DeliveryState
from partnerships.models import WebhookSubscription
from partnerships.querysets.feed import RESOURCES, cursor_of

_MOST_HOURS = 168
#: By name, so that the description of the API has one list of them.
RESOURCE_CHOICES = [(name, name) for name in RESOURCES]
_FILTER = (
    "The query string of the list of the one resource, for example `country=KR&type=exchange`; "
    "empty for every record."
)


def _length(name: str) -> int:
    return WebhookSubscription._meta.get_field(name).max_length


class WebhookSerializer(serializers.Serializer):
    """A subscription. Its secret is shown when it is made or replaced, and never again."""

    id = serializers.CharField(source="uid")
    url = UrlField("api:webhook-detail")
    name = serializers.CharField()
    address = serializers.CharField(help_text="Where deliveries are posted.")
    resources = serializers.ListField(child=serializers.ChoiceField(RESOURCE_CHOICES))
    filter = serializers.CharField(source="question", allow_blank=True, help_text=_FILTER)
    active = serializers.BooleanField(help_text="Changes wait for it while it is not.")
    paused_because = serializers.CharField(
        allow_blank=True, help_text="Why the registry paused it; empty otherwise."
    )
    failures = serializers.IntegerField(help_text="Attempts in a row of which none was taken.")
    failing_since = serializers.DateTimeField(allow_null=True)
    waiting = serializers.IntegerField(help_text="Deliveries that wait.")
    dead = serializers.IntegerField(help_text="Deliveries that were given up.")
    old_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until when the secret before the present one signs as well."
    )
    created_at = serializers.DateTimeField()


class NewWebhookSerializer(WebhookSerializer):
    """A subscription that was just made."""

    secret = serializers.CharField(help_text="Keep it: it is not shown again.")


class AttemptSerializer(serializers.Serializer):
    """One attempt to deliver."""

    started_at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="The receiver's HTTP status.")
    milliseconds = serializers.IntegerField(allow_null=True)
    excerpt = serializers.CharField(allow_blank=True, help_text="How the receiver's answer began.")
    outcome = serializers.CharField()


class DeliverySerializer(serializers.Serializer):
    """A change that a subscription is told, or was."""

    id = serializers.CharField(source="message_id", help_text="The header `webhook-id`.")
    type = serializers.CharField()
    cursor = serializers.SerializerMethodField(help_text="That of the entry of the change feed.")
    record = serializers.CharField(source="change.uid")
    state = serializers.ChoiceField(DeliveryState.choices)
    created_at = serializers.DateTimeField()
    next_at = serializers.SerializerMethodField(help_text="Not before this; null where it waits no more.")
    finished_at = serializers.DateTimeField(allow_null=True)
    attempts = AttemptSerializer(source="log", many=True)

    def get_cursor(self, delivery) -> str:
        return cursor_of(delivery.change)

    def get_next_at(self, delivery) -> str | None:
        if delivery.finished_at:
            return None
        return serializers.DateTimeField().to_representation(delivery.next_at)


class TestOutcomeSerializer(serializers.Serializer):
    """What came of a test."""

    taken = serializers.BooleanField()
    status = serializers.IntegerField(allow_null=True)
    milliseconds = serializers.IntegerField()
    excerpt = serializers.CharField(allow_blank=True)
    fault = serializers.CharField(
        allow_blank=True, help_text="Why it does not count; empty where it was taken."
    )


class RotatedSerializer(serializers.Serializer):
    """Another secret."""

    secret = serializers.CharField(help_text="Keep it: it is not shown again.")
    old_secret_until = serializers.DateTimeField(allow_null=True)


class WebhookInput(StrictSerializer):
    """A webhook to be made."""

    name = serializers.CharField(max_length=_length("name"))
    address = serializers.CharField(max_length=_length("address"))
    resources = serializers.ListField(
        child=serializers.ChoiceField(RESOURCE_CHOICES), min_length=1, max_length=len(RESOURCES)
    )
    filter = serializers.CharField(
        max_length=_length("question"), required=False, allow_blank=True, help_text=_FILTER
    )
    after = serializers.CharField(
        max_length=100,
        required=False,
        help_text="A cursor of the change feed or of a snapshot; it is told what came later. Left out: now.",
    )


class WebhookChangeInput(StrictSerializer):
    """Resources and filter stay as they are: make another webhook instead."""

    name = serializers.CharField(max_length=_length("name"), required=False)
    address = serializers.CharField(max_length=_length("address"), required=False)
    active = serializers.BooleanField(required=False, help_text="False pauses it, true lets it go on.")


class RotateInput(StrictSerializer):
    """How a secret is replaced."""

    overlap_hours = serializers.IntegerField(
        min_value=0,
        max_value=_MOST_HOURS,
        default=24,
        help_text="For so long the old secret signs as well; 0 where it got lost.",
    )


class NothingInput(StrictSerializer):
    """Nothing needs to be said."""
