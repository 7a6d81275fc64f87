"""Deliveries sent once more, tests, and what is forgotten after a while."""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from partnerships.choices import DeliveryState
from partnerships.models import WebhookDelivery, WebhookSubscription
from people.transactions import one_transaction

from .messages import body_of, secrets_of
from .secrets import Unreadable
from .sending import Outcome, send
from .signing import signed_headers
from .subscribing import require_may_manage

#: For so long finished deliveries and their attempts are kept.
KEPT = timedelta(days=30)
NOT_FINISHED = "not_finished"
_SWEPT = 5000


@one_transaction
def replay_delivery(*, delivery: WebhookDelivery, by) -> WebhookDelivery:
    """Have a delivery, dead or done, sent once more under the same message id.

    Raises:
        PermissionDenied: ``by`` does not look after the subscription.
        ValidationError: it still waits (``NOT_FINISHED``).
    """
    require_may_manage(delivery.subscription, by)
    if not _again(WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.WAITING)):
        raise ValidationError("This delivery still waits for its turn.", code=NOT_FINISHED)
    delivery.refresh_from_db()
    return delivery


@one_transaction
def replay_dead(*, subscription: WebhookSubscription, by) -> int:
    """Have all dead deliveries of a subscription sent once more; return how many those are.

    Raises:
        PermissionDenied: ``by`` does not look after the subscription.
    """
    require_may_manage(subscription, by)
    return _again(subscription.deliveries.filter(state=DeliveryState.DEAD))


def _again(rows) -> int:
    facts = {"attempts": 0, "first_attempt_at": None, "finished_at": None}
    return rows.update(state=DeliveryState.WAITING, next_at=timezone.now(), **facts)


def send_test(*, subscription: WebhookSubscription, by) -> Outcome:
    """Send a delivery of the type ``webhook.test`` at once, and return what came of it.

    It tells of no change and stands in no log; nothing is attempted a second time.

    Raises:
        PermissionDenied: ``by`` does not look after the subscription.
    """
    require_may_manage(subscription, by)
    now = timezone.now()
    try:
        signing = secrets_of(subscription, now)
    except Unreadable:
        return Outcome(fault="Its secret was kept under another SECRET_KEY: rotate it")
    body = body_of("webhook.test", now, {"webhook": subscription.uid})
    message_id = f"msg_test_{secrets.token_hex(8)}"
    headers = signed_headers(
        secrets=signing, message_id=message_id, timestamp=int(now.timestamp()), body=body
    )
    return send(subscription.address, headers, body)


def sweep_deliveries() -> int:
    """Forget deliveries that were finished long ago; return how many jobs that handed over: none."""
    old = WebhookDelivery.objects.exclude(state=DeliveryState.WAITING)
    keys = old.filter(finished_at__lt=timezone.now() - KEPT).order_by("finished_at").values("pk")[:_SWEPT]
    WebhookDelivery.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).delete()
    return 0
