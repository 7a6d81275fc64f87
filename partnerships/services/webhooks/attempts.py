"""One attempt to deliver: claimed, and settled by what came of it."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from partnerships.choices import DeliveryState
from partnerships.models import WebhookAttempt, WebhookDelivery, WebhookSubscription

from .messages import bodies_of, secrets_of
from .pausing import GONE, NO_ACCESS, UNREADABLE, pause
from .reading import principal_of
from .secrets import Unreadable
from .sending import Outcome
from .signing import signed_headers

#: Longer than any attempt takes (a look-up of 5 seconds, 15 for the rest): who is silent by then is dead.
LEASE = timedelta(seconds=60)
#: For so long a delivery is attempted, from its first attempt on; after so long without any success a
#: subscription is paused.
TRIED_FOR = timedelta(days=1)
#: Seconds until the second attempt; each further wait is three times as long, up to the longest.
_FIRST_WAIT, _LONGEST_WAIT = 5, 4 * 3600
#: The longest that a receiver may ask us to wait, in seconds.
_LONGEST_ASKED = 3600
#: After so many failures in a row a subscription rests between attempts, up to so many seconds.
_RESTS_AFTER, _LONGEST_REST = 3, 300
#: A receiver that failed less often than this is not paused, however long it is ago that it took something.
_PAUSED_AFTER = 10
NOTHING_TO_TELL = "Not sent: it says nothing to this reader any more."


@dataclass(frozen=True)
class Attempt:
    """An attempt that is to be made.

    Args:
        number: the how manieth it is; another number in the database says that it was taken for lost.
    """

    subscription_id: int
    delivery_id: int
    number: int
    log_id: int
    address: str
    headers: dict[str, str]
    body: bytes


def claim(subscription_id: int, most: int) -> list[Attempt]:
    """Claim up to ``most`` due deliveries of a subscription; nobody else attempts them meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        rows = WebhookSubscription.objects.select_related("token__office", "office")
        subscription = rows.filter(pk=subscription_id, active=True).first()
        if subscription is None:
            return []
        principal = principal_of(subscription)
        try:
            secrets = secrets_of(subscription, now)
        except Unreadable:
            secrets = []
        if principal is None or not secrets:
            locked = WebhookSubscription.objects.select_for_update().get(pk=subscription_id)
            pause(locked, UNREADABLE if principal else NO_ACCESS)
            return []
        due = WebhookDelivery.objects.due(now).filter(subscription=subscription).order_by("pk")
        found = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("change")[:most])
        bodies = bodies_of(found, principal)
        for delivery in found:
            if delivery.pk not in bodies:
                _give_up(delivery, now, NOTHING_TO_TELL)
        return [
            _begin(delivery, bodies[delivery.pk], subscription, secrets, now)
            for delivery in found
            if delivery.pk in bodies
        ]


def settle(attempt: Attempt, outcome: Outcome) -> None:
    """Note what came of an attempt, and when the next one is due if it was not taken."""
    now = timezone.now()
    with transaction.atomic():
        subscription = (
            WebhookSubscription.objects.select_for_update().filter(pk=attempt.subscription_id).first()
        )
        if subscription is None:
            return
        WebhookAttempt.objects.filter(pk=attempt.log_id).update(
            status=outcome.status,
            milliseconds=outcome.milliseconds,
            excerpt=outcome.excerpt,
            fault=outcome.fault[:300],
        )
        delivery = (
            WebhookDelivery.objects.select_for_update()
            .filter(pk=attempt.delivery_id, attempts=attempt.number, state=DeliveryState.WAITING)
            .first()
        )
        if delivery is not None and outcome.taken:
            _finish(delivery, DeliveryState.DELIVERED, now)
        elif delivery is not None:
            _try_later(delivery, outcome, now)
        _judge(subscription, outcome, now)


def _begin(
    delivery: WebhookDelivery,
    body: bytes,
    subscription: WebhookSubscription,
    secrets: list[str],
    now: datetime,
) -> Attempt:
    delivery.attempts += 1
    delivery.first_attempt_at = delivery.first_attempt_at or now
    delivery.next_at = now + LEASE
    delivery.save(update_fields=["attempts", "first_attempt_at", "next_at"])
    entry = WebhookAttempt.objects.create(delivery=delivery, started_at=now)
    headers = signed_headers(
        secrets=secrets,
        message_id=delivery.message_id,
        timestamp=int(now.timestamp()),
        body=body,
    )
    return Attempt(
        subscription.pk, delivery.pk, delivery.attempts, entry.pk, subscription.address, headers, body
    )


def _give_up(delivery: WebhookDelivery, now: datetime, why: str) -> None:
    WebhookAttempt.objects.create(delivery=delivery, started_at=now, milliseconds=0, fault=why)
    _finish(delivery, DeliveryState.DEAD, now)


def _finish(delivery: WebhookDelivery, state: str, now: datetime) -> None:
    delivery.state, delivery.finished_at = state, now
    delivery.save(update_fields=["state", "finished_at"])


def _try_later(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    ends_at = delivery.first_attempt_at + TRIED_FOR
    if now >= ends_at:
        _finish(delivery, DeliveryState.DEAD, now)
        return
    # The last attempt falls on the end of the day, not before.
    delivery.next_at = min(now + wait_after(delivery.attempts, outcome.retry_after), ends_at)
    delivery.save(update_fields=["next_at"])


def wait_after(attempts: int, asked: int | None = None) -> timedelta:
    """Return how long to wait after ``attempts`` in vain: about 5 s, 15 s, 45 s … 4 h, a little by chance.

    Args:
        asked: seconds for which the receiver asks; they count where they are more, up to an hour.
    """
    seconds = min(_FIRST_WAIT * 3 ** min(attempts - 1, 20), _LONGEST_WAIT) * random.uniform(0.75, 1.25)  # noqa: S311
    return timedelta(seconds=max(seconds, min(asked or 0, _LONGEST_ASKED)))


def _judge(subscription: WebhookSubscription, outcome: Outcome, now: datetime) -> None:
    """Let a subscription whose receiver fails rest, or pause; one success makes all good."""
    if outcome.taken:
        if subscription.failures:
            subscription.failures, subscription.failing_since, subscription.rests_until = 0, None, None
            subscription.save(update_fields=["failures", "failing_since", "rests_until"])
        return
    subscription.failures += 1
    subscription.failing_since = subscription.failing_since or now
    over = subscription.failures - _RESTS_AFTER
    if over >= 0:
        rest = min(2 ** min(over + 1, 20), _LONGEST_REST)
        subscription.rests_until = now + timedelta(seconds=rest)
    subscription.save(update_fields=["failures", "failing_since", "rests_until"])
    if not subscription.active:
        return
    if outcome.status == 410:
        pause(subscription, GONE)
    elif subscription.failures >= _PAUSED_AFTER and now - subscription.failing_since >= TRIED_FOR:
        since = f"{subscription.failing_since:%Y-%m-%d %H:%M} UTC"
        pause(subscription, f"Its receiver took nothing since {since}: {outcome.fault}.")
