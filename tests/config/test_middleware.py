"""Request ids, the log line, the content policies, the context of history."""

import json
import logging

import pghistory
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.logs import JsonFormatter
from config.middleware import HistoryContextMiddleware


def test_a_sane_request_id_is_kept(client) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "abc-DEF_123.4"})
    assert response["X-Request-ID"] == "abc-DEF_123.4"


@pytest.mark.parametrize("sent", ["", "short", "a b c d e f g h", 'evil"}\n{"x', "x" * 65])
def test_any_other_request_id_is_replaced(client, sent: str) -> None:
    got = client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"]
    assert got != sent
    assert len(got) == 32


def test_one_log_line_a_request(client, caplog) -> None:
    caplog.set_level(logging.INFO, logger="entente.request")
    client.get("/healthz?q=private", headers={"X-Request-ID": "request-1"})
    [record] = [record for record in caplog.records if record.name == "entente.request"]
    line = json.loads(JsonFormatter().format(record))
    assert line["method"] == "GET"
    assert line["path"] == "/healthz"
    assert line["status"] == 200
    assert line["user_id"] is None
    assert line["duration_ms"] >= 0
    assert "private" not in json.dumps(line)


def test_log_lines_stay_one_line_each() -> None:
    record = logging.makeLogRecord({"msg": "two\nlines", "levelname": "INFO", "name": "x", "한": "국"})
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines"


def test_public_pages_allow_nothing_inline(client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_only_the_admin_may_evaluate(client) -> None:
    policy = client.get("/admin/login/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "default-src 'self'" in policy


@pytest.mark.parametrize(("method", "expected"), [("post", True), ("delete", True), ("get", False)])
def test_history_knows_the_request_of_what_is_written(method: str, expected: bool) -> None:
    seen = {}

    def view(request) -> HttpResponse:
        tracker = getattr(pghistory.runtime._tracker, "value", None)
        pghistory.context(token="import")
        seen.update(tracker.metadata if tracker else {})
        return HttpResponse()

    request = getattr(RequestFactory(), method)("/api/v1/agreements/")
    request.request_id = "request-1"
    HistoryContextMiddleware(view)(request)
    wanted = {"user": None, "url": "/api/v1/agreements/", "request_id": "request-1", "token": "import"}
    assert seen == (wanted if expected else {})
