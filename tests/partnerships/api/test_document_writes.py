"""Files through the API: filed, replaced, taken back, refused with the field that is wrong."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from partnerships.models import Document, DocumentVersion
from people.models import Role
from tests.factories import AgreementFactory, DocumentFactory, MembershipFactory, OfficeFactory, publish_now

from .conftest import ApiClient
from .test_writing import faults

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/documents/"


@pytest.fixture
def system(bearing):
    return bearing("write:agreements")


def upload(data: bytes = b"Text of the agreement", name: str = "signed.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def file_(client, record, status: int = 201, query: str = "", **form) -> dict:
    """File a document with an agreement; the form's values override what is right."""
    form = {"agreement": getattr(record, "uid", record), "file": upload(), **form}
    response = client.post(
        f"{ADDRESS}{query}", {name: value for name, value in form.items() if value is not None}
    )
    assert response.status_code == status, response.content
    return response.json()


def change(client, uid: str, status: int = 200, headers=None, **form) -> dict:
    response = client.patch(
        f"{ADDRESS}{uid}/", encode_multipart(BOUNDARY, form), MULTIPART_CONTENT, headers=headers or {}
    )
    assert response.status_code == status, response.content
    return response.json()


def test_a_file_is_taken_in_with_what_is_noted_of_it(system, api):
    record = AgreementFactory(published=True)
    said = file_(
        system, record, title="The signed text", kind="agreement", visibility="public", language="en"
    )
    digest = hashlib.sha256(b"Text of the agreement").hexdigest()
    assert said["sha256"] == digest and said["size"] == 21 and said["media_type"] == "text/plain"
    assert said["filename"] == "signed.txt" and said["agreement"]["id"] == record.uid
    assert api.read(f"documents/{said['id']}/")["title"] == "The signed text"
    assert b"".join(api.get(f"/documents/{said['id']}/").streaming_content) == b"Text of the agreement"
    last = Document.objects.get(uid=said["id"]).history.latest("pgh_id")
    assert last.pgh_context.metadata["reason"] == "filed"


def test_without_a_title_it_has_the_name_of_its_file_and_is_internal(system, api):
    said = file_(system, AgreementFactory(published=True))
    assert (said["title"], said["visibility"]) == ("signed.txt", "internal")
    api.read(f"documents/{said['id']}/", 404)


def test_its_words_are_found(system, django_capture_on_commit_callbacks):
    record = AgreementFactory(published=True)
    with django_capture_on_commit_callbacks(execute=True):
        file_(system, record, file=upload(b"Of zymurgy and nothing else"), visibility="public")
    assert [row["id"] for row in system.rows("agreements/?q=zymurgy")] == [record.uid]


def test_a_newer_file_leaves_the_earlier_one_as_a_version(system):
    record = AgreementFactory()
    first = file_(system, record, note="Scanned", title="Text")
    changed = change(system, first["id"], file=upload(b"Second text", "second.txt"), version="2")
    assert changed["filename"] == "second.txt" and changed["title"] == "Text"
    [earlier] = DocumentVersion.objects.all()
    assert (earlier.filename, earlier.note) == ("signed.txt", "Scanned")
    assert Document.objects.get().note == ""


def test_the_very_same_file_is_no_newer_one(system):
    first = file_(system, AgreementFactory())
    before = Document.objects.get().history.count()
    assert change(system, first["id"], file=upload()) == first
    assert Document.objects.get().history.count() == before


