"""Two people, two browsers, one record."""

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import Agreement
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def record(office):
    return AgreementFactory(office=office, title="Memorandum", summary="About robots.")


def open_form(page: Page, live_server, record) -> None:
    page.goto(f"{live_server.url}/admin/partnerships/agreement/{record.pk}/change/")


def save(page: Page) -> None:
    page.click("[name=_save]")


def choose(page: Page, name: str, choice: str) -> None:
    page.locator(f"[name='choice:{name}'][value={choice}]").check()


def test_both_edits_survive_or_the_second_is_asked(live_server, sign_in, record):
    """Fields, a row, and each of the two choices."""
    party = record.parties.first()
    first, second = sign_in("editor"), sign_in("reviewer")

    open_form(first, live_server, record)
    open_form(second, live_server, record)
    expect(second.locator("#presence")).to_contain_text("editor opened this")
    first.fill("#id_title", "Memorandum of understanding")
    second.fill("#id_summary", "About garden robots.")
    save(first)
    save(second)
    expect(second.get_by_text("Both stand.")).to_be_visible()
    record.refresh_from_db()
    assert (record.title, record.summary) == ("Memorandum of understanding", "About garden robots.")

    open_form(first, live_server, record)
    open_form(second, live_server, record)
    place = next(
        f"parties-{index}" for index in range(2)
        if second.locator(f"[name=parties-{index}-id]").input_value() == str(party.pk)
    )  # fmt: skip
    first.fill("#id_title", "Theirs")
    first.fill(f"#id_{place}-reference", "T-1")
    second.fill("#id_title", "Mine")
    second.fill(f"#id_{place}-reference", "M-1")
    second.fill("#id_term_as_stated", "five years")
    save(first)
    save(second)
    asked = second.locator("#conflicts")
    expect(asked.locator("fieldset")).to_have_count(2)
    expect(asked).to_contain_text("Memorandum of understanding")
    expect(asked).to_contain_text("Theirs")
    save(second)
    expect(asked.locator("fieldset")).to_have_count(2)
    choose(second, "title", "theirs")
    choose(second, f"{place}-reference", "mine")
    save(second)
    expect(second.get_by_text("Both stand.")).to_be_visible()
    record.refresh_from_db()
    party.refresh_from_db()
    assert (record.title, party.reference, record.term_as_stated) == ("Theirs", "M-1", "five years")


def test_a_record_that_was_deleted_meanwhile(live_server, sign_in, record):
    page = sign_in("editor")
    open_form(page, live_server, record)
    page.fill("#id_summary", "An hour of work")
    Agreement.objects.get(pk=record.pk).delete()
    save(page)
    expect(page.locator("#lost")).to_contain_text("An hour of work")
    page.get_by_role("button", name="Record it anew").click()
    expect(page.locator("#id_summary")).to_have_value("An hour of work")
    assert Agreement.objects.get().summary == "An hour of work"


def test_the_hint_comes_and_goes_by_itself(live_server, sign_in, record):
    first, second = sign_in("editor"), sign_in("reviewer")
    # The pages ask every 25 seconds, and once soon after they were opened.
    first.clock.install()
    open_form(first, live_server, record)
    expect(first.locator("#presence")).to_be_hidden()
    open_form(second, live_server, record)
    first.clock.run_for(26_000)
    expect(first.locator("#presence")).to_contain_text("reviewer opened this")
    second.goto(f"{live_server.url}/admin/")
    expect(second.get_by_role("heading", name="Waits for you")).to_be_visible()
    second.wait_for_timeout(300)
    first.clock.run_for(26_000)
    expect(first.locator("#presence")).to_be_hidden()


def test_a_change_is_reverted_and_a_past_day_looked_at(live_server, sign_in, record):
    page = sign_in("editor")
    open_form(page, live_server, record)
    page.fill("#id_title", "A slip")
    save(page)
    record.parties.create(institution=InstitutionFactory(name="Added by hand"))
    page.goto(f"{live_server.url}/admin/partnerships/agreement/{record.pk}/history/")
    page.get_by_role("link", name="Revert: Title").click()
    expect(page.locator("#revert")).to_contain_text("A slip")
    page.fill("[name=reason]", "it was a slip")
    page.get_by_role("button", name="Revert it").click()
    expect(page.get_by_text("reverts change of").first).to_be_visible()
    record.refresh_from_db()
    assert record.title == "Memorandum"
    page.fill("#as-of-on", "1999-12-31")
    page.get_by_role("button", name="Look back").click()
    expect(page.locator("#as-of")).to_contain_text("did not exist yet")
    page.fill("#as-of-on", "2999-12-31")
    page.get_by_role("button", name="Look back").click()
    expect(page.locator("#as-of")).to_contain_text("Added by hand")
