"""No change is skipped, in whatever order transactions end, and none is told twice."""

import os
import random
import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction

from examples.replica import Replica
from partnerships.models import Change, Institution
from partnerships.services.feed import tell_all, telling
from partnerships.services.feed.checking import differences
from tests.factories import InstitutionFactory

from .copies import copy_of, fresh_export

pytestmark = pytest.mark.django_db(transaction=True)


class Late(threading.Thread):
    """A transaction that makes its change, and commits when it is told to."""

    def __init__(self, key: int, rolled_back: bool = False):
        super().__init__()
        self.key, self.rolled_back = key, rolled_back
        self.changed, self.may_end = threading.Event(), threading.Event()
        self.start()
        assert self.changed.wait(10)

    def run(self) -> None:
        try:
            with transaction.atomic():
                Institution.objects.filter(pk=self.key).update(city=f"City {self.key}")
                self.changed.set()
                self.may_end.wait(30)
                transaction.set_rollback(self.rolled_back)
        finally:
            connection.close()

    def end(self) -> None:
        self.may_end.set()
        self.join(10)


def test_a_late_commit_is_told_and_nobody_waits_for_it(live_server, tmp_path):
    late, quick = InstitutionFactory.create_batch(2, visibility="public")
    replica = Replica(live_server.url, str(tmp_path / "copy.sqlite"))
    replica.follow(wait=0)
    held = Late(late.pk)
    Institution.objects.filter(pk=quick.pk).update(city="Quick")
    assert replica.follow(wait=0) == 1, "what is committed is told although something older is not"
    assert tell_all() == 0
    held.end()
    assert replica.follow(wait=0) == 1, "the late one is told behind it"
    assert [row.key for row in Change.objects.order_by("position")][-2:] == [quick.pk, late.pk]
    assert copy_of(replica) == fresh_export(replica)


@pytest.mark.parametrize("seed", range(3))
def test_transactions_that_end_in_any_order(live_server, tmp_path, seed):
    chance = random.Random(seed)
    rows = InstitutionFactory.create_batch(8, visibility="public")
    replica = Replica(live_server.url, str(tmp_path / "copy.sqlite"))
    replica.follow(wait=0)
    before = Change.objects.last_position()
    held = [Late(row.pk, rolled_back=row is rows[0]) for row in rows]
    chance.shuffle(held)
    ended = []
    for transaction_ in held:
        transaction_.end()
        ended.append(transaction_.key)
        if chance.random() < 0.6:
            replica.follow(wait=0)
    replica.follow(wait=0)
    told = list(Change.objects.filter(position__gt=before).values_list("position", "key"))
    assert [position for position, _ in told] == list(range(before + 1, before + len(rows)))
    assert sorted(key for _, key in told) == sorted(set(ended) - {rows[0].pk})
    assert copy_of(replica) == fresh_export(replica)
    assert list(differences()) == []


# --- the teller -------------------------------------------------------------------------------------------


def test_only_one_tells_at_a_time(monkeypatch):
    InstitutionFactory.create_batch(3, visibility="public")
    begun, may_end, settled = threading.Event(), threading.Event(), []
    told = telling._tell

    def slowly(most: int):
        begun.set()
        may_end.wait(10)
        return told(most)

    monkeypatch.setattr(telling, "_tell", slowly)

    def tell() -> None:
        settled.append(telling.tell())
        connection.close()

    first = threading.Thread(target=tell)
    first.start()
    assert begun.wait(10)
    assert telling.tell() == 0, "nobody waits for the one who is telling"
    may_end.set()
    first.join(10)
    assert settled == [3] and Change.objects.last_position() == 3


_KILLED = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from partnerships.models import PendingChange
from partnerships.services.feed import telling
PendingChange.objects.none().__class__.delete = lambda self: os.kill(os.getpid(), signal.SIGKILL)
telling.tell()
"""


def test_a_killed_teller_leaves_everything_to_the_next():
    InstitutionFactory.create_batch(3, visibility="public")
    command = [sys.executable, "-c", _KILLED, connection.settings_dict["NAME"]]
    killed = subprocess.run(
        command, env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}, check=False
    )
    assert killed.returncode == -9
    assert Change.objects.count() == 0
    assert tell_all() == 3
    assert list(differences()) == []
