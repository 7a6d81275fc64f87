"""The example receiver takes what we send, and nothing else; the documentation says what it does."""

import re
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from examples import webhook_receiver
from partnerships.services.feed import tell_all
from partnerships.services.webhooks import (
    deliver,
    handing_out,
    replay_delivery,
    rotate_secret,
    send_test,
    sending,
)
from partnerships.services.webhooks.signing import signed_headers
from tests.factories import AgreementFactory, administrator

from .subscriptions import subscribed_with_secret

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[3] / "docs" / "integrators" / "webhooks.md"


@pytest.fixture
def server(tmp_path):
    with webhook_receiver.Server(0, str(tmp_path / "told.sqlite")) as one:
        threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield one
        one.shutdown()


@pytest.fixture
def hook(server, monkeypatch):
    row, secret = subscribed_with_secret(f"http://127.0.0.1:{server.server_address[1]}/")
    monkeypatch.setattr(webhook_receiver, "SECRETS", [secret])
    return row


def kept(server) -> list[tuple]:
    with sqlite3.connect(server.file) as db:
        return db.execute("SELECT type, record FROM told").fetchall()


def test_what_arrives_is_kept_once(server, hook):
    record = AgreementFactory(published=True)
    tell_all()
    deliver()
    replay_delivery(delivery=hook.deliveries.get(), by=administrator())
    deliver()
    assert hook.deliveries.get().log.count() == 2
    assert kept(server) == [("agreement.created", record.uid)]


def test_what_another_secret_signs_is_refused(server, hook):
    rotate_secret(subscription=hook, by=administrator())
    assert send_test(subscription=hook, by=administrator()).status == 204, "both sign for a day"
    hook.refresh_from_db()
    hook.old_secret_until = hook.created_at
    hook.save()
    assert send_test(subscription=hook, by=administrator()).status == 401
    assert kept(server) == [("webhook.test", None)]


@pytest.mark.parametrize("age, signed", [(0, True), (299, True), (301, False), (-301, False)])
def test_a_recording_is_refused(age, signed):
    body, secret, now = b"{}", "whsec_" + "A" * 32, time.time()
    headers = signed_headers(secrets=[secret], message_id="msg_1", timestamp=int(now) - age, body=body)
    assert webhook_receiver.is_signed(headers, body, [secret], int(now)) is signed
    assert not webhook_receiver.is_signed(headers, b"[]", [secret], int(now))
    assert not webhook_receiver.is_signed(headers | {"webhook-id": "msg_2"}, body, [secret], int(now))
    assert not webhook_receiver.is_signed({}, body, [secret], int(now))


def test_the_page_tells_every_type_and_true_numbers():
    text = PAGE.read_text()
    words = {"created", "updated", "withdrawn", "merged", handing_out.ENTERED, handing_out.LEFT, "test"}
    assert set(re.findall(r"^\| `[\w-]+\.(\w+)`", text, re.M)) == words
    assert f"within {sending.WHOLE_SECONDS} seconds" in text
    assert all(noun in text for noun in handing_out.NOUNS.values())
