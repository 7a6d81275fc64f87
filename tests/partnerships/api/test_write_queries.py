"""How many statements a write sends: a committed figure each, and none that grows with the records."""

import pytest

from tests.factories import InstitutionFactory

from .test_upsert import BODY, put
from .test_writing import WRITE, patch, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(bearing):
    client = bearing(*WRITE)
    client.read("countries/?page_size=1")
    return client


@pytest.fixture
def body() -> dict:
    parties = [{"institution": row.uid} for row in InstitutionFactory.create_batch(2)]
    return BODY | {
        "parties": parties,
        "sources": [{"title": "News", "id": "s"}],
        "activities": [{"kind": "events"}],
    }


def test_recording(system, body, counted_queries):
    with counted_queries("POST /api/v1/agreements/"):
        made = post(system, "agreements/", body)
    with counted_queries("PATCH /api/v1/agreements/<id>/"):
        patch(system, f"agreements/{made['id']}/", {"summary": "S"})


def test_by_a_name_of_another_system(system, body, counted_queries):
    with counted_queries("PUT /api/v1/agreements/by/<system>/<id>/, new"):
        put(system, "agreements/by/cris/1/", body, 201)
    with counted_queries("PUT /api/v1/agreements/by/<system>/<id>/, nothing new"):
        put(system, "agreements/by/cris/1/", body)


@pytest.mark.parametrize("number", [2, 40])
def test_many_at_once_take_as_many_statements_as_few(system, body, counted_queries, number):
    with counted_queries("POST /api/v1/agreements/bulk/"):
        post(system, "agreements/bulk/", {"items": [body] * number})


def test_sent_again(system, body, counted_queries):
    for name in ("first", "again"):
        with counted_queries(f"POST /api/v1/agreements/ under a key, {name}"):
            system.post(
                "/api/v1/agreements/", body, content_type="application/json", headers={"idempotency-key": "k"}
            )


def test_matching(system, counted_queries):
    InstitutionFactory(name="Institute of Polar Studies")
    with counted_queries("GET /api/v1/institutions/match/"):
        system.read("institutions/match/?name=Institute+of+Polar+Studies")
