"""The whole road in a browser: an empty form, a review, publication, and a stranger who finds it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from partnerships.models import Agreement, Institution
from people.models import Person
from tests.factories import InstitutionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Memorandum on quantum gardening"


@pytest.fixture
def kaist():
    kaist = InstitutionFactory(
        name="Korea Advanced Institute of Science and Technology", city="Daejeon", country_id="KR"
    )
    kaist.names.create(value="카이스트", kind="alias", language="ko")
    kaist.names.create(value="KAIST", kind="acronym")
    return kaist


def add_in_popup(page: Page, field: str, name: str) -> None:
    """Press “+” beside a field and create what is missing, without leaving the form."""
    with page.expect_popup() as opened:
        page.click(f"#add_id_{field}")
    popup = opened.value
    popup.fill("#id_name", name)
    with popup.expect_event("close"):
        popup.click("[name=_save]")
    expect(page.locator(f"#id_{field} option:checked")).to_have_text(name)


def choose(page: Page, field: str, typed: str, shown: str) -> None:
    """Search as one types, and take the answer."""
    page.click(f"[aria-labelledby='select2-id_{field}-container']")
    page.keyboard.type(typed)
    page.get_by_role("option", name=re.compile(shown)).click()


def add_row(page: Page, prefix: str) -> None:
    page.click(f"#{prefix}-group .add-row")


def record_it(page: Page, address: str) -> None:
    """An editor's work: from the empty form to a saved draft."""
    page.goto(f"{address}/admin/partnerships/agreement/add/")
    page.fill("#id_title", TITLE)
    page.select_option("#id_type", "memorandum_of_understanding")
    page.fill("#id_signed_on", "2024")
    add_in_popup(page, "parties-0-institution", "Institute of Garden Robots")
    choose(page, "parties-1-institution", "카이스트", "Korea Advanced .* Daejeon, .* 카이스트")
    add_row(page, "sources")
    page.fill("#id_sources-0-title", "Two institutes plant together")
    page.locator("#id_sources-0-supports").get_by_label("Parties").check()
    add_row(page, "statements")
    add_in_popup(page, "statements-0-person", "Flora Green")
    page.fill("#id_statements-0-summary", "Looked forward to it.")
    page.select_option("#id_statements-0-source_row", label="Two institutes plant together")
    page.click("[name=_save]")
    expect(page.get_by_role("link", name=TITLE).first).to_be_visible()


def found_by_strangers(browser: Browser, address: str) -> tuple[bool, int]:
    """What somebody who is not signed in finds on the page and in the API."""
    window = browser.new_context()
    page = window.new_page()
    page.goto(f"{address}/agreements/?q=카이스트")
    on_page = page.get_by_role("link", name=TITLE).count() > 0
    in_api = window.request.get(f"{address}/api/v1/agreements/?q=gardening").json()["count"]
    window.close()
    return on_page, in_api


def test_from_an_empty_form_to_the_public_search(browser, live_server, sign_in, kaist):
    editor = sign_in("editor")
    record_it(editor, live_server.url)
    record = Agreement.objects.get()
    assert [party.institution.name for party in record.parties.all()] == [
        "Institute of Garden Robots",
        kaist.name,
    ]
    assert record.statements.get().source == record.sources.get()
    assert found_by_strangers(browser, live_server.url) == (False, 0)

    editor.get_by_role("link", name=TITLE).first.click()
    editor.click("[name=_act_submit]")
    expect(editor.get_by_text("waits for review now")).to_be_visible()
    assert found_by_strangers(browser, live_server.url) == (False, 0)

    reviewer = sign_in("reviewer")
    reviewer.goto(f"{live_server.url}/admin/partnerships/agreement/")
    reviewer.get_by_role("link", name="What waits for review").click()
    reviewer.get_by_role("link", name=TITLE).first.click()
    reviewer.click("[name=_act_publish]")
    expect(reviewer.get_by_text("is published")).to_be_visible()
    assert found_by_strangers(browser, live_server.url) == (True, 1)
    assert {row.visibility for row in (*Institution.objects.all(), *Person.objects.all())} == {"public"}


def test_removing_a_row_keeps_what_was_typed_into_the_others(live_server, sign_in):
    editor = sign_in("editor")
    editor.goto(f"{live_server.url}/admin/partnerships/agreement/add/")
    editor.fill("#id_title", "Rows")
    editor.select_option("#id_type", "other")
    for number in range(3):
        add_row(editor, "sources")
        editor.fill(f"#id_sources-{number}-title", f"Source {number}")
    editor.locator("#sources-group .form-group").nth(0).locator(".delete-template").click()
    editor.click("[name=_save]")
    expect(editor.get_by_role("link", name="Rows").first).to_be_visible()
    assert [row.title for row in Agreement.objects.get().sources.all()] == ["Source 1", "Source 2"]


def test_signatories_and_directions_of_rows_that_were_just_added(live_server, sign_in, kaist):
    """A third party, typed into a row that did not stand there: its signatory, an activity towards it."""
    third = InstitutionFactory(name="Third Academy")
    editor = sign_in("editor")
    editor.goto(f"{live_server.url}/admin/partnerships/agreement/add/")
    editor.fill("#id_title", "Three sides")
    editor.select_option("#id_type", "other")
    choose(editor, "parties-0-institution", "kaist", "Korea Advanced")
    editor.locator("#parties-group .add-row").last.click()
    choose(editor, "parties-2-institution", "third", third.name)
    group = editor.locator("#parties-group .form-group.group\\/parent:not(.empty-form)").nth(2)
    group.locator(".form-nested .add-row").click()
    editor.fill("#id_parties-2-signatories-0-name_as_printed", "Prof. Third")
    add_row(editor, "activities")
    editor.select_option("#id_activities-0-kind", "training")
    editor.select_option("#id_activities-0-direction", "one_way")
    offered = editor.locator("#id_activities-0-to_row option").all_inner_texts()
    assert [text.split(" — ")[0] for text in offered] == ["—", kaist.name, third.name]
    editor.select_option("#id_activities-0-to_row", value="parties-2")
    editor.click("[name=_save]")
    expect(editor.get_by_role("link", name="Three sides").first).to_be_visible()
    record = Agreement.objects.get()
    assert [party.institution for party in record.parties.all()] == [kaist, third]
    assert record.parties.get(institution=third).signatories.get().name_as_printed == "Prof. Third"
    assert record.activities.get().to_party.institution == third


def test_no_script_is_refused_by_the_content_policy(live_server, sign_in):
    """Django's and the look's scripts run under the policy of the admin: nothing is reported."""
    editor = sign_in("editor")
    complaints: list[str] = []
    editor.on("console", lambda message: complaints.append(message.text))
    editor.on("pageerror", lambda error: complaints.append(str(error)))
    for path in ("", "partnerships/agreement/", "partnerships/agreement/add/", "partnerships/institution/"):
        editor.goto(f"{live_server.url}/admin/{path}")
    assert not [text for text in complaints if "Content Security Policy" in text or "rror" in text]
