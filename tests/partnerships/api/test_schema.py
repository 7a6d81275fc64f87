"""The API is what its description says."""

import json
from io import StringIO
from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import checks

from partnerships.filtersets import AgreementFilterSet
from people.services.tokens import issue_token
from tests.factories import AgreementFactory, DocumentFactory, StatementFactory, publish_now

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.yaml"
REMEDY = (
    "The API has changed: run `manage.py spectacular --fail-on-warn --file docs/openapi.yaml`, read the diff."
)

#: Neither a list with pages nor a record.
WITHOUT_PAGES = {"/api/v1/", "/api/v1/suggest/"}
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def description() -> str:
    """The description as it is generated now; a warning fails."""
    out = StringIO()
    call_command("spectacular", fail_on_warn=True, validate=True, stdout=out)
    return out.getvalue()


def test_the_committed_description_is_the_true_one(description):
    assert yaml.safe_load(COMMITTED.read_text()) == yaml.safe_load(description), REMEDY


def test_it_is_valid_openapi(description):
    document = yaml.safe_load(description)
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_is_served(client):
    response = client.get("/api/v1/schema/")
    assert response.headers["Content-Type"].startswith("application/vnd.oai.openapi+json")
    served = json.loads(response.content)
    assert served["openapi"].startswith("3.1")
    assert yaml.safe_load(client.get("/api/v1/schema/?format=yaml").content) == served


def test_every_filter_is_described(description):
    document = yaml.safe_load(description)
    parameters = {one["name"]: one for one in document["paths"]["/api/v1/agreements/"]["get"]["parameters"]}
    shape = {"page", "page_size", "cursor", "fields", "omit", "format", "facets"}
    assert set(parameters) == set(AgreementFilterSet.base_filters) | shape
    assert [name for name, one in parameters.items() if not one.get("description")] == []
    assert "in_force" in parameters["status"]["schema"]["items"]["enum"]


def test_the_docs_page_keeps_to_the_content_policy(client):
    response = client.get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "http" not in page.replace("http-equiv", ""), "everything comes from here"
    assert "<script>" not in page
    policy = response.headers["Content-Security-Policy"]
    assert "script-src" not in policy or "unsafe" not in policy.split("script-src")[1].split(";")[0]


def test_the_docs_page_is_one_of_ours_and_tells_the_way_without_a_script(client):
    page = client.get("/api/docs/").content.decode()
    assert '<html lang="en">' in page and 'aria-label="Main"' in page
    assert "/api/v1/schema/" in page.split('id="swagger-ui"')[0]


@pytest.fixture
def one_connection(db):
    """Let the application answer on the connection, and in the transaction, of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_requests_are_answered_as_described(description, one_connection):
    """Questions that the description allows, made up by a machine; every answer must fit it."""
    record = AgreementFactory(signed_on="2024", notice_amount=6, notice_unit="months")
    StatementFactory(agreement=record)
    DocumentFactory(agreement=record)
    publish_now(record)
    described = schemathesis.openapi.from_dict(yaml.safe_load(description))
    described.app = get_wsgi_application()
    operations = [found.ok() for found in described.get_all_operations()]
    reading = [operation for operation in operations if operation.method.upper() == "GET"]
    assert (len(reading), len(operations)) == (22, 37)
    for operation in reading:
        _try(operation)
    _, secret = issue_token(name="Fuzz", scopes=["write:agreements", "write:institutions"])
    for operation in operations:
        if operation.method.upper() != "GET":
            _try(operation, headers={"Authorization": f"Bearer {secret}"})


def _try(operation, **options) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    def answered(case):
        case.call_and_validate(checks=CHECKS, **options)

    answered()
