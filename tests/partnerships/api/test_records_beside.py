"""What the records of everything but agreements say."""

import pytest

from partnerships.models import InstitutionLink
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    DocumentFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    PersonFactory,
    SignatoryFactory,
    SourceFactory,
    StatementFactory,
    SubjectFactory,
    make_public,
    publish_now,
)

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


def test_an_institution(api):
    university = InstitutionFactory(
        name="University", ror_id="05apxxy63", country_id="KR", city="Daejeon", types=["education"],
        latitude=36.37, longitude=127.36, website="https://example.org/", established=1971,
    )  # fmt: skip
    school = InstitutionFactory(name="School")
    former = InstitutionFactory(name="College")
    partner = InstitutionFactory(name="Academy")
    hidden = InstitutionFactory(name="Hidden")
    university.names.create(value="대학교", kind="label", language="ko")
    university.identifiers.create(scheme="isni", value="0000000122925500", preferred=True)
    for institution, kind, target in (
        (school, "parent", university),
        (university, "predecessor", former),
        (partner, "related", university),
        (hidden, "parent", university),
    ):
        InstitutionLink.objects.create(institution=institution, kind=kind, target=target)
    make_public(university, school, former, partner)
    AgreementFactory(parties=[university, partner], published=True)
    AgreementFactory(parties=[university, partner])
    found = api.read("institutions/05apxxy63/")
    assert found["id"] == university.uid
    assert found["ror_id"] == "https://ror.org/05apxxy63"
    assert found["names"] == [{"value": "대학교", "kind": "label", "language": "ko"}]
    assert found["identifiers"] == [{"scheme": "isni", "value": "0000000122925500", "preferred": True}]
    assert (found["types"], found["country"], found["city"]) == (["education"], "KR", "Daejeon")
    assert (found["latitude"], found["longitude"]) == (36.37, 127.36)
    assert (found["website"], found["established"]) == ("https://example.org/", 1971)
    relatives = {
        name: [row["name"] for row in found[name]]
        for name in ("parents", "children", "predecessors", "successors", "related")
    }
    assert relatives == {
        "parents": [],
        "children": ["School"],
        "predecessors": ["College"],
        "successors": [],
        "related": ["Academy"],
    }
    assert found["agreement_count"] == 1, "the draft is not counted"


def test_a_person_and_what_it_did(api):
    person = PersonFactory(name="Hong Gildong", orcid="0000-0002-1825-0097")
    person.names.create(value="홍길동", kind="native", language="ko")
    agreement = AgreementFactory(title="Seen")
    party = agreement.parties.first()
    SignatoryFactory(party=party, person=person, name_as_printed="Hong", title_as_printed="President")
    StatementFactory(agreement=agreement, person=person, capacity="Host", summary="Was glad.")
    publish_now(agreement)
    StatementFactory(agreement=AgreementFactory(title="Draft"), person=person)
    found = api.read(f"people/{person.uid}/")
    reference = {
        "id": agreement.uid,
        "title": "Seen",
        "url": f"{HERE}/api/v1/agreements/{agreement.uid}/",
    }
    assert found["orcid"] == "https://orcid.org/0000-0002-1825-0097"
    assert found["names"] == [{"value": "홍길동", "kind": "native", "language": "ko"}]
    assert found["signatures"] == [
        {
            "agreement": reference,
            "institution": {"id": party.institution.uid, "name": party.institution.name},
            "name_as_printed": "Hong",
            "title_as_printed": "President",
        }
    ]
    assert found["statements"] == [
        {
            "agreement": reference,
            "capacity": "Host",
            "institution": None,
            "summary": "Was glad.",
            "language": None,
        }
    ]


def test_what_agreements_share(api):
    event = EventFactory(
        name="Summit", starts_on="2024-05", country_id="KR", url="https://example.org/summit"
    )
    root = FocusAreaFactory(name="Computing")
    subject = FocusAreaFactory(name="AI", parent=root)
    subject.mappings.create(scheme="ford", code="1.2", label="Computer sciences")
    agreement = AgreementFactory(event=event)
    SubjectFactory(agreement=agreement, focus_area=subject)
    publish_now(agreement)
    found = api.read(f"events/{event.uid}/")
    assert (found["name"], found["starts_on"], found["ends_on"], found["country"]) == (
        "Summit", "2024-05", None, "KR",
    )  # fmt: skip
    assert (found["website"], found["agreement_count"]) == ("https://example.org/summit", 1)
    found = api.read(f"focus-areas/{subject.uid}/")
    assert found["parent"] == {"id": root.uid, "name": "Computing"}
    assert found["mappings"] == [{"scheme": "ford", "code": "1.2", "label": "Computer sciences"}]
    assert found["agreement_count"] == 1
    found = api.read("countries/gb/")
    assert (found["id"], found["agreement_count"], found["institution_count"]) == ("GB", 1, 2)


def test_parts_have_addresses_of_their_own(api):
    agreement = AgreementFactory(title="Whole", sources=0)
    source = SourceFactory(agreement=agreement, url="https://example.org/news")
    activity = ActivityFactory(agreement=agreement)
    document = DocumentFactory(agreement=agreement)
    publish_now(agreement)
    record = api.read(f"agreements/{agreement.uid}/")
    for path, key, part in (
        ("sources", "sources", source),
        ("activities", "activities", activity),
        ("documents", "documents", document),
    ):
        found = api.read(f"{path}/{part.uid}/")
        assert found["agreement"]["title"] == "Whole"
        assert found["html_url"] == record["html_url"]
        [nested] = record[key]
        assert nested.items() <= found.items(), "a part says the same at both addresses"
    assert api.read(f"sources/{source.uid}/")["api_url"].endswith(f"/api/v1/sources/{source.uid}/")
