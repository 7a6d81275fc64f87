"""The page of an agreement and the profiles in a browser: one walk with scripts and keys, one without."""

import re

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import AgreementRelation, Institution
from tests.factories import AgreementFactory, SourceFactory, publish_now
from tests.partnerships.views.records import seed_agreement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def record():
    """The seed record, with a quoted source and what came before and after it."""
    record = seed_agreement()
    SourceFactory(agreement=record, title="Second source", supports=["event"], quote="at the summit")
    parties = list(Institution.objects.filter(parties__agreement=record))
    before = AgreementFactory(title="The one before", parties=parties, signed_on="2012-03-01", published=True)
    after = AgreementFactory(title="The one after", parties=parties, effective_from="2025")
    publish_now(after)
    AgreementRelation.objects.create(agreement=record, kind="renews", target=before)
    AgreementRelation.objects.create(agreement=after, kind="amends", target=record)
    return record


def test_a_record_is_read_cited_and_followed_with_keys_alone(browser, live_server, record):
    window = browser.new_context(permissions=["clipboard-read", "clipboard-write"], base_url=live_server.url)
    page = window.new_page()
    page.goto(f"/agreements/{record.uid}/")
    life = page.locator("section", has=page.get_by_role("heading", name="Life of the agreement"))
    # A year is drawn as the stretch that it is, what nobody states as a dotted line; both stand in words too.
    expect(life.locator(".life-row .life-maybe")).to_have_count(1)
    expect(
        life.get_by_role("listitem").filter(has_text="In effect from").locator(".life-unknown")
    ).to_have_count(1)
    expect(life.get_by_text("Not known")).to_have_count(3)

    # Evidence: the card comes with the focus and goes with Escape; Enter leads to the source.
    mark = life.get_by_role("link", name="Source 1")
    mark.focus()
    card = page.get_by_role("tooltip")
    expect(card).to_contain_text("so agreed")
    assert mark.get_attribute("aria-describedby") == card.get_attribute("id")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    mark.hover()
    expect(card).to_contain_text("so agreed")
    card.hover()
    page.wait_for_timeout(300)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    mark.press("Enter")
    assert page.evaluate("location.hash") == "#source-1"

    # The chain, in order, leads on and back.
    chain = page.locator(".chain")
    expect(chain.locator("[aria-current]")).to_contain_text(record.title)
    assert [one.split("\n")[0].strip() for one in chain.locator("> li").all_inner_texts()] == [
        "Renews", "This agreement", "Amended by",
    ]  # fmt: skip
    chain.get_by_role("link", name="The one before").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The one before")
    page.go_back()

    # Copied is what stands there.
    page.get_by_role("button", name="Copy the link").press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server.url}/agreements/{record.uid}/"

    # From the record to the profile, and from one of its numbers to the agreements behind it.
    page.get_by_role("main").get_by_role("link", name="The Alan Turing Institute").first.press("Enter")
    numbers = page.locator("section", has=page.get_by_role("heading", name="In numbers"))
    numbers.get_by_role("link", name="South Korea").press("Enter")
    expect(page.get_by_role("heading", name="3 agreements")).to_be_visible()
    assert re.search(r"\?institution=\w+&country=KR$", page.url)
    window.close()


def test_it_is_whole_without_a_script_on_a_phone_and_on_paper(browser, live_server, record):
    window = browser.new_context(
        viewport={"width": 320, "height": 700}, java_script_enabled=False, base_url=live_server.url
    )
    page = window.new_page()
    page.goto(f"/agreements/{record.uid}/")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    expect(page.locator("code.address")).to_have_text(f"{live_server.url}/agreements/{record.uid}/")
    mark = page.locator(".evidence a").first
    assert mark.get_attribute("title")
    box = mark.bounding_box()
    assert box["width"] >= 24 and box["height"] >= 24
    page.get_by_role("main").get_by_role("link", name="The Alan Turing Institute").first.click()
    for name in ("Partners", "In numbers", "As pictures", "Names"):
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    assert not _too_wide(page)
    page.get_by_role("main").get_by_role("link", name="Korea Advanced Institute").first.click()
    expect(page.get_by_role("heading", name="Their agreements")).to_be_visible()
    expect(page.locator(".span-row")).to_have_count(3)
    assert not _too_wide(page)
    page.emulate_media(media="print")
    page.goto(f"/agreements/{record.uid}/")
    expect(page.get_by_text("Send by e-mail")).to_be_hidden()
    for words in ("Life of the agreement", "Sources", "How to cite", "History of this record"):
        expect(page.get_by_role("heading", name=words)).to_be_visible()
    window.close()


def _too_wide(page: Page) -> bool:
    """Whether something stands out of the window; asked without a script of the page."""
    return page.locator("html").evaluate("page => page.scrollWidth > page.clientWidth")
