"""The API is what its description says."""

import json
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from partnerships.filtersets import AgreementFilterSet

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.yaml"
REMEDY = (
    "The API has changed: run `manage.py spectacular --fail-on-warn --file docs/openapi.yaml`, read the diff."
)


@pytest.fixture(scope="module")
def description() -> str:
    """The description as it is generated now; a warning fails."""
    out = StringIO()
    call_command("spectacular", fail_on_warn=True, validate=True, stdout=out)
    return out.getvalue()


def test_the_committed_description_is_the_true_one(description):
    assert yaml.safe_load(COMMITTED.read_text()) == yaml.safe_load(description), REMEDY


def test_it_is_served(client):
    response = client.get("/api/v1/schema/")
    assert response.headers["Content-Type"].startswith("application/vnd.oai.openapi+json")
    served = json.loads(response.content)
    assert served["openapi"].startswith("3.1")
    assert yaml.safe_load(client.get("/api/v1/schema/?format=yaml").content) == served


def test_every_filter_is_described(description):
    document = yaml.safe_load(description)
    described = document["paths"]["/api/v1/agreements/"]["get"]["parameters"]
    parameters = {one["name"]: one for one in described if one["in"] == "query"}
    shape = {"page", "page_size", "cursor", "count", "fields", "omit", "include", "format", "facets"}
    assert set(parameters) == set(AgreementFilterSet.base_filters) | shape
    assert [name for name, one in parameters.items() if not one.get("description")] == []
    assert parameters["status"]["schema"]["items"] == {"$ref": "#/components/schemas/Status"}


def test_the_docs_page_keeps_to_the_content_policy(client):
    response = client.get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    own = page.replace("http-equiv", "").replace("http://testserver/", "/")
    assert "http" not in own, "everything comes from here"
    assert "<script>" not in page
    policy = response.headers["Content-Security-Policy"]
    assert "script-src" not in policy or "unsafe" not in policy.split("script-src")[1].split(";")[0]


def test_the_docs_page_is_one_of_ours_and_tells_the_way_without_a_script(client):
    page = client.get("/api/docs/").content.decode()
    assert '<html lang="en"' in page and 'aria-label="Main"' in page
    assert "/api/v1/schema/" in page.split('id="swagger-ui"')[0]
