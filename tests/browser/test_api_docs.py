"""The page of the API in a browser: whoever presses “Try it out” for the first time finds something."""

import pytest
from playwright.sync_api import expect

from tests.factories import AgreementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_first_try_asks_for_everything_and_fits_the_screen(browser, live_server):
    title = AgreementFactory(published=True).title
    window = browser.new_context(viewport={"width": 375, "height": 812})
    page = window.new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}/api/docs/")
    listing = page.locator("#operations-agreements-agreements_list")
    listing.locator(".opblock-summary").click()
    listing.get_by_role("button", name="Try it out").click()
    with page.expect_response("**/api/v1/agreements/**") as answer:
        listing.get_by_role("button", name="Execute").click()
    assert [row["title"] for row in answer.value.json()["results"]] == [title]
    expect(listing.locator(".request-url")).to_contain_text("/api/v1/agreements/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []
    window.close()
