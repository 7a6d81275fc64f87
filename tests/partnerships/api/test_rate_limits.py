"""Rate limits as those meet them who ask."""

import re

import pytest
from django.conf import settings as settings_of_django
from django.db import connection
from django.urls import reverse

from partnerships.api import costs
from partnerships.api.throttling import QUOTA_EXCEEDED
from people.models import Allowance
from people.services.limits import WINDOW
from people.services.tokens import issue_token
from tests.factories import AgreementFactory

from .conftest import ApiClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on(settings):
    settings.RATE_LIMITS = True
    settings.RATE_LIMIT_ANONYMOUS, settings.RATE_LIMIT_TOKEN, settings.RATE_LIMIT_STAFF = 200, 300, 400


def left(response) -> int:
    return int(re.fullmatch(r'"\w+";r=(\d+);t=\d+', response.headers["RateLimit"])[1])


def cost(client, path: str, **kwargs) -> int:
    """Units that a request took of a fresh allowance."""
    Allowance.objects.all().delete()
    response = client.get(f"/api/v1/{path}", **kwargs)
    assert response.status_code < 500
    return int(re.search(r"q=(\d+)", response.headers["RateLimit-Policy"])[1]) - left(response)


def test_an_answer_tells_what_is_left(api):
    response = api.get("/api/v1/agreements/")
    assert response.headers["RateLimit-Policy"] == '"anonymous";q=200;w=60'
    assert response.headers["RateLimit"] == '"anonymous";r=199;t=1'
    assert left(api.get("/api/v1/countries/")) == 198


def test_who_asks_too_much_waits(api, settings):
    settings.RATE_LIMIT_ANONYMOUS = 3
    for _ in range(3):
        api.read("agreements/")
    response = api.get("/api/v1/agreements/")
    assert response.status_code == 429
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "errors", "violated-policies"]
    assert (problem["type"], problem["status"]) == (QUOTA_EXCEEDED, 429)
    assert problem["violated-policies"] == ["anonymous"]
    assert "ask again in 20 seconds. A token has" in problem["detail"]
    assert response.headers["Retry-After"] == "20"
    assert response.headers["RateLimit"] == '"anonymous";r=0;t=20'
    assert response.headers["Cache-Control"] == "no-store"
    assert api.get("/api/v1/countries/").status_code == 429, "one allowance for all addresses of the API"


def test_each_is_counted_alone(api, staff, bearing, settings):
    settings.RATE_LIMIT_ANONYMOUS = 1
    api.read("countries/")
    assert api.get("/api/v1/countries/").status_code == 429
    neighbour = ApiClient(REMOTE_ADDR="203.0.113.77")
    for client, policy in ((staff, "staff"), (bearing("read:public"), "token"), (neighbour, "anonymous")):
        response = client.get("/api/v1/countries/")
        assert response.status_code == 200
        assert response.headers["RateLimit"].startswith(f'"{policy}"')


def test_a_forged_address_is_nobody_else(settings):
    settings.RATE_LIMIT_ANONYMOUS = 1
    answers = [
        ApiClient(headers={"x-forwarded-for": f"198.51.100.{number}"}).get("/api/v1/countries/").status_code
        for number in range(3)
    ]
    assert answers == [200, 429, 429]


def test_a_token_may_have_a_limit_of_its_own():
    _, secret = issue_token(name="x", scopes=["read:public"], rate_limit=2)
    client = ApiClient(headers={"authorization": f"Bearer {secret}"})
    told = client.read("token/")["limit"]
    assert told == {"policy": "token", "units": 2, "window": 60, "remaining": 1, "whole_in": 30}
    client.read("countries/")
    problem = client.read("countries/", status=429)
    assert "This token may use 2 units" in problem["detail"]


