"""The pages of everything that is not an agreement."""

import re

import pytest
from django.test import Client

from partnerships.models import InstitutionLink
from partnerships.services.publication import withdraw
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
    administrator,
    make_public,
    publish_now,
)

from .records import full_agreement, seed_agreement
from .test_agreement_page import plain

pytestmark = pytest.mark.django_db


def text_at(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return plain(response.content.decode())


# --- addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "035dkdb55",
        "035DKDB55",
        "ror.org/035dkdb55",
        "https://ror.org/035dkdb55",
        "https://ror.org/035dkdb55/",
    ],
)
def test_a_ror_id_leads_to_the_one_address(client, written):
    institution = InstitutionFactory(ror_id="035dkdb55")
    make_public(institution)
    response = client.get(f"/institutions/{written}/")
    assert response.status_code == 301
    assert response["Location"] == f"/institutions/{institution.uid}/"


@pytest.mark.parametrize("written", ["0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"])
def test_an_orcid_id_leads_to_the_one_address(client, written):
    person = PersonFactory(orcid="0000-0002-1825-0097")
    make_public(person)
    response = client.get(f"/people/{written}/")
    assert response.status_code == 301
    assert response["Location"] == f"/people/{person.uid}/"


def test_a_country_code_may_be_written_small(client):
    response = client.get("/countries/kr/")
    assert (response.status_code, response["Location"]) == (301, "/countries/KR/")


def test_a_partnership_may_be_written_either_way_round_and_with_ror_ids(client):
    record = seed_agreement()
    one, other = (party.institution for party in record.parties.all())
    canonical = "-".join(sorted((one.uid, other.uid)))
    for written in (f"{one.ror_id}-{other.ror_id}", "-".join(sorted((one.uid, other.uid), reverse=True))):
        response = client.get(f"/partnerships/{written}/?sub_units=1")
        assert response.status_code == 301
        assert response["Location"] == f"/partnerships/{canonical}/?sub_units=1"


@pytest.mark.parametrize("path", ["institutions/035dkdb55", "people/0000-0002-1825-0097"])
def test_a_hidden_record_does_not_show_through_a_redirect(client, path):
    InstitutionFactory(ror_id="035dkdb55")
    PersonFactory(orcid="0000-0002-1825-0097")
    assert client.get(f"/{path}/").status_code == 404


# --- the pages --------------------------------------------------------------------------------------


def test_institution(client):
    record = seed_agreement()
    kaist = record.parties.last().institution
    html = client.get(f"/institutions/{kaist.uid}/").content.decode()
    text = plain(html)
    assert re.search(r'<span\s+lang="ko">한국과학기술원</span>', html)
    assert "Acronym KAIST" in text and "Korean" in text
    assert "Sub-units Kim Jaechul Graduate School of AI" in text
    assert "The Alan Turing Institute United Kingdom 1 agreement" in text
    assert record.title in text


def test_an_institution_counts_the_agreements_of_its_sub_units(client):
    parent, child = InstitutionFactory(name="University"), InstitutionFactory(name="Faculty")
    InstitutionLink.objects.create(institution=child, kind="parent", target=parent)
    make_public(parent)
    record = AgreementFactory(parties=[child, InstitutionFactory()], published=True)
    assert record.title in text_at(client, f"/institutions/{parent.uid}/")
    assert "Part of University" in text_at(client, f"/institutions/{child.uid}/")


def test_hidden_relatives_and_partners_stay_hidden(client):
    record = seed_agreement()
    kaist = record.parties.last().institution
    hidden = InstitutionFactory(name="Hidden lab")
    InstitutionLink.objects.create(institution=hidden, kind="parent", target=kaist)
    AgreementFactory(title="Hidden draft", parties=[kaist, InstitutionFactory(name="Hidden partner")])
    assert "Hidden" not in client.get(f"/institutions/{kaist.uid}/").content.decode()


def test_staff_are_told_that_a_record_is_internal(client):
    client.force_login(MembershipFactory().user)
    for name, row in (
        ("institutions", InstitutionFactory()),
        ("people", PersonFactory()),
        ("events", EventFactory()),
        ("focus-areas", FocusAreaFactory()),
    ):
        assert "Internal, not public." in text_at(client, f"/{name}/{row.uid}/")


def test_person_keeps_signing_and_speaking_apart(client):
    person = PersonFactory(name="Kim Minji", orcid="0000-0002-1825-0097")
    person.names.create(value="김민지", kind="native", language="ko")
    signed, spoken = AgreementFactory(title="Signed one"), AgreementFactory(title="Spoken about")
    SignatoryFactory(party=signed.parties.first(), person=person, name_as_printed="Prof. KIM")
    StatementFactory(agreement=spoken, person=person, summary="Hoped for more.")
    SignatoryFactory(party=AgreementFactory(title="Hidden draft").parties.first(), person=person)
    publish_now(signed)
    publish_now(spoken)
    text = text_at(client, f"/people/{person.uid}/")
    before, after = text.split(" Said ", 1)
    assert "Signed one" in before and "as Prof. KIM, Director" in before and "Spoken about" not in before
    assert "Spoken about" in after and "Hoped for more." in after
    assert "김민지" in text and "Hidden" not in text


