"""A visitor changes the language of a page, and is offered the one that the browser prefers."""

import pytest
from playwright.sync_api import Browser, expect

from tests.partnerships.views.records import seed_agreement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visitor_reads_in_another_language_and_comes_back(browser: Browser, live_server):
    record = seed_agreement()
    korean = browser.new_context(locale="ko-KR")
    page = korean.new_page()
    question = "/agreements/?q=KAIST&country=KR"
    page.goto(live_server.url + question)

    offer = page.get_by_role("link", name="이 페이지를 한국어로 읽기")
    expect(offer).to_be_visible()
    offer.click()
    page.wait_for_url(f"{live_server.url}/ko{question}")
    expect(page.get_by_role("heading", level=1)).to_have_text("협정")
    expect(page.get_by_role("link", name="Read this page in English")).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("lang", "ko")

    page.get_by_role("link", name=record.title).first.click()
    page.wait_for_url(f"{live_server.url}/ko/agreements/{record.uid}/")
    expect(page.get_by_role("main")).to_contain_text("한국과학기술원")

    # By keyboard alone, from the foot of the page.
    switch = page.get_by_role("navigation", name="언어")
    expect(switch.get_by_text("한국어")).to_have_attribute("aria-current", "true")
    switch.get_by_role("link", name="English").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/agreements/{record.uid}/")
    expect(page.get_by_role("heading", name="Parties", exact=True)).to_be_visible()
    assert korean.cookies() == []
    korean.close()

    # Without a script nobody is asked, and the switch works all the same.
    plain = browser.new_context(locale="ko-KR", java_script_enabled=False)
    page = plain.new_page()
    page.goto(live_server.url + question)
    expect(page.get_by_role("link", name="이 페이지를 한국어로 읽기")).to_be_hidden()
    page.get_by_role("navigation", name="Language").get_by_role("link", name="한국어").click()
    page.wait_for_url(f"{live_server.url}/ko{question}")
    plain.close()
