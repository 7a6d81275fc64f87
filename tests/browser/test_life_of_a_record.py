"""A record's life in a browser: reviewed, published, signed, extended, amended, ended, taken back."""

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import Agreement
from tests.factories import AgreementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def record(office):
    office.separate_duties = True
    office.save()
    return AgreementFactory(office=office, title="Pact of gardens", effective_from="2020")


def go(page: Page, live_server, record, act: str) -> None:
    """From the record's page, by its link, to the page of an act."""
    page.goto(f"{live_server.url}/admin/partnerships/agreement/{record.pk}/change/")
    page.locator("#acts").get_by_role("link", name=act).click()
    expect(page.locator("#act_form")).to_be_visible()


def do(page: Page, button: str, told: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(told)).to_be_visible()


def test_from_draft_to_withdrawal(live_server, sign_in, record, browser):
    editor, reviewer = sign_in("editor"), sign_in("reviewer")
    go(editor, live_server, record, "Submit for review")
    do(editor, "Submit for review", "waits for review now")
    go(reviewer, live_server, record, "Approve")
    reviewer.fill("#id_reason", "Held against the press release.")
    do(reviewer, "Approve this record", "You approved")
    expect(reviewer.get_by_text("Held against the press release.")).to_be_visible()
    go(reviewer, live_server, record, "Publish")
    do(reviewer, "Publish this record", "is published")

    go(editor, live_server, record, "Record signature")
    editor.fill("#id_signed_on", "2021-05")
    editor.get_by_label("Name as printed").first.fill("Prof. Flora Green")
    do(editor, "Record the signature", "is recorded")
    go(editor, live_server, record, "Extend or renew")
    expect(editor.locator("#id_title")).to_be_hidden()
    editor.fill("#id_ends_on", "2100")
    do(editor, "Extend or renew", "is extended")
    go(editor, live_server, record, "Amend")
    editor.fill("#id_title", "A longer notice")
    editor.fill("#id_notice_amount", "6")
    editor.select_option("#id_notice_unit", "months")
    do(editor, "Record the amendment", "is recorded")

    public = browser.new_context().new_page()
    address = f"{live_server.url}/agreements/{record.uid}/"
    public.goto(address)
    for words in (
        "May 2021",
        "Prof. Flora Green",
        "2100",
        "A longer notice",
        "was not stated until amendment 1",
    ):
        expect(public.get_by_text(words).first).to_be_visible()

    go(editor, live_server, record, "Terminate")
    editor.fill("#id_terminated_on", "2025")
    editor.fill("#id_reason", "The gardens closed.")
    editor.get_by_label("Yes, this agreement was terminated.").check()
    do(editor, "Record the termination", "is recorded")
    public.goto(address)
    expect(public.get_by_text("The gardens closed.")).to_be_visible()
    go(reviewer, live_server, record, "Withdraw")
    reviewer.fill("#id_reason", "Never meant for the public.")
    reviewer.get_by_label("Yes, take it back").check()
    do(reviewer, "Withdraw this record", "is withdrawn")
    assert public.goto(address).status == 410
    expect(public.get_by_text("Never meant for the public.")).to_be_visible()
    public.context.close()


def test_a_copy_as_a_template_without_scripts(live_server, sign_in, record):
    editor = sign_in("editor", java_script_enabled=False)
    go(editor, live_server, record, "Duplicate")
    do(editor, "Make a draft copy", "This is the copy.")
    copy = Agreement.objects.get(title="Pact of gardens (copy)")
    assert str(copy.pk) in editor.url
    assert copy.parties.count() == 2
    assert copy.effective_from is None
