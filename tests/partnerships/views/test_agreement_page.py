"""The page of one agreement: what it says, and to whom."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import AgreementRelation
from partnerships.services.publication import withdraw
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    MembershipFactory,
    administrator,
    publish_now,
)

from .records import full_agreement, seed_agreement

pytestmark = pytest.mark.django_db


def page_of(client: Client, record) -> str:
    response = client.get(f"/agreements/{record.uid}/")
    assert response.status_code == 200
    return plain(response.content.decode())


def plain(html: str) -> str:
    """The text of a page without its tags, each run of white space one space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def staff(client) -> Client:
    client.force_login(MembershipFactory(role="editor").user)
    return client


def test_the_seed_record_says_what_is_known_and_what_is_not(client):
    text = page_of(client, seed_agreement())
    assert "Signed 2024; neither an effective date nor an end is stated." in text
    assert "No signatory is named in the sources." in text
    assert "Speakers are not signatories." in text
    assert "Song Chong" in text and "Welcomed it." in text
    assert "Supports: parties, signed on" in text and "so agreed" in text
    assert "Artificial intelligence emphasised" in text
    assert "Secondments Both ways" in text
    assert "In effect from Not known End Not known" in text
    assert (
        "Not stated in the sources A date of announcement, a term, renewal, a notice period, "
        "whether it binds legally, languages" in text
    )
    assert "No related agreement is recorded." in text
    assert "AI Seoul Summit 2024" in text
    assert "035dkdb55" in text and "05apxxy63" in text


def test_a_date_is_written_as_far_as_it_is_known(client):
    record = AgreementFactory(
        announced_on="2024", signed_on="2024-05", effective_from="2024-05-21", published=True
    )
    html = client.get(f"/agreements/{record.uid}/").content.decode()
    for written, spoken in (("2024", "2024"), ("2024-05", "May 2024"), ("2024-05-21", "21 May 2024")):
        assert f'<time datetime="{written}">{spoken}</time>' in html


def test_the_reason_of_a_status_writes_its_dates_as_people_read_them(client):
    record = AgreementFactory(signed_on="2020-05", effective_from="2020-06-01", published=True)
    assert "Signed May 2020, in effect from 1 June 2020; no end is stated." in page_of(client, record)


def test_what_is_stated_is_not_told_as_a_gap(client):
    record = AgreementFactory(binding="binding", notice_amount=1, notice_unit="years", published=True)
    gaps = page_of(client, record).split("Not stated in the sources")[1].split("Signatories")[0]
    assert "renewal" in gaps and "binds" not in gaps and "notice" not in gaps


def test_a_record_without_statements_says_so(client):
    record = AgreementFactory(published=True)
    assert "No statement about this agreement is recorded." in page_of(client, record)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"end_kind": "open_ended"}, "End Open-ended"),
        ({"end_kind": "unknown"}, "End Not known"),
        ({"end_kind": "date", "ends_on": "2031-12"}, "End December 2031"),
    ],
)
def test_three_kinds_of_end_are_told_apart(client, facts, words):
    assert words in page_of(client, AgreementFactory(published=True, **facts))


def test_every_kind_of_row_is_shown(client):
    record = full_agreement(
        languages=["en", "ko"],
        notice_amount=6,
        notice_unit="months",
        term_as_stated="Five years",
        binding="binding",
    )
    text, html = page_of(client, record), client.get(f"/agreements/{record.uid}/").content.decode()
    for party in record.parties.all():
        signatory = party.signatories.get()
        assert signatory.name_as_printed in text and signatory.title_as_printed in text
        assert f"part of {party.institution.links.get().target}" in text
    assert "English, Korean" in text and "6 months" in text and "Five years" in text and "Binding" in text
    for relation in record.relations.all():
        assert f"Renews {relation.target}" in text
    for relation in record.inverse_relations.all():
        assert f"Amended by {relation.agreement}" in text
    for document in record.documents.all():
        assert document.sha256 in text
        assert reverse("partnerships:document-download", args=[document.uid]) in html
    assert "Renewed, period 2" in text


def test_it_says_how_to_cite_it(client):
    record = AgreementFactory(title="50% of {everything} & more_", published=True)
    html = client.get(f"/agreements/{record.uid}/").content.decode()
    assert f"http://testserver/agreements/{record.uid}/ (accessed" in html
    assert r"50\% of \textbraceleft{}everything\textbraceright{} \&amp; more\_" in html
    assert f'<link rel="canonical" href="http://testserver/agreements/{record.uid}/">' in html


def test_its_data_stand_one_link_away(client):
    record = seed_agreement()
    html = client.get(f"/agreements/{record.uid}/").content.decode()
    address = re.search(r'href="([^"]+)">\s*This record as JSON', html)[1]
    assert json.loads(client.get(address).content)["id"] == record.uid


@pytest.mark.parametrize("facts", [{}, {"visibility": "internal", "published": True}])
def test_what_is_not_public_is_not_found(client, facts):
    assert client.get(f"/agreements/{AgreementFactory(**facts).uid}/").status_code == 404


def test_staff_see_a_draft_and_are_told_that_it_is_one(staff):
    record = AgreementFactory()
    text = page_of(staff, record)
    assert "Draft, not public." in text
    html = staff.get(f"/agreements/{record.uid}/").content.decode()
    assert reverse("admin:partnerships_agreement_change", args=[record.pk]) in html


def test_no_banner_on_what_everybody_sees(staff):
    assert "not public" not in page_of(staff, AgreementFactory(published=True))


def test_hidden_rows_of_a_public_record_stay_hidden(client):
    record = AgreementFactory(published=True)
    DocumentFactory(agreement=record, title="Secret annex", visibility="internal")
    draft = AgreementFactory(title="Secret successor")
    AgreementRelation.objects.create(agreement=draft, kind="supersedes", target=record, note="secret note")
    assert "ecret" not in page_of(client, record)


def test_a_withdrawn_record_says_why(client):
    record = AgreementFactory(title="Taken back", published=True)
    withdraw(agreement=record, by=administrator(), reason="The publisher retracted it.")
    response = client.get(f"/agreements/{record.uid}/")
    assert response.status_code == 410
    assert "The publisher retracted it." in response.content.decode()
    assert "Taken back" not in response.content.decode()


def test_a_withdrawn_record_that_was_never_public_is_not_found(client):
    record = AgreementFactory(visibility="internal")
    publish_now(record)
    withdraw(agreement=record, by=administrator(), reason="Secret reason.")
    assert client.get(f"/agreements/{record.uid}/").status_code == 404


def test_staff_still_read_a_withdrawn_record(staff):
    record = AgreementFactory(title="Taken back", published=True)
    withdraw(agreement=record, by=administrator(), reason="The publisher retracted it.")
    text = page_of(staff, record)
    assert "Withdrawn, not public." in text and "Taken back" in text
