"""Delivered, in order per record, retried for a day; nobody holds up anybody else."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from partnerships.models import WebhookAttempt, WebhookDelivery, WebhookSubscription
from partnerships.querysets.feed import tell_each
from partnerships.services.feed import tell_all
from partnerships.services.publication import withdraw
from partnerships.services.webhooks import (
    attempts,
    deliver,
    replay_dead,
    replay_delivery,
    revise_subscription,
    rotate_secret,
    send_test,
    sending,
    sweep_deliveries,
)
from partnerships.services.webhooks.attempts import claim, settle, wait_after
from partnerships.services.webhooks.handing_out import hand_out_changes
from partnerships.services.webhooks.reading import principal_of
from partnerships.services.webhooks.sending import Outcome
from partnerships.services.webhooks.waiting import keep_delivering
from people.services.tokens import revoke_token
from tests.factories import AgreementFactory, administrator

from .receivers import answering_with, receiving, silence
from .subscriptions import INTERNAL, bearer, bodies, due_now, subscribed, subscribed_with_secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


def change(record, **facts) -> None:
    type(record).objects.filter(pk=record.pk).update(**facts)
    tell_all()


def told(**facts):
    """A public record that the feed tells."""
    record = AgreementFactory(published=True, **facts)
    tell_all()
    return record


def states(hook) -> list[str]:
    return list(hook.deliveries.order_by("pk").values_list("state", flat=True))


def fresh(hook) -> WebhookSubscription:
    hook.refresh_from_db()
    return hook


# --- what arrives --------------------------------------------------------------------------------


def test_what_arrives_is_the_entry_of_the_feed_signed(receiver):
    hook, secret = subscribed_with_secret(receiver.address)
    record = told(title="카이스트")
    change(record, title="KAIST")
    deliver()
    assert states(hook) == ["delivered", "delivered"]
    entries = tell_each([row.change for row in hook.deliveries.order_by("pk")], principal_of(hook))
    for (headers, body), entry, row in zip(
        receiver.kept, entries, hook.deliveries.order_by("pk"), strict=True
    ):
        payload = Webhook(secret).verify(body, headers)
        assert payload["type"] == f"agreement.{entry['kind']}"
        assert payload["data"]["cursor"] == entry["cursor"]
        assert payload["data"]["id"] == record.uid
        assert headers["webhook-id"] == row.message_id
    assert bodies(receiver)[1]["data"]["changed"]["title"] == {"before": "카이스트", "after": "KAIST"}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(receiver.kept[0][1], receiver.kept[1][0])


def test_an_attempt_is_logged():
    with receiving(lambda *_: (200, {}, b"Thank you")) as receiver:
        hook = subscribed(receiver.address)
        told()
        deliver()
    [entry] = WebhookAttempt.objects.filter(delivery__subscription=hook)
    assert (entry.status, entry.excerpt, entry.outcome) == (200, "Thank you", "Taken with 200")
    assert entry.milliseconds is not None


def test_either_secret_signs_while_one_is_replaced(receiver):
    hook, old = subscribed_with_secret(receiver.address)
    new = rotate_secret(subscription=hook, by=administrator())
    told()
    deliver()
    headers, body = receiver.kept[-1]
    assert Webhook(old).verify(body, headers) == Webhook(new).verify(body, headers)
    WebhookSubscription.objects.update(old_secret_until=timezone.now())
    told()
    deliver()
    headers, body = receiver.kept[-1]
    Webhook(new).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_a_secret_is_replaced_at_once_where_it_got_lost(receiver):
    hook, old = subscribed_with_secret(receiver.address)
    rotate_secret(subscription=hook, by=administrator(), overlap=timedelta(0))
    told()
    deliver()
    headers, body = receiver.kept[-1]
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)
    with pytest.raises(ValidationError):
        rotate_secret(subscription=hook, by=administrator(), overlap=timedelta(days=8))


def test_a_secret_of_another_installation_pauses(receiver, settings):
    hook = subscribed(receiver.address)
    told()
    settings.SECRET_KEY = "another"
    deliver()
    assert receiver.kept == []
    assert "SECRET_KEY" in fresh(hook).paused_because


# --- the gate, again -----------------------------------------------------------------------------


def test_what_ceased_to_be_public_is_told_without_its_words(receiver):
    hook = subscribed(receiver.address)
    record = told()
    change(record, title="quetzal")
    hand_out_changes()
    withdraw(agreement=record, by=administrator(), reason="Wrong.")
    deliver()
    assert states(hook) == ["delivered", "delivered"]
    assert b"quetzal" not in b"".join(body for _, body in receiver.kept)


def test_a_token_that_is_revoked_gets_nothing_that_waited(receiver):
    principal = bearer("webhooks", "read:internal")
    hook = subscribed(receiver.address, by=principal)
    told()
    hand_out_changes()
    revoke_token(token=principal.token, by=administrator())
    deliver()
    assert receiver.kept == []
    assert not fresh(hook).active


def test_what_a_reader_may_no_longer_read_is_given_up(receiver):
    hook = subscribed(receiver.address, reads=INTERNAL)
    told(visibility="internal")
    hand_out_changes()
    WebhookSubscription.objects.filter(pk=hook.pk).update(reads="read:public")
    deliver()
    assert receiver.kept == []
    assert states(hook) == ["dead"]
    assert hook.deliveries.get().log.get().fault == attempts.NOTHING_TO_TELL


# --- order and failure ---------------------------------------------------------------------------


def test_a_later_change_of_a_record_waits_for_the_earlier_one():
    """Other records are told meanwhile."""
    refused = {"first": True}

    def answers(handler, number):
        return 500 if refused["first"] and number < 2 else 204

    with receiving(answers) as receiver:
        hook = subscribed(receiver.address)
        record = told(title="One")
        change(record, title="Two")
        deliver()
        assert states(hook) == ["waiting", "waiting"]
        assert len(receiver.kept) == 1
        other = told()
        due_now()
        refused["first"] = False
        deliver()
    ids = [body["data"]["id"] for body in bodies(receiver)]
    kinds = [body["type"] for body in bodies(receiver) if body["data"]["id"] == record.uid]
    assert kinds == ["agreement.created", "agreement.created", "agreement.updated"]
    assert ids.count(other.uid) == 1
    assert states(hook) == ["delivered"] * 3


def test_the_same_message_id_and_bytes_in_every_attempt():
    with receiving(lambda handler, number: 503 if number == 0 else 204) as receiver:
        subscribed(receiver.address)
        told()
        deliver()
        due_now()
        deliver()
    (first, body), (second, again) = receiver.kept
    assert first["webhook-id"] == second["webhook-id"]
    assert body == again


def test_waits_grow_threefold_up_to_four_hours():
    for attempt, seconds in [(1, 5), (2, 15), (4, 135), (9, 14_400), (100, 14_400)]:
        waits = {wait_after(attempt).total_seconds() for _ in range(50)}
        assert all(0.75 * seconds <= wait <= 1.25 * seconds for wait in waits)
        assert len(waits) > 1, "by chance, or all come back at once"
    assert wait_after(1, 120).total_seconds() == 120
    assert wait_after(1, 10**6).total_seconds() == 3600


def failing(hook, *, since: timedelta, status: int = 500) -> None:
    """Make one attempt that fails ``since`` after the first."""
    hand_out_changes()
    due_now()
    [attempt] = claim(hook.pk, 1)
    WebhookDelivery.objects.filter(pk=attempt.delivery_id).update(first_attempt_at=timezone.now() - since)
    settle(attempt, Outcome(status=status, fault=f"The receiver answered {status}"))


def test_after_a_day_a_delivery_is_dead_and_the_next_one_has_its_turn(receiver):
    hook = subscribed(receiver.address)
    record = told()
    change(record, title="Two")
    failing(hook, since=timedelta(hours=23, minutes=59))
    delivery = hook.deliveries.order_by("pk").first()
    assert delivery.next_at <= delivery.first_attempt_at + timedelta(days=1)
    assert states(hook) == ["waiting", "waiting"]
    failing(hook, since=timedelta(days=1))
    assert states(hook) == ["dead", "waiting"]
    due_now()
    deliver()
    assert [body["type"] for body in bodies(receiver)] == ["agreement.updated"]
    assert replay_dead(subscription=hook, by=administrator()) == 1
    deliver()
    assert [body["type"] for body in bodies(receiver)] == ["agreement.updated", "agreement.created"]
    assert states(hook) == ["delivered", "delivered"]


def test_a_delivery_is_replayed_under_its_message_id(receiver):
    hook = subscribed(receiver.address)
    told()
    with pytest.raises(ValidationError):
        hand_out_changes()
        replay_delivery(delivery=hook.deliveries.get(), by=administrator())
    deliver()
    with pytest.raises(PermissionDenied):
        replay_delivery(delivery=hook.deliveries.get(), by=bearer("webhooks"))
    replay_delivery(delivery=hook.deliveries.get(), by=administrator())
    deliver()
    (first, _), (second, _) = receiver.kept
    assert first["webhook-id"] == second["webhook-id"]
    assert hook.deliveries.get().log.count() == 2


def test_a_receiver_that_took_nothing_for_a_day_is_paused_and_nothing_is_lost(receiver):
    hook = subscribed(receiver.address)
    for _ in range(3):
        told()
    failing(hook, since=timedelta(0))
    WebhookSubscription.objects.update(failing_since=timezone.now() - timedelta(days=1), failures=20)
    failing(hook, since=timedelta(0))
    assert not fresh(hook).active
    assert "took nothing since" in hook.paused_because
    told()
    due_now()
    deliver()
    assert receiver.kept == []
    revise_subscription(subscription=hook, by=administrator(), active=True)
    deliver()
    assert len(receiver.kept) == 4
    assert fresh(hook).paused_because == ""
    assert hook.failures == 0


def test_a_receiver_that_is_gone_is_paused_at_once():
    with receiving(lambda *_: 410) as receiver:
        hook = subscribed(receiver.address)
        told()
        deliver()
    assert "410" in fresh(hook).paused_because


def test_a_receiver_that_fails_again_and_again_rests():
    with receiving(lambda *_: 500) as receiver:
        hook = subscribed(receiver.address)
        for _ in range(6):
            told()
        deliver(seconds=3)
        assert len(receiver.kept) <= 5, "not each of six is tried"
        assert fresh(hook).rests_until > timezone.now() - timedelta(seconds=10)


def test_one_success_makes_all_good():
    with receiving(lambda handler, number: 500 if number == 0 else 204) as receiver:
        hook = subscribed(receiver.address)
        told()
        deliver()
        assert fresh(hook).failures == 1
        due_now()
        deliver()
    assert fresh(hook).failures == 0
    assert hook.failing_since is None


def test_a_receiver_that_hangs_holds_up_nobody_else(receiver, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 6)
    with answering_with(silence) as hanging:
        slow = [subscribed(hanging) for _ in range(3)]
        quick = subscribed(receiver.address)
        for _ in range(5):
            told()
        started = time.monotonic()
        arrived = []
        receiver.answers = lambda handler, number: (arrived.append(time.monotonic() - started), 204)[1]
        deliver(seconds=5)
    assert states(quick) == ["delivered"] * 5
    assert max(arrived) < 6, "before any of the slow ones was left"
    assert all(set(states(hook)) == {"waiting"} for hook in slow)


@pytest.mark.django_db(transaction=True)
def test_a_worker_goes_on_until_it_is_asked_to_stop(receiver, monkeypatch):
    """An attempt under way is brought to its end."""
    stop = threading.Event()
    receiver.answers = lambda handler, number: (stop.set(), 204)[1]
    hook = subscribed(receiver.address)
    record = told()
    change(record, title="Two")
    keep_delivering(stop)
    assert states(hook) == ["delivered", "waiting"]


# --- workers that die, and several of them -------------------------------------------------------


def test_what_a_dead_worker_claimed_is_taken_up_again(receiver):
    hook = subscribed(receiver.address)
    told()
    hand_out_changes()
    [lost] = claim(hook.pk, 4)
    assert claim(hook.pk, 4) == []
    deliver()
    assert receiver.kept == []
    due_now()
    deliver()
    assert states(hook) == ["delivered"]
    assert receiver.kept[0][0]["webhook-id"] == lost.headers["webhook-id"]
    # The worker was not dead, only slow: what it brings now changes nothing.
    settle(lost, Outcome(fault="The receiver did not answer in time"))
    assert states(hook) == ["delivered"]


def test_what_was_finished_long_ago_is_forgotten(receiver):
    hook = subscribed(receiver.address)
    for _ in range(2):
        told()
    deliver()
    old = hook.deliveries.first()
    WebhookDelivery.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=31))
    told()
    hand_out_changes()
    assert sweep_deliveries() == 0
    assert states(hook) == ["delivered", "waiting"]


def test_a_test_says_what_came_of_it(receiver):
    hook, secret = subscribed_with_secret(receiver.address)
    assert send_test(subscription=hook, by=administrator()).status == 204
    headers, body = receiver.kept[0]
    assert Webhook(secret).verify(body, headers)["type"] == "webhook.test"
    assert not hook.deliveries.exists()
    with pytest.raises(PermissionDenied):
        send_test(subscription=hook, by=bearer("webhooks"))
