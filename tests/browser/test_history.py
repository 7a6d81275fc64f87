"""Reading what happened to a record, putting one field back, and looking at it as it stood."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from people.history import acting
from tests.factories import AgreementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_field_is_put_back_and_a_past_state_is_read(live_server, sign_in, office):
    record = AgreementFactory(office=office, title="First title", summary="A first summary.")
    with acting(reason="a slip"):
        record.title, record.summary = "Second title", "A second summary."
        record.save()
    page = sign_in("editor")
    page.goto(f"{live_server.url}/admin/partnerships/agreement/{record.pk}/change/")
    page.get_by_role("link", name="History").first.click()
    changed = page.locator(".history-line").filter(has_text="Second title").first
    expect(changed).to_contain_text("First title")
    changed.get_by_role("link", name="Revert").click()
    expect(page.locator("#revert")).to_contain_text("First title")
    page.fill("[name=reason]", "It was right before.")
    page.locator("#revert").get_by_role("button").click()
    record.refresh_from_db()
    assert (record.title, record.summary) == ("First title", "A second summary."), "the other field stays"
    expect(page.get_by_text("It was right before.").first).to_be_visible()

    page.fill("[name=on]", timezone.localdate().isoformat())
    page.get_by_role("button", name="Look back").click()
    expect(page.get_by_text("A second summary.").first).to_be_visible()
    page.goto(page.url.partition("?")[0] + "?on=1999-01-01")
    expect(page.locator("body")).not_to_contain_text("A second summary.")
