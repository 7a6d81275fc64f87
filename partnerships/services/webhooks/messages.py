"""What is sent: the entry of the feed, as the reader of the subscription reads it at this moment.

Nothing of it is stored. Each attempt makes the same bytes anew from the feed, unless the gate closed
meanwhile: then they say less.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from rest_framework.utils.encoders import JSONEncoder

from partnerships.models import WebhookDelivery, WebhookSubscription
from partnerships.querysets.feed import cursor_of, tell_each

from .secrets import opened


def bodies_of(deliveries: Iterable[WebhookDelivery], principal) -> dict[int, bytes]:
    """Return what to send, by the deliveries' keys; nothing for those that say nothing to ``principal``."""
    deliveries = list(deliveries)
    told = {entry["cursor"]: entry for entry in tell_each([row.change for row in deliveries], principal)}
    return {
        row.pk: body_of(row.type, row.change.told_at, told[cursor])
        for row in deliveries
        if (cursor := cursor_of(row.change)) in told
    }


def body_of(type_: str, moment: datetime, data: dict) -> bytes:
    """Return the bytes of a payload of the Standard Webhooks."""
    payload = {"type": type_, "timestamp": moment, "data": data}
    return json.dumps(payload, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()


def secrets_of(subscription: WebhookSubscription, now: datetime) -> list[str]:
    """Return the secrets that sign at ``now``, the newest first.

    Raises:
        Unreadable: the newest was kept under another ``SECRET_KEY``.
    """
    kept = [subscription.secret]
    if subscription.old_secret_until and now < subscription.old_secret_until:
        kept.append(subscription.old_secret)
    return [opened(text) for text in kept]
