"""How many SQL statements an endpoint takes; it never depends on the number of rows."""

import pytest

from partnerships.models import AgreementRelation, InstitutionLink, Period
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    AmendmentFactory,
    DocumentFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    SubjectFactory,
    publish_now,
)

pytestmark = pytest.mark.django_db

LISTS = [
    "agreements", "partnerships", "institutions", "people", "focus-areas", "activities", "events",
    "sources", "documents", "countries",
]  # fmt: skip
QUESTION = "q=agreement&country=GB&signed_after=2020&ordering=-signed_on"


def full_record():
    """A record that has everything, so that every prefetch has something to fetch."""
    subject = FocusAreaFactory(parent=FocusAreaFactory())
    subject.mappings.create(scheme="local", code=subject.uid)
    agreement = AgreementFactory(signed_on="2024", event=EventFactory(country_id="KR"))
    first, second = agreement.parties.all()
    for institution in (first.institution, second.institution):
        institution.names.create(value="Name", kind="alias")
        institution.identifiers.create(scheme="grid", value=f"grid.{institution.pk}")
        institution.further_locations.create(country_id="KR", city="Seoul")
        InstitutionLink.objects.create(institution=institution, kind="parent", target=InstitutionFactory())
    person = PersonFactory()
    person.names.create(value="Name")
    SignatoryFactory(party=first, person=person)
    StatementFactory(agreement=agreement, person=person, institution=second.institution,
                     source=agreement.sources.first())  # fmt: skip
    SubjectFactory(agreement=agreement, focus_area=subject)
    ActivityFactory(agreement=agreement, direction="one_way", from_party=first, to_party=second)
    text = DocumentFactory(agreement=agreement)
    AmendmentFactory(agreement=agreement, source=agreement.sources.first(), document=text)
    Period.objects.create(agreement=agreement, number=1)
    older = AgreementFactory(parties=[first.institution, second.institution])
    AgreementRelation.objects.create(agreement=agreement, kind="renews", target=older)
    publish_now(older)
    publish_now(agreement)
    return agreement


@pytest.mark.parametrize("resource", LISTS)
def test_lists(api, counted_queries, resource):
    for _ in range(3):
        full_record()
    api.read(f"{resource}/?page_size=100")
    with counted_queries(f"GET /api/v1/{resource}/"):
        few = api.read(f"{resource}/?page_size=100")
    for _ in range(5):
        full_record()
    if resource == "agreements":
        with counted_queries("GET /api/v1/agreements/ read for the first time"):
            api.read("agreements/?page_size=100")
    with counted_queries(f"GET /api/v1/{resource}/"):
        many = api.read(f"{resource}/?page_size=100")
    assert resource == "countries" or len(many["results"]) > len(few["results"])
    with counted_queries(f"GET /api/v1/{resource}/?cursor"):
        api.read(f"{resource}/?page_size=100&cursor=")


def test_a_filtered_list(api, counted_queries):
    for _ in range(3):
        full_record()
    api.read(f"agreements/?{QUESTION}")
    with counted_queries("GET /api/v1/agreements/?q&country&signed_after&ordering"):
        assert api.read(f"agreements/?{QUESTION}")["count"] == 3


@pytest.mark.parametrize("resource", LISTS)
def test_details(api, counted_queries, resource):
    agreement = full_record()
    party = agreement.parties.first()
    uid = {
        "agreements": agreement.uid,
        "partnerships": "-".join(row.institution.uid for row in agreement.parties.all()),
        "institutions": party.institution.uid,
        "people": agreement.statements.get().person.uid,
        "focus-areas": agreement.subjects.get().focus_area.uid,
        "activities": agreement.activities.get().uid,
        "events": agreement.event.uid,
        "sources": agreement.sources.get().uid,
        "documents": agreement.documents.get().uid,
        "countries": "GB",
    }[resource]
    if resource == "agreements":
        with counted_queries("GET /api/v1/agreements/<id>/ read for the first time"):
            api.read(f"agreements/{uid}/")
    with counted_queries(f"GET /api/v1/{resource}/<id>/"):
        api.read(f"{resource}/{uid}/")


def test_a_detail_does_not_grow_with_what_hangs_on_it(api, counted_queries):
    agreement = full_record()
    party = agreement.parties.last()
    for position in range(1, 6):
        person = PersonFactory(visibility="public")
        SignatoryFactory(party=party, person=person, position=position)
        StatementFactory(agreement=agreement, person=person, position=position)
        ActivityFactory(agreement=agreement, position=position)
        text = DocumentFactory(agreement=agreement, position=position)
        AmendmentFactory(agreement=agreement, number=position + 1, document=text)
        Period.objects.create(agreement=agreement, number=position + 1)
    with counted_queries("GET /api/v1/agreements/<id>/ read for the first time"):
        api.read(f"agreements/{agreement.uid}/")


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_an_export_of_one_chunk(api, counted_queries, kind):
    for _ in range(3):
        full_record()
    api.body(f"agreements/?format={kind}")
    with counted_queries(f"GET /api/v1/agreements/?format={kind}"):
        assert api.body(f"agreements/?format={kind}")
