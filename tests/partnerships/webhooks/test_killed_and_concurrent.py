"""A worker that is killed while it delivers loses nothing; several at once deliver each change once."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from partnerships.models import WebhookDelivery
from partnerships.services.feed import tell_all
from partnerships.services.webhooks import deliver
from tests.factories import AgreementFactory

from .receivers import receiving
from .subscriptions import bodies, due_now, subscribed

pytestmark = pytest.mark.django_db(transaction=True)


def worker() -> subprocess.Popen:
    database = connection.settings_dict
    where = f"host={database['HOST']}&port={database['PORT']}"
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?{where}",
        "SECRET_KEY": settings.SECRET_KEY,
        "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    }
    command = [sys.executable, "manage.py", "deliver_webhooks"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE)


def test_a_killed_worker_leaves_its_deliveries_to_the_next_one():
    """It is killed when the receiver has taken one and holds another: that one comes twice, under one id."""
    held, go_on = threading.Event(), threading.Event()

    def answers(handler, number):
        if number == 1:
            held.set()
            go_on.wait(60)
        return 204

    with receiving(answers) as receiver:
        hook = subscribed(receiver.address)
        for record in AgreementFactory.create_batch(3, published=True):
            type(record).objects.filter(pk=record.pk).update(title="Another")
            tell_all()
        killed = worker()
        assert held.wait(60)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        go_on.set()
        assert hook.deliveries.filter(state="waiting").exists()
        due_now()
        again = worker()
        again.communicate()
        assert again.returncode == 0
    assert not hook.deliveries.exclude(state="delivered").exists()
    ids = Counter(headers["webhook-id"] for headers, _ in receiver.kept)
    assert set(ids) == set(hook.deliveries.values_list("message_id", flat=True))
    assert max(ids.values()) <= 2


def test_several_workers_deliver_each_change_once_and_in_order():
    with receiving() as receiver:
        subscribed(receiver.address)
        records = AgreementFactory.create_batch(5, published=True)
        tell_all()
        for number in range(4):
            for record in records:
                type(record).objects.filter(pk=record.pk).update(title=f"Title {number} of {record.pk}")
            tell_all()

        def job():
            try:
                deliver()
            finally:
                connection.close()

        threads = [threading.Thread(target=job) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not WebhookDelivery.objects.exclude(state="delivered").exists()
    assert WebhookDelivery.objects.count() == len(receiver.kept) == 25
    for record in records:
        titles = [
            body["data"]["changed"]["title"]["after"]
            for body in bodies(receiver)
            if body["data"]["id"] == record.uid and body["type"] == "agreement.updated"
        ]
        assert titles == [f"Title {number} of {record.pk}" for number in range(4)]
