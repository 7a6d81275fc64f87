"""A storm of writes while the server is killed: what was acknowledged stands, and no key is applied twice.

    ENTENTE_STORM=120 .venv/bin/python -m pytest -q -s tests/partnerships/api/test_storm.py

writes for so many seconds and prints what happened.
"""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.processes import free_port
from partnerships.models import Agreement, AgreementIdentifier, KeptAnswer
from people.services.tokens import issue_token
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = int(os.environ.get("ENTENTE_STORM") or 6)
PROCESSES, THREADS = 2, 4


def environment() -> dict[str, str]:
    database = connection.settings_dict
    where = f"host={database['HOST']}&port={database['PORT']}"
    return os.environ | {
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?{where}",
        "WEB_CONCURRENCY": "3",
        "WEB_THREADS": "4",
        "LOG_LEVEL": "ERROR",
    }


class Server:
    """Gunicorn as operators run it, with all its processes in one group."""

    def __init__(self):
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"]
        command += ["--bind", f"127.0.0.1:{self.port}", "config.wsgi:application"]
        self.process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment(), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            assert self.process.poll() is None, "the server did not start"
            time.sleep(0.05)

    def workers(self) -> list[int]:
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
        return [int(word) for word in found.stdout.split()]

    def kill_worker(self, chance: random.Random) -> bool:
        workers = self.workers()
        with contextlib.suppress(ProcessLookupError):
            if workers:
                os.kill(chance.choice(workers), signal.SIGKILL)
                return True
        return False

    def kill(self) -> None:
        """Kill all of it: what its processes were at ends in the middle."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server():
    server = Server()
    server.start()
    yield server
    server.kill()


def torment(server: Server, seconds: float) -> Counter:
    """Kill a process of the server again and again, and all of them now and then.

    A machine that is slow gets the time to do something between two of them.
    """
    chance, kills = random.Random(7), Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until or not (kills["workers"] and kills["servers"]):
        wait_for(chance.randint(3, 25), min(until, time.monotonic() + 5))
        if kills["workers"] > 9 * kills["servers"] or time.monotonic() > until - 2:
            server.kill()
            kills["servers"] += 1
            server.start()
        else:
            kills["workers"] += server.kill_worker(chance)
    return kills


def wait_for(writes: int, until: float) -> None:
    """Wait until so many further writes have taken effect, but not longer than ``until``."""
    target = KeptAnswer.objects.count() + writes
    time.sleep(0.2)
    while time.monotonic() < until and KeptAnswer.objects.count() < target:
        time.sleep(0.05)


def test_no_acknowledged_write_is_lost_and_no_key_applied_twice(server):
    shared = AgreementFactory.create_batch(5)
    _, secret = issue_token(name="storm", scopes=["write:agreements"])
    told = {"token": secret, "addresses": [f"/api/v1/agreements/{row.uid}/" for row in shared]}
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.storming", str(server.port), str(SECONDS), str(seed), str(THREADS)],
            cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for seed in range(PROCESSES)
    ]  # fmt: skip
    outputs: list[str] = []
    readers = [
        threading.Thread(target=lambda one=one: outputs.append(one.communicate(json.dumps(told))[0]))
        for one in clients
    ]
    for reader in readers:
        reader.start()
    kills = torment(server, SECONDS)
    for reader in readers:
        reader.join()
    done = [json.loads(line) for output in outputs for line in output.splitlines()]

    acknowledged = [one for one in done if 200 <= one["status"] < 300]
    report(done, acknowledged, kills)
    assert len(acknowledged) == len(done), [one for one in done if not 200 <= one["status"] < 300][:5]
    assert kills["workers"]
    assert kills["servers"]
    assert applied_once(acknowledged) == len(acknowledged)


def applied_once(acknowledged: list[dict]) -> int:
    """Count the acknowledged writes that stand, each exactly once; complain about every other one."""
    titles = Counter(Agreement.objects.filter(title__startswith="posted ").values_list("title", flat=True))
    assert set(titles.values()) == {1}, "a creation was applied twice"
    names = AgreementIdentifier.objects.filter(system="storm").values_list("value", flat=True)
    assert len(names) == len(set(names)) == Agreement.objects.filter(title__startswith="put ").count()
    # Several write the same records: an old change that was applied again would come back over a newer one.
    written = Counter(summaries())
    assert set(written.values()) == {1}, "a change was applied twice"
    kept = set(KeptAnswer.objects.values_list("key", flat=True))
    standing = 0
    for one in acknowledged:
        mark = one["mark"]
        there = titles[f"posted {mark}"] if one["method"] == "POST" else written[mark]
        assert (there, one["key"] in kept) == (1, True), f"lost: {one}"
        standing += there
    return standing


def summaries() -> list[str]:
    """Every summary that was ever written, as often as it was."""
    history = Agreement._meta.get_field("history").related_model.objects
    events = history.order_by("pgh_obj", "pgh_id").values_list("pgh_obj", "summary")
    found, before = [], (None, "")
    for event in events:
        if event != before and event[1]:
            found.append(event[1])
        before = event
    return found


def report(done: list[dict], acknowledged: list[dict], kills: Counter) -> None:
    """What happened, for whoever runs a long one."""
    slow = sorted(one.get("seconds", 0) for one in done)
    sys.stdout.write(
        f"\n{SECONDS} s, {PROCESSES * THREADS} writers: "
        f"{len(done)} writes, {len(acknowledged)} acknowledged, "
        f"{sum(one['tries'] - 1 for one in done)} sent again, "
        f"{sum(one.get('replayed', False) for one in done)} answered from what was kept; "
        f"{kills['workers']} workers and {kills['servers']} whole servers killed; "
        f"median {slow[len(slow) // 2]:.2f} s, longest {slow[-1]:.1f} s\n"
    )
