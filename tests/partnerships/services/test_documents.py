"""Files are taken in with their facts; what does not belong here is refused."""

import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.services import documents
from partnerships.services.documents import examine, same_files
from tests.factories import AgreementFactory, DocumentFactory, MembershipFactory, OfficeFactory


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="whatever/a-browser-claims")


def archive(*members: str, **told: str) -> bytes:
    """A ZIP of these members; ``types`` or ``mimetype`` says what it is."""
    buffer = io.BytesIO()
    names = {"types": "[Content_Types].xml", "mimetype": "mimetype"}
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in told.items():
            file.writestr(names[name], text)
        for member in members:
            file.writestr(member, "x")
    return buffer.getvalue()


DOCX = archive("word/document.xml", types=documents.ACCEPTED[".docx"][0] + ".main+xml")
ODT = archive("content.xml", mimetype=documents.ACCEPTED[".odt"][0])


GENUINE = [
    ("Agreement.PDF", b"%PDF-1.7 text", "application/pdf"),
    ("협약서.txt", "협약".encode(), "text/plain"),
    ("scan.png", b"\x89PNG\r\n\x1a\n....", "image/png"),
    ("scan.jpeg", b"\xff\xd8\xff\xe0....", "image/jpeg"),
    ("text.docx", DOCX, documents.ACCEPTED[".docx"][0]),
    ("text.odt", ODT, documents.ACCEPTED[".odt"][0]),
]


@pytest.mark.parametrize(("name", "content", "media_type"), GENUINE)
def test_facts_are_taken_from_the_file_itself(name, content, media_type):
    file = upload(name, content)
    facts = examine(file)
    assert (facts.filename, facts.media_type, facts.size) == (name, media_type, len(content))
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert file.tell() == 0, "the file can be stored from its beginning"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "empty"),
        ("page.html", b"<html></html>", "kind"),
        ("picture.svg", b"<svg/>", "kind"),
        ("program", b"\x7fELF", "kind"),
        ("page.pdf", b"<html></html>", "not_genuine"),
        ("page.docx", b"<html></html>", "not_genuine"),
        ("sheet.docx", archive("xl/workbook.xml"), "not_genuine"),
        ("bare.docx", archive("word/document.xml"), "not_genuine"),
        (
            "macros.docx",
            archive("word/document.xml", types="application/vnd.ms-word.document.macroEnabled.main+xml"),
            "not_genuine",
        ),
        ("two.docx", b"GIF89a" + DOCX, "not_genuine"),
        ("text.ods", ODT, "not_genuine"),
        ("cut.docx", DOCX[:-40], "not_genuine"),
        ("agreement.pdf.exe", b"%PDF-1.7", "kind"),
        ("latin.txt", b"\xff\xfe\xfa", "not_genuine"),
        ("binary.txt", b"a\x00b", "not_genuine"),
    ],
)
def test_what_does_not_belong_here_is_refused(name, content, code):
    with pytest.raises(ValidationError) as refused:
        examine(upload(name, content))
    assert refused.value.code == code


def test_too_large_is_told_with_the_limit(monkeypatch):
    monkeypatch.setattr(documents, "max_bytes", lambda: 10)
    with pytest.raises(ValidationError, match="at most 10"):
        examine(upload("a.txt", b"more than ten"))


def test_a_path_in_the_name_is_dropped():
    file = upload("a.txt", b"text")
    file._name = "C:\\fakepath\\..\\a.txt"
    assert examine(file).filename == "a.txt"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("agreement\u202efdp.txt", "agreementfdp.txt"),
        ("a\x00b\x07.txt", "ab.txt"),
        ("../../etc/a.txt", "a.txt"),
        ("two\r\nlines.txt", "twolines.txt"),
        ("نام\u200cها.txt", "نام\u200cها.txt"),
        ("한" * 300 + ".txt", "한" * 251 + ".txt"),
    ],
)
def test_a_name_is_what_it_looks_like(typed, kept):
    file = upload("a.txt", b"text")
    file._name = typed
    assert examine(file).filename == kept


@pytest.mark.django_db
def test_the_same_file_is_found_where_one_may_see_it():
    one, two = DocumentFactory(), DocumentFactory()
    DocumentFactory(sha256="0" * 64)
    secret = AgreementFactory(visibility="restricted", office=OfficeFactory())
    DocumentFactory(agreement=secret)
    assert list(same_files(one, MembershipFactory().user)) == [two]
