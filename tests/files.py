"""Small files of every kind that documents are made of."""

import hashlib
import io
import zipfile
from xml.sax.saxutils import escape

import docx
import pypdf
from django.core.files.base import ContentFile

from partnerships.services.documents import ACCEPTED
from tests.factories import DocumentFactory


def pdf(text: str = "", pages: int = 1) -> bytes:
    """A PDF, written by hand, with ``text`` (of ASCII) on its first page; without it a blank one."""
    drawn = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode() if text else b""
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for page in range(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * page)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(written)


def encrypted_pdf(text: str, password: str, algorithm: str = "AES-256") -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(text)))
    writer.encrypt(password, owner_password="owner", algorithm=algorithm)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def word(text: str, *, cell: str = "", header: str = "") -> bytes:
    """A DOCX with a paragraph, a table of one cell and a header."""
    document = docx.Document()
    document.add_paragraph(text)
    if cell:
        document.add_table(1, 1).cell(0, 0).text = cell
    if header:
        document.sections[0].header.paragraphs[0].text = header
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def open_text(text: str, inside: str = "", doctype: str = "") -> bytes:
    """An ODT with a paragraph; ``inside`` is XML that stands in it, ``doctype`` stands before all."""
    names = f'xmlns:o="{_OPEN}:office:1.0" xmlns:t="{_OPEN}:text:1.0"'
    content = (
        f"{doctype}<o:document-content {names}><o:body><o:text><t:p>{escape(text)}{inside}</t:p>"
        "</o:text></o:body></o:document-content>"
    )
    return archive({"mimetype": ACCEPTED[".odt"][0], "content.xml": content})


def archive(members: dict[str, str | bytes]) -> bytes:
    """A compressed ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def replace(document, content: bytes, filename: str = "text.txt", **facts) -> None:
    """Give a document another file."""
    document.file.save(filename, ContentFile(content), save=False)
    facts = {
        "filename": filename,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    } | facts
    for name, value in facts.items():
        setattr(document, name, value)
    document.save()


def document_with(content: bytes, filename: str = "text.txt", **facts):
    """A document that holds this file, whose text waits to be read."""
    ending = "." + filename.rpartition(".")[2]
    return DocumentFactory(
        file__data=content,
        filename=filename,
        media_type=ACCEPTED[ending][0],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **facts,
    )
