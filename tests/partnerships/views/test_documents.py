"""Handing out documents."""

import pytest
from django.test import Client

from partnerships.services.publication import withdraw
from tests.factories import AgreementFactory, DocumentFactory, MembershipFactory, administrator

pytestmark = pytest.mark.django_db


def download(client: Client, document):
    return client.get(f"/documents/{document.uid}/")


def test_a_document_is_to_be_kept_and_never_run_here(client):
    document = DocumentFactory(agreement=AgreementFactory(published=True), filename="협약 2024.html")
    response = download(client, document)
    assert b"".join(response.streaming_content) == b"text"
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize(
    ("document", "record"),
    [({"visibility": "internal"}, {"published": True}), ({}, {}), ({}, {"visibility": "internal"})],
)
def test_what_is_not_public_is_not_handed_out(client, document, record):
    document = DocumentFactory(agreement=AgreementFactory(**record), **document)
    assert download(client, document).status_code == 404
    client.force_login(MembershipFactory().user)
    assert download(client, document).status_code == 200


def test_a_restricted_document_goes_to_its_office_alone(client):
    member = MembershipFactory()
    record = AgreementFactory(office=member.office, published=True)
    document = DocumentFactory(agreement=record, visibility="restricted")
    client.force_login(MembershipFactory().user)
    assert download(client, document).status_code == 404
    client.force_login(member.user)
    assert download(client, document).status_code == 200


@pytest.mark.parametrize(("visibility", "status"), [("public", 410), ("internal", 404)])
def test_the_document_of_a_withdrawn_record(client, visibility, status):
    record = AgreementFactory(published=True)
    document = DocumentFactory(agreement=record, visibility=visibility)
    withdraw(agreement=record, by=administrator(), reason="Retracted.")
    assert download(client, document).status_code == status


def test_a_missing_file_is_not_found(client):
    document = DocumentFactory(agreement=AgreementFactory(published=True))
    document.file.storage.delete(document.file.name)
    assert download(client, document).status_code == 404


def test_only_reading_is_allowed(client):
    document = DocumentFactory(agreement=AgreementFactory(published=True))
    assert client.post(f"/documents/{document.uid}/").status_code == 405
    assert client.head(f"/documents/{document.uid}/").status_code == 200