def test_what_is_said_of_it_may_come_as_json(system):
    first = file_(system, AgreementFactory())
    response = system.patch(
        f"{ADDRESS}{first['id']}/", {"title": "Another", "version": None}, "application/json"
    )
    assert response.json()["title"] == "Another"
    assert Document.objects.get().size == 21


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"file": None}, "file"),
        ({"file": "no file"}, "file"),
        ({"file": upload(b"")}, "file"),
        ({"file": upload(b"MZ", "setup.exe")}, "file"),
        ({"file": upload(b"no PDF", "text.pdf")}, "file"),
        ({"agreement": None}, "agreement"),
        ({"agreement": "2222222222"}, "agreement"),
        ({"kind": "poem"}, "kind"),
        ({"visibility": "secret"}, "visibility"),
        ({"language": "en us"}, "language"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"sha256": "0" * 64}, "sha256"),
        ({"colour": "red"}, "colour"),
        ({"title": ["One", "Two"]}, "title"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_filed(system, form, field):
    assert set(faults(file_(system, AgreementFactory(), 400, **form))) == {field}
    assert not Document.objects.exists()


def test_a_file_that_is_too_large(system, settings):
    settings.MAX_DOCUMENT_MB = 1
    too_large = upload(b"x" * (1024 * 1024 + 1))
    assert set(faults(file_(system, AgreementFactory(), 400, file=too_large))) == {"file"}
    file_(system, AgreementFactory(), 413, file=upload(b"x" * (2 * 1024 * 1024)))


@pytest.mark.parametrize("body", [b"", b"--x\r\nno form", b"\xff" * 100])
def test_what_is_no_form(system, body):
    response = system.post(ADDRESS, body, "multipart/form-data; boundary=x")
    assert response.status_code == 400
    response = system.post(ADDRESS, body, "multipart/form-data")
    assert response.status_code == 400


def test_json_holds_no_file(system):
    response = system.post(ADDRESS, {"agreement": AgreementFactory().uid}, "application/json")
    assert response.status_code == 415
    uid = file_(system, AgreementFactory())["id"]
    response = system.patch(f"{ADDRESS}{uid}/", {"file": "text"}, "application/json")
    assert response.status_code == 400 and set(faults(response.json())) == {"file"}


class TestWhoMay:
    def test_nobody_without_a_token(self, api):
        assert file_(api, AgreementFactory(published=True), 401)["status"] == 401

    def test_no_token_that_only_reads(self, bearing):
        assert "write:agreements" in file_(bearing("read:internal"), AgreementFactory(), 403)["detail"]

    def test_no_record_of_another_office(self, bearing):
        record = AgreementFactory(office=OfficeFactory(), published=True)
        elsewhere = bearing("write:agreements", office=OfficeFactory())
        file_(elsewhere, record, 403)
        document = DocumentFactory(agreement=record)
        change(elsewhere, document.uid, 403, title="Mine")
        assert elsewhere.delete(f"{ADDRESS}{document.uid}/").status_code == 403
        document.refresh_from_db()
        assert document.title != "Mine"

    def test_no_hidden_record(self, bearing):
        record = AgreementFactory(office=OfficeFactory(), restricted=True)
        told = file_(bearing("write:agreements", office=OfficeFactory()), record, 400)
        assert set(faults(told)) == {"agreement"}

    def test_editors_of_the_office(self):
        office = OfficeFactory()
        editor = MembershipFactory(office=office, role=Role.EDITOR).user
        client = ApiClient()
        client.force_login(editor)
        said = file_(client, AgreementFactory(office=office))
        assert Document.objects.get(uid=said["id"]).filed_by == editor


class TestTakingBack:
    def test_what_nobody_saw_is_deleted(self, system):
        said = file_(system, AgreementFactory(), visibility="public")
        assert system.delete(f"{ADDRESS}{said['id']}/").json()["outcome"] == "deleted"
        assert not Document.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_what_was_public_is_taken_from_the_public(self, system, api):
        record = AgreementFactory(published=True)
        said = file_(system, record, visibility="public")
        told = system.delete(f"{ADDRESS}{said['id']}/?reason=Signatures%20are%20private").json()
        assert told == {"id": said["id"], "outcome": "withdrawn"}
        assert "taken back" in api.read(f"documents/{said['id']}/", 410)["detail"]
        assert api.get(f"/documents/{said['id']}/").status_code == 410
        assert api.read(f"agreements/{record.uid}/")["documents"] == []
        # Sent again it says the same: hidden first and removed then, it does not vanish.
        assert system.delete(f"{ADDRESS}{said['id']}/").json()["outcome"] == "withdrawn"

    def test_of_what_was_never_public_nobody_hears(self, system, api):
        said = file_(system, AgreementFactory(published=True), visibility="internal")
        api.read(f"documents/{said['id']}/", 404)
        assert api.get(f"/documents/{said['id']}/").status_code == 404

    @pytest.mark.django_db(transaction=True)
    def test_what_was_hidden_before_its_record_was_published_neither(self, system, api):
        record = AgreementFactory()
        said = file_(system, record, visibility="public")
        change(system, said["id"], visibility="internal")
        publish_now(record)
        api.read(f"documents/{said['id']}/", 404)
        assert system.delete(f"{ADDRESS}{said['id']}/").json()["outcome"] == "deleted"


class TestSafely:
    def test_a_rehearsal_files_nothing(self, system):
        said = file_(system, AgreementFactory(), 200, query="?dry_run=true")
        assert said["size"] == 21 and not Document.objects.exists()

    def test_a_key_files_it_once(self, system):
        record = AgreementFactory()
        key = {"HTTP_IDEMPOTENCY_KEY": "one"}
        answers = [system.post(ADDRESS, {"agreement": record.uid, "file": upload()}, **key) for _ in range(2)]
        assert answers[0].json() == answers[1].json() and Document.objects.count() == 1
        other = system.post(ADDRESS, {"agreement": record.uid, "file": upload(b"Other")}, **key)
        assert other.status_code == 422

    def test_only_what_was_read_is_changed(self, system):
        said = file_(system, AgreementFactory(), title="First")
        tag = system.get(f"{ADDRESS}{said['id']}/").headers["ETag"]
        change(system, said["id"], headers={"if-match": tag}, title="Second")
        change(system, said["id"], 412, headers={"if-match": tag}, title="Third")
        assert Document.objects.get().title == "Second"

    def test_hostile_names_become_plain_ones(self, system):
        said = file_(system, AgreementFactory(), file=upload(name="../../etc/\u202efdp.txt"))
        assert said["filename"] == "fdp.txt"


def test_an_empty_file_is_called_empty(system):
    [error] = file_(system, AgreementFactory(), 400, file=upload(b""))["errors"]
    assert "empty" in error["message"]
