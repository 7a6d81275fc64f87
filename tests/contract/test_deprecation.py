"""What will go is told to whoever uses it, and only to them; tried on a resource of the test."""

from datetime import date

import pytest
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.routers import SimpleRouter

from partnerships.api.deprecation import Deprecated
from partnerships.api.views import CountryViewSet, EventViewSet
from people.services.tokens import issue_token
from tests.contract.promises import Promise, promises_of

SOON = Deprecated(date(2027, 1, 1), date(2028, 1, 1), "`shade`")
LATER = Deprecated(date(2026, 6, 1), page="/docs/later/")


class ThingViewSet(CountryViewSet):
    """Countries with parts that will go."""

    deprecated = {"retrieve": LATER, "?q": SOON, ".name": SOON}


class OldEventViewSet(EventViewSet):
    """Events of which a key will go."""

    deprecated = {".place": SOON}


router = SimpleRouter()
router.register("things", ThingViewSet, basename="thing")
router.register("old-events", OldEventViewSet, basename="old-event")
urlpatterns = [path("api/v1/", include(router.urls)), path("", include("config.urls"))]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def told(response) -> tuple[str | None, str | None, str | None]:
    assert response.status_code < 300, response.content
    return tuple(response.headers.get(name) for name in ("Deprecation", "Sunset", "Link"))


def test_who_uses_a_parameter_is_told(client):
    deprecation, sunset, link = told(client.get("/api/v1/things/?q=korea&omit=name"))
    assert deprecation == "@1798761600"
    assert sunset == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert link == '<http://testserver/api/docs/>; rel="deprecation"; type="text/html"'


def test_who_does_not_use_it_is_not(client):
    assert told(client.get("/api/v1/things/?omit=name")) == (None, None, None)


def test_who_reads_a_key_is_told(client):
    assert told(client.get("/api/v1/things/"))[0] == "@1798761600"
    assert told(client.get("/api/v1/things/?fields=name"))[0] == "@1798761600"


def test_an_operation_and_a_key_are_told_together(client):
    deprecation, sunset, link = told(client.get("/api/v1/things/KR/"))
    assert deprecation == "@1780272000", "the earlier"
    assert sunset == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert link.count('rel="deprecation"') == 2
    assert told(client.get("/api/v1/things/KR/?omit=name"))[1] is None, "nobody knows when"


def test_who_sends_a_key_is_told(client):
    _, secret = issue_token(name="System", scopes=["write:institutions"])
    headers = {"authorization": f"Bearer {secret}"}

    def send(body: dict):
        body |= {"name": f"Event {len(body)}"}
        return client.post(
            "/api/v1/old-events/?omit=place", body, content_type="application/json", headers=headers
        )

    assert told(send({"place": "Seoul"}))[0] == "@1798761600"
    assert told(send({}))[0] is None


def test_errors_are_told_too(client):
    assert client.get("/api/v1/things/?q=korea&bogus=1").headers["Deprecation"] == "@1798761600"


def test_the_description_tells_it():
    generator = SchemaGenerator(patterns=urlpatterns[:1])
    document = generator.get_schema(request=None, public=True)
    listing, record = (document["paths"][f"/api/v1/things/{rest}"]["get"] for rest in ("", "{uid}/"))
    assert record["deprecated"] and "deprecated" not in listing
    assert "2026-06-01" in record["description"]
    parameters = {one["name"]: one for one in listing["parameters"]}
    assert [name for name, one in parameters.items() if one.get("deprecated")] == ["q"]
    assert parameters["q"]["description"].endswith("may be gone from 2028-01-01 on. Use `shade`.")
    assert {"Deprecation", "Sunset", "Link"} <= set(listing["responses"]["200"]["headers"])
    schemas = document["components"]["schemas"]
    assert schemas["Country"]["properties"]["name"]["deprecated"]
    assert schemas["EventInput"]["properties"]["place"]["deprecated"]
    assert "x-deprecated-parts" not in str(document)
    promises = promises_of(document)
    assert Promise("GET /api/v1/things/ query:q", "ends", "2028-01-01") in promises
    assert Promise("answered Country.name", "ends", "2028-01-01") in promises


def test_the_real_description_says_of_nothing_that_it_goes_without_a_day(description):
    """An announcement without a day is no announcement: who can plan for it?"""
    undated = [
        name
        for name, schema in description["components"]["schemas"].items()
        for prop in schema.get("properties", {}).values()
        if prop.get("deprecated") and "x-sunset" not in prop
    ]
    assert not undated
