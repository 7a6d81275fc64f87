"""Lists in a browser: choices apply at once, every state has an address, and all goes without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import Agreement, FocusArea
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    SubjectFactory,
    publish_now,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def registry():
    """Three agreements of KAIST, one of others; KAIST has a Korean name and thirteen countries are met."""
    kaist = InstitutionFactory(name="Korea Advanced Institute", country_id="KR", visibility="public")
    kaist.names.create(value="한국과학기술원", kind="label", language="ko")
    quantum = FocusAreaFactory(name="Quantum technology")
    for title, code, kind, signed in (
        ("Water", "GB", "framework", "2024-05-21"),
        ("Air", "GB", "exchange", "2022"),
        ("Fire", "BE", "framework", "2023-01"),
    ):
        record = AgreementFactory(
            title=f"{title} agreement", type=kind, signed_on=signed,
            parties=[kaist, InstitutionFactory(country_id=code)],
        )  # fmt: skip
        SubjectFactory(agreement=record, focus_area=quantum)
        publish_now(record)
    codes = ["DE", "JP", "MN", "US", "CA", "IT", "ES", "SE", "NO", "FI", "DK"]
    others = [InstitutionFactory(country_id=code) for code in codes]
    AgreementFactory(title="Many agreement", type="consortium", parties=others, published=True)
    return kaist


def titles(page: Page) -> list[str]:
    return [text.split()[0] for text in page.locator("tbody .cell-title > a").all_inner_texts()]


def box(page: Page, name: str, value: str):
    return page.locator(f"#filters [name={name}][value='{value}']")


def opened(page: Page, name: str) -> None:
    """Open a facet that is closed."""
    facet = page.locator(f"#f-{name.replace('_', '-')}-facet:not([open]) > summary")
    if facet.count():
        facet.click()


def test_a_visitor_narrows_turns_back_and_looks_closer(page: Page, live_server, registry):
    documents = []
    page.on("request", lambda one: documents.append(one.url) if one.is_navigation_request() else None)
    page.goto(f"{live_server.url}/agreements/")
    count = page.get_by_role("heading", level=2).and_(page.locator("#results"))
    expect(count).to_have_text("4 agreements")
    # Every facet applies at once, several values are “any of”, and the focus stays.
    for name, value, number in (
        ("country", "KR", 3), ("country", "BE", 3), ("type", "framework", 2), ("year", "2024", 1),
    ):  # fmt: skip
        opened(page, name)
        box(page, name, value).check()
        expect(count).to_have_text(f"{number} agreement{'s' if number > 1 else ''}")
        expect(box(page, name, value)).to_be_focused()
    expect(page.locator("#list-said")).to_have_text("1 agreement")
    expect(page).to_have_url(re.compile(r"\?country=KR&country=BE&type=framework&year=2024$"))
    expect(page).to_have_title("Agreements – Entente")
    assert titles(page) == ["Water"]
    # Chips take one thing away; the focus goes on to the next.
    page.get_by_role("link", name="Year: 2024").click()
    expect(count).to_have_text("2 agreements")
    expect(page.locator(".chips a").first).to_be_visible()
    page.get_by_role("link", name="Clear all").first.click()
    expect(count).to_have_text("4 agreements")
    expect(page).to_have_url(f"{live_server.url}/agreements/")
    # Back, forward and reload give what stood there.
    page.go_back()
    expect(count).to_have_text("2 agreements")
    page.go_back()
    expect(count).to_have_text("1 agreement")
    expect(box(page, "year", "2024")).to_be_checked()
    page.go_forward()
    expect(count).to_have_text("2 agreements")
    expect(box(page, "year", "2024")).not_to_be_checked()
    assert len(documents) == 1, "nothing of this may load a page anew"
    page.reload()
    expect(count).to_have_text("2 agreements")
    expect(page.locator("h1")).to_have_text("Agreements")
    # Order and density are links that keep the focus; so does the state of a page that was left.
    page.get_by_role("link", name="Oldest signing").click()
    expect(page.get_by_role("link", name="Oldest signing")).to_be_focused()
    page.get_by_role("link", name="Compact").click()
    expect(page.locator("#found[data-density=compact]")).to_be_visible()
    expect(page).to_have_url(re.compile(r"ordering=signed_on&density=compact$"))
    assert titles(page) == ["Fire", "Water"]
    page.get_by_role("link", name="Fire agreement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fire agreement")
    page.go_back()
    expect(page.locator("#found[data-density=compact]")).to_be_visible()
    assert titles(page) == ["Fire", "Water"]
    expect(page.locator("#search-link")).to_have_value(
        re.compile(r"/agreements/\?country=KR.*ordering=signed_on$")
    )
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()


def test_each_facet_narrows_by_itself_and_lets_go(page: Page, live_server, registry):
    ActivityFactory(agreement=Agreement.objects.get(title="Water agreement"), kind="joint_research")
    page.goto(f"{live_server.url}/agreements/")
    count = page.locator("#results")
    for name, value, found in (
        ("status", "signed", "3 agreements"),
        ("country", "KR", "3 agreements"),
        ("focus_area", FocusArea.objects.get().uid, "3 agreements"),
        ("institution", registry.uid, "3 agreements"),
        ("type", "exchange", "1 agreement"),
        ("activity", "joint_research", "1 agreement"),
        ("year", "2022", "1 agreement"),
    ):
        opened(page, name)
        # Its number says beforehand what it will find.
        expect(box(page, name, value)).to_have_accessible_name(re.compile(rf" {found[0]}$"))
        box(page, name, value).check()
        expect(count).to_have_text(found)
        expect(page).to_have_url(f"{live_server.url}/agreements/?{name}={value}")
        box(page, name, value).uncheck()
        expect(count).to_have_text("4 agreements")
        expect(page).to_have_url(f"{live_server.url}/agreements/")


def test_who_is_quicker_than_the_answer_means_both(page: Page, live_server, registry):
    page.goto(f"{live_server.url}/agreements/")
    page.evaluate(
        """() => ["order signed_on", "density compact"].forEach(
            (key) => document.querySelector(`[data-key="${key}"]`).click())"""
    )
    expect(page).to_have_url(re.compile(r"\?ordering=signed_on&density=compact$"))
    expect(page.locator("#found[data-density=compact]")).to_be_visible()


def test_what_goes_wrong_is_said_and_what_is_late_is_dropped(page: Page, live_server, registry):
    page.goto(f"{live_server.url}/agreements/")
    page.route("**/agreements/?*", lambda route: route.abort())
    box(page, "country", "BE").check()
    expect(page.get_by_role("alert").filter(has_text="could not be fetched")).to_be_visible()
    expect(page.locator("#results")).to_have_text("4 agreements")
    page.unroute("**/agreements/?*")
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#results")).to_have_text("1 agreement")
    expect(page.locator("#list-failed")).to_be_hidden()
    # A bad value is an error, with no results, and can be mended in place.
    page.get_by_text("More filters").click()
    page.get_by_label("Signed in or after").fill("soon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_visible()
    expect(page.locator("#results")).to_have_text("No results")
    page.get_by_label("Signed in or after").fill("2023")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_have_text("1 agreement")
    page.get_by_role("link", name="Clear all").first.click()
    expect(page.locator("#results")).to_have_text("4 agreements")
    # Of two choices in a row only the last one is shown, also where the first takes longer; then it says so.
    held = []
    page.route("**/agreements/?country=GB", lambda route: held.append(route))
    box(page, "country", "GB").check()
    expect(page.locator("html.fetching")).to_be_attached()
    box(page, "country", "BE").check()
    expect(page.locator("#results")).to_have_text("3 agreements")
    expect(page.locator("html.fetching")).not_to_be_attached()
    expect(page).to_have_url(re.compile(r"\?country=GB&country=BE$"))
    # A long facet is narrowed by its box, whatever the accents.
    find = page.get_by_label("Country: find a choice")
    find.fill("mÖng")
    expect(page.locator("#f-country label.check:visible")).to_have_text(
        [re.compile(one) for one in ("United Kingdom", "Belgium", "Mongolia")]
    )
    find.press("Enter")
    find.press("Escape")
    expect(find).to_have_value("")


def test_names_are_proposed_in_any_script(page: Page, live_server, registry):
    page.goto(f"{live_server.url}/")
    start = page.get_by_label("Search agreements")
    start.fill("한국과학")
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text("한국과학기술원 → Korea Advanced Institute")
    expect(options.first).to_contain_text("3 agreements")
    options.first.click()
    expect(page).to_have_url(f"{live_server.url}/institutions/{registry.uid}/")
    # Enter searches for the words, whatever is proposed.
    page.goto(f"{live_server.url}/")
    page.get_by_label("Search agreements").fill("korea")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/agreements/?q=korea")
    # On a list a choice becomes a filter; the arrows go round, Escape closes, the number is said.
    search = page.get_by_role("combobox", name="Search", exact=True)
    search.fill("korea adv")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="1 suggestion")).to_be_attached()
    search.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(search).to_have_value("korea adv")
    search.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    search.press("ArrowUp")
    expect(search).to_have_attribute("aria-activedescendant", "suggestion-0")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    search.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    search.press("ArrowDown")
    search.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/agreements/?institution={registry.uid}")
    expect(page.get_by_role("link", name="Institution: Korea Advanced Institute")).to_be_visible()
    expect(search).to_be_focused()
    expect(search).to_have_value("")


def test_korean_is_written_syllable_by_syllable(page: Page, live_server, registry):
    page.goto(f"{live_server.url}/agreements/")
    search = page.get_by_role("combobox", name="Search", exact=True)
    search.focus()
    writer = page.context.new_cdp_session(page)
    for written in ("ㅎ", "하", "한"):
        writer.send("Input.imeSetComposition", {"text": written, "selectionStart": 1, "selectionEnd": 1})
    writer.send("Input.insertText", {"text": "한"})
    for written in ("ㄱ", "구", "국"):
        writer.send("Input.imeSetComposition", {"text": written, "selectionStart": 1, "selectionEnd": 1})
    # The last syllable is not finished, and is looked for already.
    expect(page.get_by_role("option").first).to_contain_text("한국 → South Korea")
    # An Enter that ends the syllable belongs to the input method: nothing is chosen or searched.
    search.dispatch_event("keydown", {"key": "ArrowDown", "keyCode": 229, "isComposing": True})
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    # What arrives meanwhile waits until the syllable stands.
    page.evaluate("document.querySelector('#filters [name=country][value=BE]').click()")
    page.wait_for_timeout(600)
    expect(page.locator("#results")).to_have_text("4 agreements")
    assert search.input_value() == "한국"
    writer.send("Input.insertText", {"text": "국"})
    expect(page.locator("#results")).not_to_have_text("4 agreements")
    expect(search).to_be_focused()
    expect(search).to_have_value("한국")


def test_everything_is_done_by_the_keyboard(page: Page, live_server, registry):
    page.goto(f"{live_server.url}/agreements/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("one => document.activeElement.matches(one)", selector):
                return
        raise AssertionError(f"no way by the keyboard to {selector}")

    tab_to("#f-status-facet > summary")
    page.keyboard.press("Enter")
    expect(page.locator("#f-status-facet")).not_to_have_attribute("open", "")
    tab_to("[name=country][value=BE]")
    page.keyboard.press("Space")
    expect(page.locator("#results")).to_have_text("1 agreement")
    # A facet that was closed stays closed.
    expect(page.locator("#f-status-facet")).not_to_have_attribute("open", "")
    expect(box(page, "country", "BE")).to_be_focused()
    tab_to(".chips a")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_have_text("4 agreements")
    expect(page.locator("#results")).to_be_focused()
    tab_to('[data-key="density compact"]')
    page.keyboard.press("Enter")
    expect(page.locator("#found[data-density=compact]")).to_be_visible()


def test_on_a_phone_the_filters_are_a_sheet_that_tells_what_is_found(browser, live_server, registry):
    window = browser.new_context(viewport={"width": 375, "height": 700}, has_touch=True)
    page = window.new_page()
    page.goto(f"{live_server.url}/agreements/")
    page.locator("#filter-toggle summary").tap()
    expect(page.get_by_role("button", name="Show 4 agreements")).to_be_in_viewport()
    box(page, "country", "BE").tap()
    shown = page.get_by_role("button", name="Show 1 agreement")
    expect(shown).to_be_in_viewport()
    shown.tap()
    expect(shown).to_be_hidden()
    expect(page.locator("#results")).to_be_in_viewport()
    expect(page.locator("#filter-toggle summary")).to_contain_text("(1)")
    window.close()


def test_the_same_without_a_script(browser, live_server, registry):
    window = browser.new_context(java_script_enabled=False)
    page = window.new_page()
    page.goto(f"{live_server.url}/agreements/")
    box(page, "country", "BE").check()
    box(page, "country", "GB").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#results")).to_have_text("3 agreements")
    page.get_by_role("link", name="Country: Belgium").click()
    expect(page.locator("#results")).to_have_text("2 agreements")
    page.get_by_role("link", name="Compact").click()
    page.get_by_role("link", name="Newest signing").click()
    assert titles(page) == ["Water", "Air"]
    expect(page.locator("#found[data-density=compact]")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    expect(page.get_by_label("Country: find a choice")).to_be_hidden()
    window.close()
