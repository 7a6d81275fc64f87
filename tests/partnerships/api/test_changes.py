"""``/api/v1/changes/``."""

import threading
import time

import pytest
from django.db import connection

from partnerships.models import Change, PendingChange
from partnerships.services.feed import tell_all, waiting
from partnerships.services.publication import withdraw
from people.models import ApiToken
from tests.factories import AgreementFactory, InstitutionFactory, administrator, make_public
from tests.partnerships.api.conftest import ApiClient

pytestmark = pytest.mark.django_db


def change(record, **facts) -> None:
    type(record).objects.filter(pk=record.pk).update(**facts)


def test_following_a_registry(api):
    record = AgreementFactory(published=True, title="First")
    parties = sorted(party.institution.uid for party in record.parties.all())
    start = api.read("changes/")
    kinds = [(entry["resource"], entry["kind"]) for entry in start["results"]]
    assert kinds == [("institutions", "created")] * 2 + [("agreements", "created")], "the named ones first"
    assert sorted(entry["id"] for entry in start["results"][:2]) == parties

    change(record, title="Second")
    news = api.read(f"changes/?after={start['next']}")
    [entry] = news["results"]
    assert entry.pop("at")
    assert entry == {
        "cursor": news["next"],
        "resource": "agreements",
        "id": record.uid,
        "kind": "updated",
        "into": None,
        "changed": {"title": {"before": "First", "after": "Second"}},
    }
    quiet = api.read(f"changes/?after={news['next']}")
    assert quiet == {"results": [], "next": news["next"]}


def test_the_record_comes_with_the_entry(api):
    record = AgreementFactory(published=True, title="Taken along")
    entry = api.read("changes/?include=record&resource=agreements")["results"][0]
    whole = api.read(f"agreements/{record.uid}/")
    for key in ("status", "status_reason", "updated_at"):
        whole.pop(key)
    assert entry["record"] == whole
    withdraw(agreement=record, by=administrator(), reason="Wrong.")
    entry = api.read("changes/?include=record&resource=agreements")["results"][0]
    assert entry["record"] is None


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_neither_skip_nor_repeat(api, limit):
    AgreementFactory.create_batch(4, published=True)
    tell_all()
    whole = api.read("changes/?limit=500")["results"]
    found, after = [], ""
    while True:
        answer = api.read(f"changes/?limit={limit}&after={after}")
        if not answer["results"]:
            break
        assert len(answer["results"]) <= limit
        found += answer["results"]
        after = answer["next"]
    assert found == whole
    assert [entry["cursor"] for entry in found] == [entry["cursor"] for entry in whole]


def test_what_others_are_told_leaves_no_trace(api, bearing):
    AgreementFactory(published=True)
    first = api.read("changes/")
    hidden = AgreementFactory(published=True, visibility="internal", title="quetzal")
    change(hidden, title="quetzal again")
    answer = api.read(f"changes/?after={first['next']}&limit=1&include=record")
    assert answer["results"] == []
    inside = bearing("read:internal").read(f"changes/?after={first['next']}&resource=agreements")
    assert [(entry["id"], entry["kind"]) for entry in inside["results"]] == [(hidden.uid, "created")]


def test_drafts_are_in_no_feed(bearing):
    draft = AgreementFactory(title="quetzal")
    entries = bearing("write:agreements").read("changes/?resource=agreements")["results"]
    assert draft.uid not in {entry["id"] for entry in entries}


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ("after=x", ["after"]),
        ("after=7-00000000", ["after"]),
        ("after=99999999999999999999", ["after"]),
        ("after=-1", ["after"]),
        ("after=" + "9" * 5000, ["after"]),
        ("after=%D9%A1-00000000", ["after"]),
        ("limit=0", ["limit"]),
        ("limit=501", ["limit"]),
        ("wait=31", ["wait"]),
        ("wait=-1", ["wait"]),
        ("wait=soon&limit=many", ["limit", "wait"]),
        ("resource=countries", ["resource"]),
        ("include=everything", ["include"]),
        ("page=2", ["page"]),
    ],
)
def test_bad_questions(api, asked, fields):
    assert api.bad_fields(f"changes/?{asked}") == fields


