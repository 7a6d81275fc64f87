"""A token makes, reads, changes and ends its own webhooks, and sees what became of each delivery."""

import json
from base64 import b64decode

import pytest
from standardwebhooks import Webhook

from partnerships.models import WebhookSubscription
from partnerships.services.feed import tell_all
from partnerships.services.webhooks import deliver
from partnerships.services.webhooks.sending import Outcome
from tests.factories import AgreementFactory, OfficeFactory
from tests.partnerships.webhooks.receivers import receiving

pytestmark = pytest.mark.django_db

GOOD = {"name": "Website", "address": "https://example.org/hook", "resources": ["agreements"]}


@pytest.fixture(autouse=True)
def receivers_here(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def client(bearing):
    return bearing("webhooks")


def post(client, path: str, body: dict | None = None, status: int = 200):
    response = client.post(f"/api/v1/webhooks/{path}", json.dumps(body or {}), "application/json")
    assert response.status_code == status, response.content.decode()
    return response.json()


def made(client, **facts) -> dict:
    return post(client, "", GOOD | facts, 201)


def bad_fields(client, **facts) -> list[str]:
    return sorted(error["field"] for error in post(client, "", GOOD | facts, 400)["errors"])


def test_the_secret_is_shown_once(client):
    answer = made(client, filter="type=exchange")
    assert len(b64decode(answer["secret"].removeprefix("whsec_"))) == 32
    again = client.read(f"webhooks/{answer['id']}/")
    assert again == {key: value for key, value in answer.items() if key != "secret"}
    assert (again["filter"], again["active"], again["waiting"]) == ("type=exchange", True, 0)
    assert client.rows("webhooks/") == [again]
    kept = WebhookSubscription.objects.get()
    assert answer["secret"] not in f"{kept.secret}{kept.history.values_list()}"


def test_it_is_found_by_its_address(client):
    response = client.post("/api/v1/webhooks/", json.dumps(GOOD), "application/json")
    assert client.get(response.headers["Location"]).json()["id"] == response.json()["id"]
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "facts, field",
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": None}, "name"),
        ({"name": "\x00"}, "name"),
        ({"address": "http://example.org/"}, "address"),
        ({"address": "https://10.0.0.1/"}, "address"),
        ({"address": "https://me:secret@example.org/"}, "address"),
        ({"address": "x" * 10_000}, "address"),
        ({"address": 7}, "address"),
        ({"resources": []}, "resources"),
        ({"resources": ["partnerships"]}, "resources.0"),
        ({"resources": "agreements"}, "resources"),
        ({"filter": "type=marriage"}, "filter.type"),
        ({"filter": "page=2"}, "filter.page"),
        ({"filter": "q=a\x00b"}, "filter"),
        ({"filter": "q=x", "resources": ["agreements", "people"]}, "filter"),
        ({"after": "7-abc"}, "after"),
        ({"after": "9" * 90}, "after"),
        ({"colour": "blue"}, "colour"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"active": False}, "active"),
    ],
)
def test_bad_input_names_the_field(settings, client, facts, field):
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    assert bad_fields(client, **facts) == [field]
    assert not WebhookSubscription.objects.exists()


def test_no_more_than_fifty_a_token(client):
    for _ in range(50):
        made(client)
    assert post(client, "", GOOD, 400)["errors"][0]["message"] == "A token has at most 50 webhooks."


def test_who_may(api, staff, bearing):
    others = made(bearing("webhooks", "read:public"))["id"]
    assert api.get("/api/v1/webhooks/").status_code == 401
    for client in (staff, bearing("read:internal", "write:agreements")):
        assert client.get("/api/v1/webhooks/").status_code == 403
        assert client.get(f"/api/v1/webhooks/{others}/").status_code == 403
        post(client, "", GOOD, 403)
    own = bearing("webhooks")
    assert own.rows("webhooks/") == []
    for method, path in [("get", ""), ("patch", ""), ("delete", ""), ("post", "test/"), ("post", "rotate/"),
                         ("get", "deliveries/"), ("post", "deliveries/msg_1/replay/")]:  # fmt: skip
        answer = getattr(own, method)(f"/api/v1/webhooks/{others}/{path}", {}, "application/json")
        assert answer.status_code == 404, (method, path)


def test_it_is_changed_paused_and_ended(client):
    hook = made(client)["id"]

    def patch(status: int = 200, **facts) -> dict:
        answer = client.patch(f"/api/v1/webhooks/{hook}/", json.dumps(facts), "application/json")
        assert answer.status_code == status
        return answer.json()

    assert patch(name="Other", address="https://example.net/")["name"] == "Other"
    assert patch(active=False)["active"] is False
    assert patch(active=True)["active"] is True
    assert patch(400, filter="q=x")["errors"][0]["field"] == "filter"
    assert patch(400, address="ftp://example.net/")["errors"][0]["field"] == "address"
    assert client.read(f"webhooks/{hook}/")["address"] == "https://example.net/"
    assert client.delete(f"/api/v1/webhooks/{hook}/").status_code == 204
    client.read(f"webhooks/{hook}/", status=404)


