"""Entries of the feed as a test needs them."""

from django.utils import timezone

from partnerships.models import Change, WebhookDelivery, WebhookSubscription
from partnerships.services.feed import tell_all
from partnerships.services.webhooks import deliver, subscribe
from people.models import Scope
from tests.factories import administrator

PUBLIC, INTERNAL = Scope.READ_PUBLIC.value, Scope.READ_INTERNAL.value


def subscribed(address: str = "https://example.org/hook", **facts) -> WebhookSubscription:
    """A subscription of staff to what is public."""
    return subscribed_with_secret(address, **facts)[0]


def subscribed_with_secret(address: str, **facts) -> tuple[WebhookSubscription, str]:
    usual = {"name": "CRIS", "resources": ["agreements"], "reads": PUBLIC}
    by = facts.pop("by", None) or administrator()
    return subscribe(by=by, address=address, **{**usual, **facts})
