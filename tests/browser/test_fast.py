"""Working fast, as a person would: many at once, by keys, with saved filters, notes and promises."""

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from partnerships.models import Agreement, Commitment, Note
from people.models import Person
from tests.factories import AgreementFactory, CommitmentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/partnerships/agreement/"


def test_chosen_previewed_and_done(live_server, sign_in, office):
    for number in range(3):
        AgreementFactory(title=f"Record {number}", office=office)
    page = sign_in("editor")
    page.goto(f"{live_server.url}{LIST}?o=1")
    for box in page.locator("input.action-select").all()[:2]:
        box.check()
    page.select_option("select[name=action]", "bulk_edit")
    page.click("button[name=index]")
    page.select_option("[name=type]", "exchange")
    page.get_by_role("button", name="Look at what would change").click()
    expect(page.locator("#counts")).to_contain_text("2 will be done")
    expect(page.locator("#bulk-preview")).to_contain_text("Exchange agreement")
    page.fill("#id_reason", "sorted anew")
    page.get_by_role("button", name="Bulk edit: 2 records").click()
    expect(page.locator("#state")).to_contain_text("Done: 2")
    assert [row.type for row in Agreement.objects.filter(title__in=["Record 0", "Record 1"])] == [
        "exchange"
    ] * 2
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(f"{live_server.url}{LIST}?o=1")


def test_keys_save_and_go_back(live_server, sign_in, office):
    record = AgreementFactory(title="Before", office=office)
    page = sign_in("editor")
    page.goto(live_server.url + LIST)
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("n?")
    expect(page.locator("#searchbar")).to_have_value("n?")
    page.goto(f"{live_server.url}{LIST}{record.pk}/change/?_changelist_filters=o%3D1")
    page.fill("#id_title", "After")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("was changed successfully").first).to_be_visible()
    expect(page.locator("#id_title")).to_have_value("After")
    page.fill("#id_title", "At last")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(f"{live_server.url}{LIST}?o=1")
    record.refresh_from_db()
    assert record.title == "At last"
    page.locator("body").press("n")
    expect(page).to_have_url(f"{live_server.url}{LIST}add/?_changelist_filters=o%3D1")


def test_a_missing_person_is_added_by_keyboard_in_a_row_just_added(live_server, sign_in):
    page = sign_in("editor")
    page.goto(f"{live_server.url}{LIST}add/")
    page.locator("#statements-group .add-row").last.click()
    plus = page.locator("#add_id_statements-0-person")
    plus.focus()
    with page.expect_popup() as opened:
        plus.press("Enter")
    popup = opened.value
    popup.fill("#id_name", "Ada Lovelace")
    with popup.expect_event("close"):
        popup.keyboard.press("Control+Enter")
    expect(page.locator("#id_statements-0-person option:checked")).to_have_text("Ada Lovelace")
    assert Person.objects.filter(name="Ada Lovelace").count() == 1


def test_a_filter_is_shared_and_the_list_taken_along(live_server, sign_in, office, tmp_path):
    AgreementFactory(title="Asked for", type="other", signed_on="2024-05-21", office=office)
    AgreementFactory(title="Another", office=office)
    page = sign_in("editor")
    page.goto(f"{live_server.url}{LIST}?type__exact=other")
    page.get_by_text("Save this filter…").click()
    page.fill("#id_saved-name", "The others")
    page.select_option("#id_saved-office", label="International Office")
    page.get_by_role("button", name="Save the filter").click()
    expect(page.locator("#fast [aria-current=page]")).to_contain_text("The others")
    colleague = sign_in("viewer")
    colleague.goto(live_server.url + LIST)
    colleague.get_by_role("link", name="The others").click()
    expect(colleague.get_by_role("link", name="Asked for")).to_be_visible()
    expect(colleague.get_by_role("link", name="Another", exact=True)).to_have_count(0)
    colleague.get_by_text("Export this list…").click()
    with colleague.expect_download() as taken:
        colleague.get_by_role("link", name="Workbook (XLSX)").click()
    file = tmp_path / "list.xlsx"
    taken.value.save_as(file)
    book = load_workbook(file)
    assert [row[2].value for row in book["records"].iter_rows()] == ["title", "Asked for"]
    assert ("Type", "Other") in list(book["About this export"].iter_rows(values_only=True))
    colleague.get_by_role("link", name="Institutions").first.click()
    colleague.get_by_role("link", name="All agreements").click()
    expect(colleague.locator("#kept")).to_contain_text("Filters kept from before")
    colleague.get_by_role("link", name="Show all").last.click()
    expect(colleague.get_by_role("link", name="Another", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [375, 1440])
def test_a_note_is_written_and_a_promise_ticked(live_server, sign_in, office, width):
    record = AgreementFactory(office=office)
    CommitmentFactory(agreement=record, what="Send the report", due_on="2020")
    page = sign_in("editor", viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}{LIST}{record.pk}/change/")
    commitments = page.locator("#commitments")
    expect(commitments).to_contain_text("1 overdue")
    page.locator("#notes > summary").click()
    page.fill("#id_note-text", "They called about the visit.")
    page.locator("#id_note-text").press("Control+Enter")
    expect(page.locator("#notes")).to_contain_text("They called about the visit.")
    commitments.get_by_role("button", name="Done").click()
    expect(commitments).to_contain_text("0 open")
    assert Commitment.objects.get().state == "done"
    assert Note.objects.get().written_by.username == "editor"
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(too_wide)
