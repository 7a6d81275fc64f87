"""How many SQL statements a page takes; it never depends on the number of rows."""

import pytest

from partnerships.models import InstitutionLink
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    SubjectFactory,
    publish_now,
)

from .records import full_agreement
from .test_lists import RESOURCES

pytestmark = pytest.mark.django_db

LISTS = [f"/{resource}/" for resource in RESOURCES]
QUESTION = "/agreements/?q=agreement&country=KR&status=unknown&status=signed&ordering=-signed_on"


@pytest.mark.parametrize("rows", [3, 20])
def test_lists_and_the_start_page(client, counted_queries, rows):
    for _ in range(rows):
        full_agreement(signed_on="2024")
    for path in ["/", *LISTS, QUESTION]:
        with counted_queries(f"GET {path}"):
            assert client.get(path).status_code == 200
    client.force_login(MembershipFactory().user)
    with counted_queries("GET /agreements/ as staff"):
        client.get("/agreements/")


@pytest.mark.parametrize("rows", [3, 20])
def test_the_page_of_an_agreement(client, counted_queries, rows):
    record = full_agreement(rows)
    with counted_queries("GET /agreements/<id>/"):
        assert client.get(f"/agreements/{record.uid}/").status_code == 200


@pytest.mark.parametrize("rows", [3, 20])
def test_pages_about_what_agreements_share(client, counted_queries, rows):
    shared = _shared(rows)
    for name, uid in shared.items():
        with counted_queries(f"GET /{name}/<id>/"):
            assert client.get(f"/{name}/{uid}/").status_code == 200
    with counted_queries("GET /institutions/<id>/?country=GB"):
        assert client.get(f"/institutions/{shared['institutions']}/?country=GB").status_code == 200
    with counted_queries("GET /partnerships/<id>/?sub_units=1"):
        assert client.get(f"/partnerships/{shared['partnerships']}/?sub_units=1").status_code == 200


def _shared(rows: int) -> dict[str, str]:
    """An institution, a person, … with ``rows`` rows of everything around them."""
    one, other = InstitutionFactory.create_batch(2, country_id="KR")
    person, event, area = PersonFactory(), EventFactory(country_id="KR"), FocusAreaFactory()
    for number in range(rows):
        one.names.create(value=f"Name {number}")
        one.identifiers.create(scheme="grid", value=f"grid.{number}")
        one.further_locations.create(city=f"City {number}", country_id="KR")
        child = InstitutionFactory(country_id="GB")
        InstitutionLink.objects.create(institution=child, kind="parent", target=one)
        person.names.create(value=f"Name {number}")
        record = AgreementFactory(parties=[one, other, child], event=event)
        SignatoryFactory(party=record.parties.first(), person=person)
        StatementFactory(agreement=record, person=person, institution=child)
        SubjectFactory(agreement=record, focus_area=area)
        SubjectFactory(agreement=record, focus_area=FocusAreaFactory(parent=area))
        publish_now(record)
    return {
        "institutions": one.uid,
        "partnerships": "-".join(sorted((one.uid, other.uid))),
        "people": person.uid,
        "events": event.uid,
        "focus-areas": area.uid,
        "countries": "KR",
    }
