"""Documents in the form of an agreement: new files, earlier ones, what could be read, and refusals."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnerships.models import Agreement
from partnerships.services.texts.keeping import read_text
from tests import files
from tests.factories import AgreementFactory, MembershipFactory

from .forms import ADD, blank, errors_of, put_rows, untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return MembershipFactory(role="editor", user__username="edith")


@pytest.fixture
def desk(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def document(member):
    record = AgreementFactory(office=member.office)
    return files.document_with(b"first", "first.txt", agreement=record, note="As signed")


def page_of(document) -> str:
    return reverse("admin:partnerships_agreement_change", args=[document.agreement_id])


def upload(content: bytes, name: str = "second.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def told(response) -> str:
    return "\n".join(str(message) for message in response.context["messages"])


def replace(desk, document, file, **facts):
    fields = {f"documents-0-{name}": value for name, value in ({"file": file} | facts).items()}
    response = desk.post(page_of(document), untouched(desk, page_of(document)) | fields, follow=True)
    document.refresh_from_db()
    return response


def test_a_new_file_keeps_the_old_one(desk, document, member):
    response = replace(desk, document, upload(b"second"), note="Page 3 was missing")
    assert not errors_of(response)
    assert (document.filename, document.note, document.filed_by) == (
        "second.txt",
        "Page 3 was missing",
        member.user,
    )
    earlier = document.versions.get()
    assert (earlier.number, earlier.filename, earlier.note) == (1, "first.txt", "As signed")
    assert (document.file.read(), earlier.file.read()) == (b"second", b"first")
    page = desk.get(page_of(document)).content.decode()
    assert f"/documents/{document.uid}/versions/1/" in page
    assert earlier.sha256 in page
    assert "Earlier versions (1)" in page
    history = desk.get(reverse("admin:partnerships_agreement_history", args=[document.agreement_id]))
    assert "first.txt" in history.content.decode()


def test_a_note_tells_of_one_file(desk, document):
    replace(desk, document, upload(b"second"))
    assert document.note == ""


def test_the_very_same_file_is_no_new_version(desk, document):
    name = document.file.name
    assert not errors_of(replace(desk, document, upload(b"first", "again.txt")))
    assert (document.file.name, document.filename) == (name, "first.txt")
    assert document.versions.count() == 0


def test_a_new_file_is_read_after_saving(desk, document, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = replace(desk, document, upload(files.word("Quantum gardening"), "new.docx"))
    assert "Its text is being read" in told(response)
    assert document.contents.__class__.objects.get(document=document).text == "Quantum gardening"
    assert "Its words can be searched" in desk.get(page_of(document)).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (files.encrypted_pdf("x", "password"), "a.pdf", "This PDF is encrypted"),
        (b"%PDF-1.7 nothing", "a.pdf", "seems to be damaged"),
        (files.pdf(), "a.pdf", "It may be a scan"),
    ],
)
def test_what_cannot_be_read_is_taken_in_and_told(
    desk, document, django_capture_on_commit_callbacks, content, name, message
):
    with django_capture_on_commit_callbacks(execute=True):
        assert not errors_of(replace(desk, document, upload(content, name)))
    assert document.filename == name
    assert message in desk.get(page_of(document)).content.decode()


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        (upload(b"", "a.pdf"), "empty"),
        (upload(b"<html>", "a.pdf"), "This is no pdf file"),
        (upload(b"x", "a.svg"), "not accepted"),
        (upload(files.word("x"), "a.odt"), "This is no odt file"),
    ],
)
def test_a_refused_file_loses_nothing_that_was_typed(desk, file, complaint):
    data = blank(desk) | {"title": "Typed with care", "type": "other"}
    whole = upload(b"text", "whole.txt")
    row = {"title": "The text", "kind": "agreement", "visibility": "internal", "file": file}
    put_rows(data, "documents", row, row | {"title": "Another", "file": whole})
    response = desk.post(reverse(ADD), data, follow=True)
    assert complaint in errors_of(response)
    page = response.content.decode()
    for typed in ("Typed with care", "The text", "Another"):
        assert f'value="{typed}"' in page
    assert "whole.txt" in told(response), "whoever chose it must know that it is gone from the form"
    assert not Agreement.objects.exists()


def test_too_large_is_told_with_the_limit(desk, document, settings):
    settings.MAX_DOCUMENT_MB = 0
    assert "too large" in errors_of(replace(desk, document, upload(b"x")))
    assert document.filename == "first.txt"
    settings.MAX_DOCUMENT_MB = 7
    assert "At most 7 MB" in desk.get(page_of(document)).content.decode()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("x" * 300 + ".txt", "x" * 251 + ".txt"),
        ("exe\u202etxt.txt", "exetxt.txt"),
        ("a.exe.txt", "a.exe.txt"),
    ],
)
def test_strange_names(desk, document, name, kept):
    assert not errors_of(replace(desk, document, upload(b"second", name)))
    assert document.filename == kept


def test_a_language_is_a_tag(desk, document):
    assert "pt-BR" in errors_of(replace(desk, document, "", language="Portuguese!"))
    assert not errors_of(replace(desk, document, "", language="pt-BR"))
    assert document.language == "pt-BR"


def test_no_address_of_the_store_is_shown(desk, document):
    page = desk.get(page_of(document)).content.decode()
    assert document.file.name not in page
    assert "/media/" not in page


def test_documents_hidden_from_a_member_keep_their_files(desk, document):
    """A document of another kind of visibility stands in the same record: it is not in the form."""
    other = files.document_with(b"secret", agreement=AgreementFactory(restricted=True))
    assert desk.get(page_of(other)).status_code in {302, 404}
    assert other.uid not in desk.get(page_of(document)).content.decode()


def test_the_list_is_asked_for_documents(desk, document):
    read_text(document_id=document.pk)
    without = AgreementFactory(title="Bare record")
    unread = files.document_with(b"%PDF-", "a.pdf", agreement=AgreementFactory(title="Damaged"))
    read_text(document_id=unread.pk)

    def listed(value: str, name: str = "documents") -> set[str]:
        address = reverse("admin:partnerships_agreement_changelist")
        response = desk.get(address, {name: value}, follow=True)
        return {row.title for row in response.context["cl"].result_list}

    assert listed("document", "lacks") == {without.title}
    assert listed("unread") == {"Damaged"}
    assert listed("nonsense") == set()


@pytest.mark.parametrize("number", [1, 4])
def test_the_form_takes_as_many_statements_whatever_was_there(desk, member, counted_queries, number):
    record = AgreementFactory(office=member.office)
    for _ in range(number):
        row = files.document_with(b"first", agreement=record)
        for version in range(number):
            files.replace(row, f"version {version}".encode())
    page_of(row)
    desk.get(page_of(row))
    with counted_queries("GET /admin/partnerships/agreement/<id>/change/ with documents"):
        desk.get(page_of(row))
