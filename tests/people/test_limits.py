"""Rate limits as the database keeps them."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone

from people.clients import parsed
from people.models import Allowance, ApiToken
from people.principals import TokenPrincipal
from people.services.limits import WINDOW, Client, client_of, give_back, sweep_allowances, take
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

TEN = Client("from 203.0.113.9", "anonymous", 10)


def let_pass(seconds: float) -> None:
    """Let everybody's time pass."""
    Allowance.objects.update(full_at=F("full_at") - timedelta(seconds=seconds))


def test_as_much_as_there_is_and_no_more():
    told = [take(TEN, 1) for _ in range(12)]
    assert [one.granted for one in told] == [True] * 10 + [False] * 2
    assert [one.remaining for one in told] == [*range(9, -1, -1), 0, 0]
    assert (told[0].whole_in, told[9].whole_in) == (6, 60)
    assert told[-1].wait == 6


def test_it_comes_back_evenly():
    for _ in range(10):
        take(TEN, 1)
    let_pass(5.5)
    assert not take(TEN, 1).granted
    let_pass(0.6)
    assert take(TEN, 1).granted
    assert not take(TEN, 1).granted
    let_pass(1000)
    assert take(TEN, 1).remaining == 9, "no more than the allowance is ever there"


def test_a_dear_request_takes_more_and_a_refused_one_nothing():
    assert take(TEN, 7).remaining == 3
    refused = take(TEN, 4)
    assert (refused.granted, refused.remaining, refused.wait) == (False, 3, 6)
    assert take(TEN, 3).granted


def test_what_costs_more_than_there_ever_is_takes_all():
    assert take(TEN, 1000).granted
    assert not take(TEN, 1).granted


def test_what_was_not_needed_comes_back():
    taken = give_back(take(TEN, 8), 7)
    assert (taken.cost, taken.remaining) == (1, 9)
    assert take(TEN, 9).granted
    assert not take(TEN, 1).granted


def test_clients_do_not_touch_each_other():
    other = Client("token 1", "token", 10)
    for _ in range(11):
        take(TEN, 1)
    assert take(other, 10).granted


def test_a_clock_that_was_set_back_locks_nobody_out():
    take(TEN, 10)
    Allowance.objects.update(full_at=timezone.now() + timedelta(days=1))
    refused = take(TEN, 1)
    assert not refused.granted
    assert refused.wait <= WINDOW / 10 + 1
    let_pass(WINDOW / 10)
    assert take(TEN, 1).granted


@pytest.mark.parametrize("units", [1, 7, 600, 2_000_000_000])
def test_limits_that_do_not_divide_the_window(units):
    client = Client("odd", "token", units)
    assert take(client, units).granted
    assert units > 1000 or not take(client, units).granted


def test_it_is_one_statement(django_assert_num_queries):
    for _ in range(3):
        with django_assert_num_queries(1):
            take(TEN, 5)


def test_rows_that_say_nothing_are_swept():
    take(TEN, 10)
    take(Client("gone", "anonymous", 10), 1)
    Allowance.objects.filter(client="gone").update(full_at=timezone.now() - timedelta(seconds=1))
    assert sweep_allowances() == 1
    assert Allowance.objects.get().client == TEN.key


def test_more_rows_than_one_statement_takes(monkeypatch):
    monkeypatch.setattr("people.services.limits._SWEPT_AT_ONCE", 2)
    for number in range(5):
        take(Client(f"gone {number}", "anonymous", 10), 1)
    let_pass(100)
    assert sweep_allowances() == 5


def test_the_table_is_not_logged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'people_allowance'::regclass")
        assert cursor.fetchone() == ("u",)


class TestWhoIsOne:
    @pytest.fixture(autouse=True)
    def on(self, settings):
        settings.RATE_LIMITS = True
        settings.RATE_LIMIT_ANONYMOUS, settings.RATE_LIMIT_TOKEN, settings.RATE_LIMIT_STAFF = 10, 20, 30

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("203.0.113.9", "203.0.113.9", True),
            ("203.0.113.9", "203.0.113.10", False),
            ("203.0.113.9", "::ffff:203.0.113.9", True),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", True),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ],
    )
    def test_addresses(self, one, other, same):
        keys = [client_of(AnonymousUser(), parsed(text)).key for text in (one, other)]
        assert (keys[0] == keys[1]) is same

    def test_tokens_have_their_own_and_may_have_another(self):
        for own, expected in ((None, 20), (5, 5)):
            client = client_of(TokenPrincipal(ApiToken(pk=7, rate_limit=own)), None)
            assert (client.key, client.policy, client.units) == ("token 7", "token", expected)
        assert client_of(TokenPrincipal(ApiToken(pk=7, rate_limit=0)), None) is None

    def test_people_are_counted_wherever_they_sit(self):
        user = UserFactory()
        one, other = (client_of(user, parsed(text)) for text in ("203.0.113.9", "203.0.113.10"))
        assert one == other
        assert one.units == 30

    def test_nobody_is_where_it_is_off(self, settings):
        settings.RATE_LIMIT_ANONYMOUS = 0
        assert client_of(AnonymousUser(), None) is None
        settings.RATE_LIMITS = False
        assert client_of(TokenPrincipal(ApiToken(pk=7)), None) is None


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_many_at_once_take_no_more_than_there_is(self):
        granted, gate = [], threading.Barrier(12)

        def ask():
            try:
                gate.wait(20)
                granted.extend(take(TEN, 1).granted for _ in range(5))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(granted) == 60
        assert sum(granted) == 10

    def test_another_client_waits_for_nobody(self):
        """While somebody's row is held, another client's request and the sweep go on."""
        take(TEN, 1)
        take(Client("gone", "anonymous", 10), 1)
        let_pass(100)
        held, done = threading.Event(), threading.Event()

        def hold():
            try:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "BEGIN; SELECT 1 FROM people_allowance WHERE client = %s FOR UPDATE", [TEN.key]
                    )
                    held.set()
                    done.wait(20)
                    cursor.execute("COMMIT")
            finally:
                connections.close_all()

        holder = threading.Thread(target=hold)
        holder.start()
        try:
            assert held.wait(20)
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 3000")
            assert take(Client("other", "anonymous", 10), 1).granted
            assert sweep_allowances() == 1
        finally:
            done.set()
            holder.join(20)
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")

    def test_without_its_table_nothing_is_limited_and_the_log_says_so(self, caplog):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE people_allowance RENAME TO away")
        try:
            with caplog.at_level("WARNING", logger="entente.limits"):
                assert take(TEN, 1) is None
            assert "rate limit not kept" in caplog.text
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE away RENAME TO people_allowance")
        assert take(TEN, 1).granted
