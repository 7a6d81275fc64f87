"""Several processes of gunicorn on one database: a limit is one limit, and revoking needs no waiting."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from people.models import Allowance
from people.services.limits import WINDOW
from people.services.tokens import issue_token, revoke_token, rotate_token
from tests.config.conftest import BASE, operator_environment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(data_dir):
    """The address of gunicorn with three processes, on the database of the test, with rate limits."""
    told = connection.settings_dict
    environment = operator_environment(
        data_dir, DATABASE_URL=f"postgres:///{told['NAME']}", PGHOST=told["HOST"], PGPORT=str(told["PORT"]),
        PGUSER=told["USER"], PGPASSWORD=told["PASSWORD"], SECRET_KEY=settings.SECRET_KEY,
        LOG_LEVEL="CRITICAL", WEB_CONCURRENCY="3", RATE_LIMIT_ANONYMOUS="10",
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", address]
    process = subprocess.Popen(
        [*command, "config.wsgi:application"], cwd=BASE, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(40)


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _ in range(600):
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


def asked(address: str, **headers: str):
    try:
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30)  # noqa: S310
    except urllib.error.HTTPError as error:
        return error


def bearing(address: str, secret: str) -> int:
    return asked(f"{address}/api/v1/token/", Authorization=f"Bearer {secret}").status


def test_processes_share_limits_and_remember_no_token(server):
    # Each process opens its connections, so that the fifty meet in the database and nowhere before.
    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(lambda _: asked(f"{server}/readyz").status, range(36))) <= {200, 503}
        Allowance.objects.all().delete()
        began = time.monotonic()
        forged = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(50)]
        answers = list(pool.map(lambda headers: asked(f"{server}/api/v1/countries/", **headers), forged))
        took = time.monotonic() - began
    told = Counter(answer.status for answer in answers)
    assert set(told) == {200, 429}
    assert 10 <= told[200] <= 10 + took / (WINDOW / 10), "what comes back meanwhile may be used"
    assert all(answer.headers["Retry-After"] for answer in answers if answer.status == 429)

    token, first = issue_token(name="System", scopes=["read:public"])
    assert {bearing(server, first) for _ in range(6)} == {200}
    second = rotate_token(token=token, old_works_until=timezone.now() + timedelta(hours=1))
    assert {bearing(server, secret) for secret in (first, second) * 3} == {200}
    rotate_token(token=token, old_works_until=timezone.now())
    Allowance.objects.all().delete()
    assert {bearing(server, secret) for secret in (first, second) * 2} == {401}
    _, other = issue_token(name="Other", scopes=["read:public"])
    assert {bearing(server, other) for _ in range(6)} == {200}
    Allowance.objects.all().delete()
    revoke_token(token=type(token).objects.get(name="Other"))
    assert {bearing(server, other) for _ in range(6)} == {401}, "in every process, from the next request on"

    Allowance.objects.all().delete()
    assert asked(f"{server}/api/v1/token/", Authorization="Bearer " + "x" * 100_000).status in {400, 431}
    assert asked(f"{server}/api/v1/token/", Authorization="Bearer " + "x" * 7_000).status == 401
    with socket.create_connection(("127.0.0.1", int(server.rpartition(":")[2])), timeout=20) as raw:
        raw.sendall(
            b"GET /api/v1/token/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ent_\x00\r\n\r\n"
        )
        assert raw.recv(65536).startswith((b"HTTP/1.1 400", b"HTTP/1.1 401"))
