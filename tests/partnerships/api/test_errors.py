"""Every error under ``/api/`` is a problem, and no input is a server error."""

import pytest
from django.test import Client

from partnerships.api import views
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


def problem_of(response, status: int) -> dict:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "errors"]
    assert problem["status"] == status
    assert problem["detail"]
    return problem


def test_a_bad_request_names_each_field(api):
    problem = problem_of(api.get("/api/v1/agreements/?bogus=1&status=zzz"), 400)
    assert problem["title"] == "Bad Request"
    assert problem["errors"] == [
        {
            "field": "bogus",
            "message": "There is no parameter “bogus” here.",
            "code": "unknown_parameter",
        },
        {
            "field": "status",
            "message": "Select a valid choice. zzz is not one of the available choices.",
            "code": "invalid_choice",
        },
    ]


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/nothing/", "/api/v2/agreements/", "/api/v1/agreements/nobody/", "/api/docs/x/"]
)
def test_unknown_addresses(api, path):
    assert problem_of(api.get(path), 404)["title"] == "Not Found"


def test_a_missing_slash_leads_to_the_address(api):
    response = api.get("/api/v1/agreements?q=x")
    assert (response.status_code, response.headers["Location"]) == (301, "/api/v1/agreements/?q=x")


def test_a_wrong_token(api):
    for header in ("Bearer wrong", "Bearer", "Bearer ent_", "bearer \xff", "Bearer a b"):
        response = api.get("/api/v1/agreements/", headers={"authorization": header})
        problem_of(response, 401)
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_method_that_is_not_there(api):
    response = api.delete("/api/v1/countries/")
    problem_of(response, 405)
    assert "GET" in response.headers["Allow"]


def test_a_failure_tells_nothing_of_its_cause(monkeypatch, anonymous):
    def fail(self):
        raise RuntimeError("the secret cause")

    monkeypatch.setattr(views.EventViewSet, "rows", fail)
    response = Client(raise_request_exception=False).get("/api/v1/events/")
    problem = problem_of(response, 500)
    assert "secret" not in str(problem)
    assert response.headers["X-Request-ID"]


def test_a_host_that_is_not_ours():
    problem_of(Client(headers={"host": "evil.example"}).get("/api/v1/"), 400)


def test_pages_keep_their_own_errors(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


HOSTILE = [
    "%00",
    "%ff",
    "%F0%9F",
    "x" * 3000,
    "'; DROP TABLE--",
    "%0d%0aX: y",
    "\u202e",
    "%E0%80%80",
    "../..",
    "{}",
]
PARAMETERS = [
    "q", "country", "institution", "person", "type", "status", "focus_area", "activity", "event",
    "signed_after", "signed_before", "in_force_on", "ends_before", "updated_since", "ordering", "page",
    "page_size", "cursor", "fields", "omit", "format", "bogus",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values(api, value):
    for name in PARAMETERS:
        response = api.get(f"/api/v1/agreements/?{name}={value}")
        assert response.status_code in {200, 400}, (name, response.status_code)
        assert response.status_code == 400 or name == "q", name


def test_no_text_at_all_is_refused(api):
    for value in ("%00", "%ff", "%F0%9F"):
        assert problem_of(api.get(f"/api/v1/agreements/?q={value}"), 400)
        assert problem_of(api.get(f"/api/v1/?{value}=x"), 400)


RESOURCES = [
    "agreements", "partnerships", "institutions", "people", "focus-areas", "activities", "events",
    "sources", "documents", "countries",
]  # fmt: skip


@pytest.mark.parametrize("resource", RESOURCES)
def test_hostile_ids(api, resource):
    for value in ["%00", "%00-%00", "%ff", "x" * 3000, "'", "%0a", "..%2f..", "https:%2F%2Fror.org%2F", "-"]:
        problem_of(api.get(f"/api/v1/{resource}/{value}/"), 404)


def test_extreme_values(api):
    AgreementFactory(published=True, signed_on="2024")
    for question in (
        "signed_after=1000", "signed_before=2999-12-31", "in_force_on=2999", "ends_before=1000",
        "updated_since=0001-01-01T00:00:00%2B14:00", "updated_since=9999-12-31T23:59:59-14:00",
        "page=999999999&page_size=100", "&".join(["country=GB"] * 300),
    ):  # fmt: skip
        assert api.get(f"/api/v1/agreements/?{question}").status_code in {200, 400, 404}, question


class TestHeaders:
    def test_what_an_answer_depends_on(self, api):
        for path in ("", "agreements/", "agreements/?format=csv", "agreements/?bogus=1", "agreements/x/"):
            response = api.get(f"/api/v1/{path}")
            assert {"Accept", "Authorization", "Cookie"} <= set(response.headers["Vary"].split(", ")), path

    def test_who_may_keep_it(self, api, staff, bearing):
        assert api.get("/api/v1/agreements/").headers["Cache-Control"] == "no-cache"
        kept = {staff: "private, no-store", bearing("read:public"): "private, no-cache"}
        for client, who in kept.items():
            for path in ("agreements/", "agreements/?format=csv", "agreements/?bogus=1"):
                response = client.get(f"/api/v1/{path}")
                assert response.headers["Cache-Control"] == who


def test_where_the_api_begins(api):
    found = api.read("")
    assert list(found) == [
        *RESOURCES,
        "webhooks",
        "suggest",
        "token",
        "changes",
        "snapshots",
        "schema",
        "docs",
    ]
    assert api.get(found.pop("suggest"), {"q": "x"}).status_code == 200
    # What belongs to a token.
    assert {api.get(found.pop(name)).status_code for name in ("token", "webhooks")} == {401}
    for address in found.values():
        assert api.get(address).status_code == 200, address


def test_a_moment_in_a_zone_that_nobody_has(api):
    assert api.read("people/?updated_since=2024-02-22T10:47:08-19:34")["count"] == 0
    assert api.bad_fields("people/?updated_since=0001-01-01T00:00:00%2B19:34") == ["updated_since"]


def test_a_page_that_is_none_is_refused_where_all_rows_are_answered_too(api):
    assert api.bad_fields("events/?format=csv&page_size=101") == ["page_size"]
    assert api.bad_fields("events/?format=ndjson&page=x") == ["page"]
