"""The public pages in a browser: at three widths, light and dark, by touch and by keyboard."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from partnerships.models import Agreement, Event, FocusArea, Institution
from people.models import Person
from tests.partnerships.views.records import full_agreement, seed_agreement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = (
    "Framework on trustworthy machine learning, quantum-safe communication and https://example.org/"
    + "x" * 60
)
NOT_FOUND = "/no-such-page/"


@pytest.fixture
def addresses() -> list[str]:
    """One address of every kind of page."""
    seed_agreement()
    record = full_agreement(3, title=LONG, signed_on="2024-05-21", languages=["en", "ko"])
    pair = "-".join(sorted(record.parties.values_list("institution__uid", flat=True)[:2]))
    rows = [
        ("institutions", Institution), ("people", Person), ("events", Event), ("focus-areas", FocusArea),
        ("agreements", Agreement),
    ]  # fmt: skip
    found = ["/", "/agreements/?status=zzz", "/agreements/?q=nothinglikethis", NOT_FOUND]
    found += [f"/{name}/" for name in ("partnerships", "countries")]
    found += [f"/{name}/" for name, _ in rows]
    found += [f"/{name}/{model.objects.filter(visibility='public').last().uid}/" for name, model in rows]
    return [*found, f"/partnerships/{pair}/", "/countries/KR/", f"/agreements/{record.uid}/"]


def complaints_of(page: Page) -> list[str]:
    """What the browser's console says from now on, a refused style or script among it."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda message: (
            said.append(message.text)
            # The status of an answer that is meant to be 400 or 404 is no complaint.
            if message.type in {"error", "warning"} and "responded with a status of 40" not in message.text
            else None
        ),
    )
    return said


@pytest.mark.parametrize("scheme", ["light", "dark"])
# 320 is a small phone, and a screen of 1280 at 400 %.
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_every_page_fits_and_the_browser_has_no_complaint(browser, live_server, addresses, width, scheme):
    window = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = window.new_page()
    said = complaints_of(page)
    for address in addresses:
        page.goto(live_server.url + address)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not too_wide, address
        assert page.locator("h1").count() == 1, address
        assert not said, address
    window.close()


def test_light_and_dark_differ_and_both_can_be_read(browser, live_server, addresses):
    for scheme in ("light", "dark"):
        window = browser.new_context(color_scheme=scheme)
        page = window.new_page()
        page.goto(live_server.url + addresses[-1])
        # Ink, muted words, links, and the words of a state, each against the ground that it stands on.
        for words in (
            "h1",
            ".sub >> nth=0",
            ".entry-title a >> nth=0",
            ".status >> nth=0",
            ".facts dt >> nth=0",
        ):
            assert page.locator(words).evaluate(CONTRAST) >= 4.5, (scheme, words)
        window.close()


#: The contrast of an element's words with the ground of an ancestor (the page's where none is named), as
#: WCAG 2.2 reckons it (relative luminance, section 1.4.3).
CONTRAST = """(element, ground) => {
  const numbers = colour => colour.match(/[0-9.]+/g).slice(0, 3).map(Number);
  const light = colour => {
    const [r, g, b] = numbers(colour).map(n => n / 255)
      .map(n => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = getComputedStyle(ground ? element.closest(ground) : document.body).backgroundColor;
  const [one, other] = [light(getComputedStyle(element).color), light(behind)].sort((a, b) => b - a);
  return (one + 0.05) / (other + 0.05);
}"""


@pytest.fixture
def phone(browser, live_server) -> BrowserContext:
    """A small window that runs no script at all."""
    window = browser.new_context(
        viewport={"width": 375, "height": 700}, java_script_enabled=False, base_url=live_server.url
    )
    yield window
    window.close()


def test_a_visitor_finds_a_record_without_a_script(phone):
    record = seed_agreement()
    page = phone.new_page()
    page.goto("/")
    page.get_by_label("Search agreements").fill("한국과학기술원")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="1 agreement")).to_be_visible()
    page.get_by_role("link", name=record.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(record.title)
    expect(page.get_by_text("No signatory is named in the sources.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="The Alan Turing Institute").first.click()
    expect(page.get_by_role("heading", name="Partners", exact=True)).to_be_visible()


def test_the_filters_wait_behind_one_word_on_a_phone_and_stand_open_on_a_desk(phone, browser, live_server):
    seed_agreement()
    page = phone.new_page()
    page.goto("/agreements/")
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()
    page.get_by_text("Search and filter", exact=False).first.click()
    page.get_by_role("checkbox", name="South Korea").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("link", name="Country: South Korea")).to_be_visible()
    page.get_by_role("link", name="Country: South Korea").click()
    expect(page).to_have_url(f"{live_server.url}/agreements/?" + page.url.partition("?")[2])
    expect(page.get_by_role("link", name="Country: South Korea")).to_have_count(0)
    wide = browser.new_context(viewport={"width": 1440, "height": 800})
    desk = wide.new_page()
    desk.goto(f"{live_server.url}/agreements/")
    expect(desk.get_by_role("button", name="Apply")).to_be_visible()
    wide.close()


def test_the_sections_wait_behind_a_button_on_a_phone(phone):
    page = phone.new_page()
    page.goto("/about/")
    sections = page.get_by_role("navigation", name="Main")
    expect(sections).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(sections.get_by_role("link", name="Events")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sections).to_be_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    page.keyboard.press("Tab")
    expect(sections.get_by_role("link").first).to_be_focused()
    sections.get_by_role("link", name="Institutions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Institutions")


def test_the_first_key_leads_past_the_navigation(page: Page, live_server):
    page.goto(f"{live_server.url}/agreements/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_focused_link_can_be_read_wherever_it_stands(browser, live_server, scheme):
    seed_agreement()
    window = browser.new_context(color_scheme=scheme)
    page = window.new_page()
    page.goto(f"{live_server.url}/agreements/?status=zzz")
    page.keyboard.press("Tab")  # From here on the browser takes the focus for one of the keyboard.
    shown = ".error-summary:not([hidden]) a >> nth=0"
    for link in (".nav a >> nth=0", shown, ".chip >> nth=0", ".chip-label >> nth=0"):
        found = page.locator(link)
        found.evaluate("element => element.closest('a').focus()")
        assert found.evaluate(CONTRAST, "a") >= 4.5, link
    window.close()