def test_focus_area_stands_in_its_tree_as_far_as_it_is_public(client):
    area = FocusAreaFactory(name="Artificial intelligence")
    below = FocusAreaFactory(name="Machine learning", parent=area)
    FocusAreaFactory(name="Hidden below", parent=area)
    area.mappings.create(scheme="ford", code="1.2", label="Computer sciences")
    record = AgreementFactory(title="On learning")
    SubjectFactory(agreement=record, focus_area=below)
    publish_now(record)
    area.refresh_from_db()
    area.parent = FocusAreaFactory(name="Hidden above")
    area.save()
    text = text_at(client, f"/focus-areas/{area.uid}/")
    assert "Machine learning 1 agreement" in text and "On learning" in text
    assert "1.2 Computer sciences" in text and "Hidden" not in text
    make_public(area.parent)
    assert "Focus areas › Hidden above" in text_at(client, f"/focus-areas/{area.uid}/")


def test_event(client):
    event = EventFactory(
        name="Summit", starts_on="2024-05-21", ends_on="2024-05-22", place="Seoul", country_id="KR"
    )
    AgreementFactory(title="At the summit", event=event, published=True)
    AgreementFactory(title="Hidden draft", event=event)
    text = text_at(client, f"/events/{event.uid}/")
    assert "21 May 2024 to 22 May 2024" in text and "Seoul" in text and "South Korea" in text
    assert "At the summit" in text and "Hidden" not in text


def test_country(client):
    record = seed_agreement()
    AgreementFactory(parties=InstitutionFactory.create_batch(2, country_id="KR", name="Hidden one"))
    text = text_at(client, "/countries/KR/")
    assert record.title in text
    assert "Korea Advanced Institute of Science and Technology 1 " in text
    assert "Partner countries United Kingdom 1" in text and "Hidden" not in text


def test_a_country_without_anything_says_so(client):
    assert "No agreement of an institution of this country is recorded." in text_at(client, "/countries/ZW/")


# --- partnerships --------------------------------------------------------------------------------------


def test_partnership(client):
    one, other = InstitutionFactory.create_batch(2)
    for year in ("2012", "2024"):
        AgreementFactory(title=f"Of {year}", parties=[one, other], signed_on=year, published=True)
    AgreementFactory(title="Hidden draft", parties=[one, other], signed_on="1999")
    text = text_at(client, f"/partnerships/{'-'.join(sorted((one.uid, other.uid)))}/")
    assert text.index("Of 2024") < text.index("Of 2012")
    assert "First 2012 Latest 2024" in text and "agreements 2" in text and "Signed 2" in text
    assert "Hidden" not in text and "1999" not in text


def test_a_partnership_counts_sub_units_when_asked(client):
    one, other, faculty = InstitutionFactory.create_batch(3)
    InstitutionLink.objects.create(institution=faculty, kind="parent", target=one)
    AgreementFactory(title="Of the faculty", parties=[faculty, other], published=True)
    make_public(one)
    path = f"/partnerships/{'-'.join(sorted((one.uid, other.uid)))}/"
    assert client.get(path).status_code == 404
    assert "Of the faculty" in text_at(client, f"{path}?sub_units=1")


def test_a_part_is_no_partner_of_its_whole_through_a_third(client):
    one, other, faculty = InstitutionFactory.create_batch(3)
    InstitutionLink.objects.create(institution=faculty, kind="parent", target=one)
    AgreementFactory(parties=[faculty, other], published=True)
    make_public(one)
    path = f"/partnerships/{'-'.join(sorted((one.uid, faculty.uid)))}/?sub_units=1"
    assert client.get(path).status_code == 404


def test_a_partnership_of_hidden_agreements_is_not_found(client):
    one, other = InstitutionFactory.create_batch(2)
    make_public(one, other)
    AgreementFactory(parties=[one, other])
    assert client.get(f"/partnerships/{'-'.join(sorted((one.uid, other.uid)))}/").status_code == 404


def test_a_partnership_whose_agreements_were_withdrawn_says_why(client):
    record = AgreementFactory(published=True)
    withdraw(agreement=record, by=administrator(), reason="Retracted by its publisher.")
    pair = "-".join(sorted(party.institution.uid for party in record.parties.all()))
    response = client.get(f"/partnerships/{pair}/")
    assert response.status_code == 410 and "Retracted by its publisher." in response.content.decode()


# --- the start page ----------------------------------------------------------------------------------


def test_the_start_page_of_an_empty_registry(client):
    text = text_at(client, "/")
    assert "No agreement has been published here yet." in text and "0 " in text


def test_the_start_page_counts_and_shows_what_is_public(client):
    record = seed_agreement()
    full_agreement()
    AgreementFactory(title="Hidden draft", signed_on="2025")
    text = text_at(client, "/")
    assert record.title in text and "Hidden" not in text
    assert "South Korea" in text and "Artificial intelligence" in text
