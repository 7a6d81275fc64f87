"""A file under a hand: chosen in the form, read by the job, found by those who may see it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from partnerships.models import Document
from partnerships.querysets.document_texts import forget_texts
from tests import files
from tests.factories import AgreementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def choose_file(page: Page, field: str, name: str, content: bytes) -> None:
    page.set_input_files(field, {"name": name, "mimeType": "application/octet-stream", "buffer": content})


def found_by_strangers(browser: Browser, address: str, words: str) -> str:
    window = browser.new_context()
    page = window.new_page()
    page.goto(f"{address}/agreements/?q={words}")
    text = page.locator("main").inner_text()
    window.close()
    return text


def test_words_of_a_file_are_found_once_it_is_public(browser, live_server, sign_in, office):
    record = AgreementFactory(title="Memorandum on gardens", office=office, published=True)
    editor = sign_in("editor")
    change = f"{live_server.url}/admin/partnerships/agreement/{record.pk}/change/"
    editor.goto(change)
    editor.click("#documents-group .add-row")
    editor.fill("#id_documents-0-title", "Signed text")
    choose_file(editor, "#id_documents-0-file", "mou.docx", files.word("Robots prune at midnight"))
    editor.click("[name=_continue]")
    expect(editor.get_by_text("Its words can be searched.")).to_be_visible()
    expect(editor.get_by_role("link", name="mou.docx")).to_be_visible()

    forget_texts()
    assert "Memorandum on gardens" not in found_by_strangers(browser, live_server.url, "midnight")
    editor.select_option("#id_documents-0-visibility", "public")
    editor.click("[name=_continue]")
    expect(editor.get_by_text("Its words can be searched.")).to_be_visible()
    text = found_by_strangers(browser, live_server.url, "midnight")
    assert "Memorandum on gardens" in text
    assert "In the document “Signed text”" in text

    choose_file(editor, "#id_documents-0-file", "mou-2.pdf", files.encrypted_pdf("x", "password"))
    editor.fill("#id_documents-0-note", "With the annex")
    editor.click("[name=_continue]")
    expect(editor.get_by_text("This PDF is encrypted: its words cannot be searched.")).to_be_visible()
    editor.get_by_text("Earlier versions (1)").click()
    with editor.expect_download() as download:
        editor.get_by_role("link", name="mou.docx").click()
    assert download.value.suggested_filename == "mou.docx"
    assert "Memorandum on gardens" not in found_by_strangers(browser, live_server.url, "midnight")
    assert Document.objects.get().versions.count() == 1
