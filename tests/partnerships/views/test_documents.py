"""Handing out documents."""

import logging

import pytest
from django.test import Client

from partnerships.models import DocumentVersion
from partnerships.services.publication import withdraw
from tests import files
from tests.factories import AgreementFactory, DocumentFactory, MembershipFactory, administrator

pytestmark = pytest.mark.django_db


def download(client: Client, document, number: int | None = None, **headers):
    address = f"/documents/{document.uid}/" + (f"versions/{number}/" if number is not None else "")
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_document_is_to_be_kept_and_never_run_here(client):
    document = DocumentFactory(agreement=AgreementFactory(published=True), filename="협약 2024.html")
    response = download(client, document)
    assert body(response) == b"text"
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Length"] == "4"
    assert response["ETag"] == f'"{document.sha256}"'
    assert response["Cache-Control"] == "public, no-cache"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize(
    ("document", "record"),
    [({"visibility": "internal"}, {"published": True}), ({}, {}), ({}, {"visibility": "internal"})],
)
def test_what_is_not_public_is_not_handed_out(client, document, record):
    document = DocumentFactory(agreement=AgreementFactory(**record), **document)
    assert download(client, document).status_code == 404
    client.force_login(MembershipFactory().user)
    response = download(client, document)
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]


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
    known = {"if_none_match": f'"{document.sha256}"'}
    assert download(client, document, **known).status_code == status, "who has it is told as well"


def test_a_missing_file_is_said_and_logged(client, caplog):
    document = DocumentFactory(agreement=AgreementFactory(published=True))
    document.file.storage.delete(document.file.name)
    with caplog.at_level(logging.ERROR, "entente.documents"):
        response = download(client, document)
    assert response.status_code == 404
    assert "missing in our store" in response.content.decode()
    assert document.uid in caplog.text


def test_only_reading_is_allowed(client):
    document = DocumentFactory(agreement=AgreementFactory(published=True))
    assert client.post(f"/documents/{document.uid}/").status_code == 405
    response = client.head(f"/documents/{document.uid}/")
    assert response.status_code == 200
    assert response["Content-Length"] == "4"


def test_who_has_the_file_is_not_sent_it_again(client):
    document = DocumentFactory(agreement=AgreementFactory(published=True))
    response = download(client, document, if_none_match=f'"{document.sha256}"')
    assert (response.status_code, response.content) == (304, b"")
    assert response["Cache-Control"] == "public, no-cache"
    assert download(client, document, if_none_match='"another"').status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "sent", "told"),
    [
        ("bytes=0-1", 206, b"te", "bytes 0-1/4"),
        ("bytes=2-", 206, b"xt", "bytes 2-3/4"),
        ("bytes=-1", 206, b"t", "bytes 3-3/4"),
        ("bytes=-9", 206, b"text", "bytes 0-3/4"),
        ("bytes=1-99", 206, b"ext", "bytes 1-3/4"),
        ("bytes=4-", 416, b"", "bytes */4"),
        ("bytes=3-1", 416, b"", "bytes */4"),
        ("bytes=-0", 416, b"", "bytes */4"),
        ("bytes=-", 200, b"text", None),
        ("bytes=0-1,2-3", 200, b"text", None),
        ("lines=1-2", 200, b"text", None),
        ("bytes=" + "9" * 400 + "-", 200, b"text", None),
    ],
)
def test_a_part_of_a_file(client, asked, status, sent, told):
    document = DocumentFactory(agreement=AgreementFactory(published=True))
    response = download(client, document, range=asked)
    assert response.status_code == status
    assert (body(response) if response.streaming else response.content) == sent
    assert response.get("Content-Range") == told


def test_the_rest_of_another_file_is_none_of_this_one(client):
    document = DocumentFactory(agreement=AgreementFactory(published=True))
    assert download(client, document, range="bytes=2-", if_range='"another"').status_code == 200
    assert download(client, document, range="bytes=2-", if_range=f'"{document.sha256}"').status_code == 206


class TestVersions:
    """A file that gave way to another stays, for those who read internally."""

    @pytest.fixture
    def document(self):
        document = files.document_with(b"first", "one.txt", agreement=AgreementFactory(published=True))
        files.replace(document, b"second", "two.txt", note="Page 3 was missing")
        files.replace(document, b"third", "three.txt")
        return document

    def test_no_file_is_lost(self, document):
        kept = [(row.number, row.filename, row.note) for row in document.versions.order_by("number")]
        assert kept == [(1, "one.txt", ""), (2, "two.txt", "Page 3 was missing")]
        assert [row.file.read() for row in document.versions.order_by("number")] == [b"first", b"second"]
        assert document.file.read() == b"third"

    def test_nor_by_an_update_around_the_form(self, document):
        type(document).objects.filter(pk=document.pk).update(file="documents/other")
        assert document.versions.count() == 3

    def test_what_is_changed_beside_the_file_makes_no_version(self, document):
        document.title = "Another"
        document.save()
        assert document.versions.count() == 2

    def test_everybody_gets_the_one_that_holds(self, client, document):
        assert body(download(client, document)) == b"third"

    def test_earlier_ones_are_for_staff(self, client, document):
        assert download(client, document, 1).status_code == 404
        client.force_login(MembershipFactory().user)
        response = download(client, document, 1)
        assert body(response) == b"first"
        assert 'filename="one.txt"' in response["Content-Disposition"]
        assert "private" in response["Cache-Control"]
        for number in (0, 3, 10**30):
            assert download(client, document, number).status_code == 404

    def test_as_far_as_they_see_the_document(self, client, document):
        document.visibility = "restricted"
        document.save()
        client.force_login(MembershipFactory().user)
        assert download(client, document, 1).status_code == 404

    def test_history_outlives_the_document(self, document):
        events = DocumentVersion.history.rel.related_model.objects
        document.delete()
        assert events.filter(pgh_label="delete").count() == 2
