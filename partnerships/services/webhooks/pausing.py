"""Subscriptions that the registry itself pauses, and tells the people who look after them."""

import logging

from partnerships.models import WebhookSubscription
from people.history import acting

NO_ACCESS = "Its token expired, was revoked or lost the scope “webhooks”."
GONE = "The receiver answered that it is gone (410)."
UNREADABLE = "Its secret was kept under another SECRET_KEY: rotate it."

logger = logging.getLogger("entente.webhooks")


def pause(subscription: WebhookSubscription, why: str) -> None:
    """Pause a subscription, of which the caller holds the lock; what waits for it stays."""
    subscription.active, subscription.paused_because = False, why[:300]
    with acting(reason=f"webhook paused: {why}"):
        subscription.save(update_fields=["active", "paused_because"])
    logger.warning("webhook %s paused: %s", subscription.uid, why)
