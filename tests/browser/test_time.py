"""Timeline, matrix and trends in a browser: with keys, without a script, on a narrow and on a dark screen."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.partnerships.pictures.registry import agreement, furnish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def is_within(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_a_picture_to_its_agreements(page: Page, live_server):
    furnish()
    page.goto(f"{live_server.url}/explore/")
    page.get_by_role("link", name="Matrix").first.click()
    # With keys: one stop into the cells, arrows within them, Enter to the list.
    page.wait_for_load_state()
    cell = page.get_by_role("cell").get_by_role("link").first
    cell.focus()
    started = page.evaluate("document.activeElement.title")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    moved = page.evaluate("document.activeElement.title")
    assert moved and moved != started
    expect(page.locator("[data-read-out]").first).to_have_text(moved)
    number = moved.rsplit(" ", 1)[1]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/agreements/"))
    expect(page.get_by_role("heading", name=re.compile(f"^{number} agreement"))).to_be_visible()
    page.go_back()
    # Another side, with the same filters.
    page.get_by_role("navigation", name="Columns").get_by_role("link", name="Years").click()
    expect(page).to_have_url(re.compile("columns=year"))
    expect(page.get_by_role("columnheader", name="2019")).to_be_visible()
    # Trends: a bar is a way too.
    page.get_by_role("navigation", name="Pictures").get_by_role("link", name="Trends").click()
    page.get_by_role("navigation", name="Told apart by").get_by_role("link", name="Kind").click()
    bars = page.get_by_role("group", name="All agreements").get_by_role("link")
    first = bars.first
    first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement !== document.querySelector('a.bar-link')")
    # The timeline, grouped; each span leads to its record.
    page.get_by_role("navigation", name="Pictures").get_by_role("link", name="Timeline").click()
    page.get_by_role("navigation", name="Grouped by").get_by_role("link", name="Country").click()
    expect(page.get_by_role("heading", name="South Korea")).to_be_visible()
    page.locator(".span-name a").first.click()
    expect(page).to_have_url(re.compile(r"/agreements/\w+/$"))


def test_without_a_script_on_a_narrow_dark_screen(browser: Browser, live_server):
    furnish()
    for year in range(2003, 2015):  # as many columns as make it wider than the screen
        agreement("KR GB", [], signed_on=str(year))
    window = browser.new_context(
        java_script_enabled=False, viewport={"width": 375, "height": 800}, color_scheme="dark"
    )
    page = window.new_page()
    for address in ("timeline/?by=subject", "matrix/", "matrix/?rows=type&columns=year", "trends/?by=type"):
        page.goto(f"{live_server.url}/explore/{address}")
        assert is_within(page), address
        expect(page.locator("figure").first).to_be_visible()
    page.goto(f"{live_server.url}/explore/matrix/?rows=country&columns=year")
    frame = page.locator(".matrix-frame")
    head = page.locator(".matrix tbody th").nth(1)
    before = head.bounding_box()["x"]
    frame.evaluate("frame => { frame.scrollLeft = 200 }")
    assert frame.evaluate("frame => frame.scrollLeft") > 0, "the matrix scrolls in its frame"
    assert abs(head.bounding_box()["x"] - before) <= 2, "the heads stay"
    number = page.locator("td a").first.inner_text()
    page.locator("td a").first.click()
    expect(page.get_by_role("heading", name=re.compile(f"^{number} agreement"))).to_be_visible()
    window.close()
