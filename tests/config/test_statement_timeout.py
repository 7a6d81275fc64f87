"""What takes too long is a 503 with advice; who needs longer gets longer; commands are left alone."""

import threading
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.db.models import FloatField, Func, Value
from django.http import HttpResponse
from django.test import Client

from config.middleware import StatementTimeoutMiddleware
from partnerships.models import Event
from people.statements import limit_from_now_on, patience, took_too_long
from tests.factories import EventFactory, make_public

pytestmark = pytest.mark.django_db(transaction=True)


def timeout_in_force() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


@pytest.fixture
def limited():
    """The connection of this thread as a process opens it that answers visitors."""
    options = connection.settings_dict["OPTIONS"]
    before = dict(options)
    connection.close()
    limit_from_now_on(SimpleNamespace(settings={"default": connection.settings_dict}), 300)
    yield
    options.clear()
    options.update(before)
    connection.close()


@pytest.fixture
def slow(monkeypatch):
    """Reading events takes two seconds."""
    make_public(EventFactory())

    class Nap(Func):
        function = "pg_sleep"
        template = "(SELECT 1.0 FROM pg_sleep(%(expressions)s))"
        output_field = FloatField()

    def sleepy(self, user):
        return self.filter(visibility="public").annotate(nap=Nap(Value(2.0))).order_by("nap")

    monkeypatch.setattr(type(Event.objects.all()), "visible_to", sleepy)


@pytest.fixture
def stranger() -> Client:
    return Client(raise_request_exception=False)


class TestATooSlowQuestion:
    @pytest.mark.parametrize(
        "path", ["/api/v1/events/", "/api/v1/events/?format=csv", "/api/v1/events/?format=ndjson"]
    )
    def test_in_the_api(self, limited, slow, stranger, settings, path):
        settings.EXPORT_TIMEOUT_MS = 300
        response = stranger.get(path)
        assert response.status_code == 503
        assert response.headers["Content-Type"] == "application/problem+json"
        assert int(response.headers["Retry-After"]) > 0
        problem = response.json()
        assert (problem["status"], problem["title"]) == (503, "Service Unavailable")
        assert problem["detail"].startswith("This question takes too long: narrow it by")

    def test_on_a_page(self, limited, slow, stranger):
        response = stranger.get("/events/")
        html = response.content.decode()
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        assert "This question takes too long" in html and "narrow the question" in html
        assert "Content-Security-Policy" in response.headers

    def test_the_next_one_is_answered(self, limited, slow, stranger, monkeypatch):
        assert stranger.get("/events/").status_code == 503
        monkeypatch.undo()
        assert stranger.get("/events/").status_code == 200
        assert timeout_in_force() == "300ms"

    def test_other_failures_stay_failures(self, limited, stranger, monkeypatch):
        def fail(*args):
            raise OperationalError("the disk is full")

        monkeypatch.setattr("partnerships.views.home.Home.get", fail)
        assert stranger.get("/").status_code == 500


class TestWhoGetsLonger:
    def test_an_export(self, limited, slow, stranger, settings):
        settings.EXPORT_TIMEOUT_MS = 20_000
        response = stranger.get("/api/v1/events/?format=ndjson")
        assert response.status_code == 200
        assert timeout_in_force() == "20s"
        assert len(b"".join(response.streaming_content).splitlines()) == 1
        assert timeout_in_force() == "300ms"

    def test_an_export_that_is_left_half_way(self, limited, stranger):
        make_public(*EventFactory.create_batch(3))
        response = stranger.get("/api/v1/events/?format=ndjson")
        next(iter(response))
        response.close()
        assert timeout_in_force() == "300ms"

    @pytest.mark.parametrize(
        ("method", "path", "expected"),
        [
            ("get", "/agreements/", "300ms"),
            ("head", "/api/v1/agreements/", "300ms"),
            ("get", "/administration/", "300ms"),
            ("get", "/admin/partnerships/agreement/", "0"),
            ("post", "/api/v1/agreements/", "0"),
            ("patch", "/api/v1/agreements/x/", "0"),
        ],
    )
    def test_writing_and_the_admin(self, limited, rf, method, path, expected):
        found = []

        def answer(request):
            found.append(timeout_in_force())
            return HttpResponse()

        StatementTimeoutMiddleware(answer)(getattr(rf, method)(path))
        assert found == [expected]
        assert timeout_in_force() == "300ms"

    def test_a_failure_ends_the_patience(self, limited):
        with pytest.raises(OperationalError) as caught, patience(100), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")
        assert took_too_long(caught.value)
        assert timeout_in_force() == "300ms"

    def test_a_lost_connection_does_too(self, limited):
        with pytest.raises(OperationalError), patience(0), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        assert timeout_in_force() == "300ms"


class TestWhereNothingIsLimited:
    def test_commands_and_tests(self, django_assert_num_queries):
        assert timeout_in_force() == "0"
        with django_assert_num_queries(0), patience(10):
            pass

    def test_none_is_asked_for(self):
        opened = SimpleNamespace(settings={"default": {}})
        limit_from_now_on(opened, 0)
        assert opened.settings == {"default": {}}


def test_options_that_the_operator_has_set_stay():
    given = {**settings.DATABASES["default"], "OPTIONS": {"options": "-c application_name=entente"}}
    opened = SimpleNamespace(settings={"default": given})
    limit_from_now_on(opened, settings.STATEMENT_TIMEOUT_MS)
    assert given["OPTIONS"] == {"options": "-c application_name=entente -c statement_timeout=5000"}


def test_every_thread_has_it(limited):
    found = []

    def ask():
        found.append(timeout_in_force())
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == ["300ms"]