def test_from_a_cursor_on(client):
    AgreementFactory.create_batch(3, published=True)
    tell_all()
    first = client.read("changes/?resource=agreements")["results"][0]
    with receiving() as receiver:
        hook = made(client, address=receiver.address, after=first["cursor"])["id"]
        deliver()
    deliveries = client.rows(f"webhooks/{hook}/deliveries/")
    entries = client.read(f"changes/?resource=agreements&after={first['cursor']}")["results"]
    assert [one["cursor"] for one in reversed(deliveries)] == [one["cursor"] for one in entries]
    told = [json.loads(body)["data"] for _, body in receiver.kept]
    assert sorted(told, key=lambda one: one["cursor"]) == sorted(entries, key=lambda one: one["cursor"])


def test_deliveries_are_listed_and_replayed(client):
    with receiving(lambda handler, number: (500, {}, b"Oh no") if number == 0 else 204) as receiver:
        hook = made(client, address=receiver.address)["id"]
        record = AgreementFactory(published=True)
        tell_all()
        deliver()
        [row] = client.rows(f"webhooks/{hook}/deliveries/?state=waiting")
        assert (row["record"], row["type"]) == (record.uid, "agreement.created")
        [attempt] = row["attempts"]
        assert (attempt["status"], attempt["excerpt"]) == (500, "Oh no")
        assert client.read(f"webhooks/{hook}/")["failures"] == 1
        post(client, f"{hook}/deliveries/{row['id']}/replay/", status=409)
        WebhookSubscription.objects.get().deliveries.update(state="dead", finished_at=row["created_at"])
        assert client.read(f"webhooks/{hook}/")["dead"] == 1
        assert post(client, f"{hook}/deliveries/{row['id']}/replay/")["state"] == "waiting"
        deliver()
    [row] = client.rows(f"webhooks/{hook}/deliveries/?state=delivered")
    assert row["next_at"] is None
    assert len(row["attempts"]) == 2
    assert client.bad_fields(f"webhooks/{hook}/deliveries/?state=lost") == ["state"]
    assert client.bad_fields(f"webhooks/{hook}/deliveries/?colour=blue") == ["colour"]
    post(client, f"{hook}/deliveries/msg_none/replay/", status=404)


def test_a_test_and_another_secret(client):
    with receiving(lambda *_: (200, {}, b"Thanks")) as receiver:
        answer = made(client, address=receiver.address)
        hook, old = answer["id"], answer["secret"]
        outcome = post(client, f"{hook}/test/")
        assert (outcome["taken"], outcome["status"], outcome["excerpt"]) == (True, 200, "Thanks")
        rotated = post(client, f"{hook}/rotate/", {"overlap_hours": 1})
        assert rotated["old_secret_until"]
        post(client, f"{hook}/test/")
        headers, body = receiver.kept[-1]
        assert Webhook(old).verify(body, headers) == Webhook(rotated["secret"]).verify(body, headers)
    for wrong in (-1, 169, "soon", 10**30):
        answer = post(client, f"{hook}/rotate/", {"overlap_hours": wrong}, 400)
        assert answer["errors"][0]["field"] == "overlap_hours"
    assert post(client, f"{hook}/rotate/", {"overlap_hours": 0})["old_secret_until"] is None


def test_a_test_that_fails_says_why(client, monkeypatch):
    hook = made(client)["id"]
    monkeypatch.setattr(
        "partnerships.services.webhooks.replaying.send",
        lambda *args: Outcome(fault="example.org leads nowhere"),
    )
    outcome = post(client, f"{hook}/test/")
    assert (outcome["taken"], outcome["status"], outcome["fault"]) == (
        False,
        None,
        "example.org leads nowhere",
    )


def test_bodies_that_are_none(client):
    for body in ("[]", "7", '"x"', "null", "{"):
        answer = client.post("/api/v1/webhooks/", body, "application/json")
        assert answer.status_code == 400, body


def test_statements_do_not_grow_with_rows(bearing, counted_queries):
    client = bearing("webhooks", office=OfficeFactory())
    with receiving() as receiver:
        hook = made(client, address=receiver.address)["id"]
        for _ in range(3):
            made(client)
        AgreementFactory.create_batch(5, published=True)
        tell_all()
        deliver()
    with counted_queries("GET /api/v1/webhooks/"):
        client.rows("webhooks/")
    with counted_queries("GET /api/v1/webhooks/<id>/deliveries/"):
        client.rows(f"webhooks/{hook}/deliveries/")
