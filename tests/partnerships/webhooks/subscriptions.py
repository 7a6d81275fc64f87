"""Subscriptions and deliveries as a test needs them."""

import json

from django.utils import timezone

from partnerships.models import WebhookDelivery, WebhookSubscription
from partnerships.services.feed import tell_all
from partnerships.services.webhooks import subscribe
from partnerships.services.webhooks.handing_out import hand_out_changes
from people.models import Scope
from people.principals import TokenPrincipal
from people.services.tokens import issue_token
from tests.factories import administrator

PUBLIC, INTERNAL = Scope.READ_PUBLIC.value, Scope.READ_INTERNAL.value
NOWHERE = "https://example.org/hook"


def subscribed(address: str = NOWHERE, **facts) -> WebhookSubscription:
    """A subscription that staff made, to public agreements unless something else is said."""
    return subscribed_with_secret(address, **facts)[0]


def subscribed_with_secret(address: str = NOWHERE, **facts) -> tuple[WebhookSubscription, str]:
    by = facts.pop("by", None) or administrator()
    facts.setdefault("resources", ["agreements"])
    if not isinstance(by, TokenPrincipal):
        facts.setdefault("reads", PUBLIC)
    return subscribe(by=by, name="CRIS", address=address, **facts)


def bearer(*scopes: str, **facts) -> TokenPrincipal:
    """The principal of a token."""
    token, _ = issue_token(name="-".join(scopes) + str(timezone.now()), scopes=list(scopes), **facts)
    return TokenPrincipal(token)


def handed_out(subscription: WebhookSubscription) -> list[str]:
    """The types of what was handed out to ``subscription``, the oldest first; what waits is told before."""
    tell_all()
    hand_out_changes()
    rows = WebhookDelivery.objects.filter(subscription=subscription)
    return list(rows.order_by("pk").values_list("type", flat=True))


def due_now() -> None:
    """Let the time pass for which deliveries and subscriptions wait."""
    past = timezone.now() - timezone.timedelta(seconds=1)
    WebhookDelivery.objects.filter(state="waiting").update(next_at=past)
    WebhookSubscription.objects.update(rests_until=None)


def bodies(receiver) -> list[dict]:
    """What a receiver was sent."""
    return [json.loads(body) for _, body in receiver.kept]