def test_guessing_tokens_counts_for_the_address(settings):
    settings.RATE_LIMIT_ANONYMOUS = 2
    client = ApiClient(headers={"authorization": "Bearer ent_wrong"})
    answers = [client.get("/api/v1/countries/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[0].headers["RateLimit"]


class TestCosts:
    def test_reading(self, api):
        record = AgreementFactory(published=True)
        for path, expected in {
            "": 1,
            f"agreements/{record.uid}/": 1,
            "agreements/": 1,
            "agreements/?page_size=25": 1,
            "agreements/?page_size=26": 2,
            "agreements/?page_size=100": 4,
            "agreements/?q=turing": 1 + costs.SEARCH,
            "agreements/?facets=country,status,country": 1 + 2 * costs.FACET,
            "agreements/?facets=country&facets=type&q=x&page_size=50": 2 + costs.SEARCH + 2 * costs.FACET,
            "suggest/?q=turing": 1,
            "agreements/?format=csv": costs.EXPORT,
            "institutions/?format=ndjson": costs.EXPORT,
            "schema/": costs.DESCRIPTION,
        }.items():
            assert cost(api, path) == expected, path

    def test_writing(self, bearing):
        client = bearing("write:institutions")
        response = client.post("/api/v1/events/", '{"name": "Summit"}', content_type="application/json")
        assert response.status_code == 201
        assert left(response) == 300 - costs.WRITE

    @pytest.mark.parametrize(
        "path",
        ["agreements/?format=csv&bogus=1", "agreements/?page_size=100&page=99", "agreements/?facets=no&q=x"],
    )
    def test_what_is_refused_costs_one(self, api, path):
        assert cost(api, path) == 1

    def test_what_has_not_changed_costs_one(self, api, monkeypatch):
        from rest_framework.response import Response

        from partnerships.api.views import EventViewSet

        monkeypatch.setattr(EventViewSet, "list", lambda *args, **kwargs: Response(status=304))
        assert cost(api, "events/?page_size=100") == 1

    def test_a_failure_of_ours_keeps_its_price(self, monkeypatch):
        from partnerships.api.errors import TooSlow
        from partnerships.api.views import EventViewSet

        def slow(*args, **kwargs):
            raise TooSlow

        monkeypatch.setattr(EventViewSet, "list", slow)
        response = ApiClient().get("/api/v1/events/?page_size=100")
        assert response.status_code == 503
        assert left(response) == 196

    @pytest.mark.parametrize("size", ["-1", "0", "x", "٣٣", "9" * 5000, "101"])
    def test_sizes_that_make_no_sense(self, api, size):
        assert cost(api, "agreements/", data={"page_size": size}) == 1


def test_pages_and_the_state_of_the_server_are_free(client):
    for path in ("/", "/agreements/", "/healthz", "/readyz", "/admin/login/", reverse("api-docs")):
        response = client.get(path)
        assert response.status_code in {200, 503}, path
        assert "RateLimit" not in response.headers, path
    assert not Allowance.objects.exists()


def test_off_there_is_no_word_of_it(api, settings, django_assert_num_queries):
    settings.RATE_LIMITS = False
    response = api.get("/api/v1/countries/")
    assert "RateLimit" not in response.headers
    assert not Allowance.objects.exists()


def test_the_page_for_integrators_names_the_costs_and_limits():
    text = (settings_of_django.BASE_DIR / "docs/integrators/tokens.md").read_text()
    for row in (
        f"| `q` | {costs.SEARCH} more |",
        f"| each of `facets` | {costs.FACET} more |",
        f"`ndjson`: all rows at once | {costs.EXPORT} |",
        f"| `/api/v1/schema/` | {costs.DESCRIPTION} |",
        f"| writing | {costs.WRITE} |",
        f"a list of up to {costs.PAGE},",
    ):
        assert row in text
    assert WINDOW == 60 and "units in 60 seconds" in text
    assert all(f"| {number} " in text or f"| {number}," in text for number in ("600", "3,000"))


def test_it_costs_one_statement(api, settings):
    from django.test.utils import CaptureQueriesContext

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            api.read("countries/")
        return len(captured)

    api.read("countries/")
    with_limits = statements()
    settings.RATE_LIMITS = False
    assert with_limits == statements() + 1