def test_a_cursor_of_a_lost_history_is_refused(api):
    AgreementFactory(published=True)
    cursor = api.read("changes/")["next"]
    # The registry is brought back from a backup, and tells something else from there on.
    last = Change.objects.last()
    Change.objects.filter(pk=last.pk).delete()
    assert api.bad_fields(f"changes/?after={cursor}") == ["after"]
    Change(position=last.position, told_at="2020-01-01T00:00:00Z", resource="people", key=1, uid="x").save()
    assert api.bad_fields(f"changes/?after={cursor}") == ["after"]


def test_the_same_number_of_statements_whatever_is_told(api, counted_queries):
    records = [AgreementFactory(published=True) for _ in range(2)]
    tell_all()
    for _ in range(2):
        cursor = api.read("changes/?resource=agreements&limit=1")["next"]
        with counted_queries("GET /api/v1/changes/?include=record"):
            answer = api.read(f"changes/?resource=agreements&include=record&limit=500&after={cursor}")
        assert len(answer["results"]) == len(records) - 1
        records += [AgreementFactory(published=True) for _ in range(4)]
        tell_all()


def test_telling_takes_as_many_statements_for_many_records_as_for_one(
    django_assert_num_queries, counted_queries
):
    for number in (1, 6):
        for _ in range(number):
            AgreementFactory(published=True)
        with counted_queries("telling of agreements and institutions"):
            tell_all()
        assert not PendingChange.objects.exists()


# --- waiting ------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(waiting, "POLL", 0.05)


def test_waiting_ends_with_the_time(api, quick):
    cursor = api.read("changes/")["next"]
    started = time.monotonic()
    assert api.read(f"changes/?after={cursor}&wait=1") == {"results": [], "next": cursor}
    assert 0.9 < time.monotonic() - started < 3


def test_with_too_many_waiting_the_answer_comes_at_once(api, monkeypatch):
    monkeypatch.setattr(waiting, "PLACES", threading.BoundedSemaphore(1))
    cursor = api.read("changes/")["next"]
    with waiting.a_place(waiting.PLACES) as place:
        assert place
        started = time.monotonic()
        response = api.get(f"/api/v1/changes/?after={cursor}&wait=30")
        assert time.monotonic() - started < 2
    assert response.status_code == 200
    assert response.headers["Retry-After"] == "2"
    assert waiting.PLACES.acquire(blocking=False), "the place is free again"


def test_a_process_that_is_asked_to_stop_lets_nobody_wait(api, monkeypatch):
    monkeypatch.setattr(waiting, "keep_on", lambda: False)
    started = time.monotonic()
    api.read("changes/?after=0&wait=30")
    assert time.monotonic() - started < 2


def _waiting(client: ApiClient, path: str, status: int = 200) -> tuple[threading.Thread, list]:
    answers = []

    def ask():
        try:
            answers.append(client.read(path, status))
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, answers


@pytest.mark.django_db(transaction=True)
def test_who_waits_is_told_at_once_and_holds_nothing(quick):
    institution = InstitutionFactory()
    make_public(institution)
    cursor = ApiClient().read("changes/")["next"]
    thread, answers = _waiting(ApiClient(), f"changes/?after={cursor}&wait=20")
    time.sleep(0.5)
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        assert sql.fetchone() == (0,), "nobody who waits keeps a transaction open"
    # Of no interest to a stranger: the waiting goes on.
    InstitutionFactory(name="Internal")
    time.sleep(0.5)
    assert not answers
    started = time.monotonic()
    change(institution, name="Renamed")
    thread.join(10)
    assert time.monotonic() - started < 3
    assert [entry["id"] for entry in answers[0]["results"]] == [institution.uid]


@pytest.mark.django_db(transaction=True)
def test_a_token_that_is_revoked_while_it_waits_is_told_nothing(quick, bearing):
    client = bearing("read:internal")
    cursor = client.read("changes/")["next"]
    thread, answers = _waiting(client, f"changes/?after={cursor}&wait=20", 401)
    time.sleep(0.5)
    ApiToken.objects.update(expires_at="2020-01-01T00:00:00Z")
    InstitutionFactory()
    thread.join(10)
    assert answers and answers[0]["status"] == 401
