"""The network in a browser: zoom, keys, search, a canvas for very many, and neither script nor room."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from partnerships.pictures.links import LINKS
from partnerships.views.explore import drawn_network
from tests.factories import AgreementFactory, InstitutionFactory

from .test_pages import complaints_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ("KAIST", "Turing", "Seoul", "Daejeon", "Leeds", "أكاديمية <script>")


@pytest.fixture
def star() -> dict:
    """One in the middle, joined to all others, two of which are joined themselves."""
    found = {name: InstitutionFactory(name=name, country_id="KR") for name in NAMES[1:]}
    found["KAIST"] = InstitutionFactory(name="KAIST", country_id="GB")
    for name in NAMES[1:]:
        AgreementFactory(parties=[found["KAIST"], found[name]], published=True)
    AgreementFactory(parties=[found["Seoul"], found["Daejeon"]], published=True)
    return found


def seen(page: Page) -> str:
    return page.locator("[data-drawing]").get_attribute("viewBox")


def test_from_the_network_to_one_institution_and_around_it(page: Page, live_server, star):
    said = complaints_of(page)
    page.goto(f"{live_server.url}/explore/network/")
    figure = page.get_by_role("figure")
    expect(figure).to_contain_text("6 institutions, joined by 6 partnerships. Most partners: KAIST (5)")
    # Zoom, and back.
    whole = seen(page)
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator("[data-drawing]")).not_to_have_attribute("viewBox", whole)
    page.get_by_role("button", name="All").click()
    expect(page.locator("[data-drawing]")).to_have_attribute("viewBox", whole)
    # What is found by its name has the focus; its neighbours stand out.
    page.get_by_label("Find in the picture").fill("turing")
    page.keyboard.press("Enter")
    node = page.locator(".network-node:focus")
    expect(node).to_have_attribute("aria-label", re.compile("^Turing, South Korea"))
    expect(page.locator(".network-node.is-near")).to_have_count(2)
    expect(page.locator("[data-network-told]")).to_contain_text("Turing")
    # Keys: one stop for the drawing, arrows within it, zoom by signs.
    page.keyboard.press("0")
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    moved = page.locator(".network-node:focus").get_attribute("aria-label")
    assert page.locator('.network-node[tabindex="0"]').count() == 1
    expect(page.locator("[data-told]")).to_have_text(moved)
    page.keyboard.press("+")
    expect(page.locator("[data-network]")).to_have_class(re.compile("is-zoomed"))
    page.keyboard.press("Escape")
    expect(page.locator(".has-chosen")).to_have_count(0)
    # Around one of them, as far as asked; then countries.
    page.get_by_label("Find in the picture").fill("Leeds")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Draw the network around it").click()
    expect(figure).to_contain_text("Around Leeds: everyone one link away.")
    expect(page.locator(".network-node")).to_have_count(2)
    page.get_by_role("navigation", name="Links away").get_by_role("link", name="2").click()
    expect(figure).to_contain_text("everyone up to 2 links away")
    expect(page.locator(".network-node")).to_have_count(6)
    page.get_by_role("link", name="Show the whole network").click()
    page.get_by_role("navigation", name="Between").get_by_role("link", name="Countries").click()
    expect(figure).to_contain_text("2 countries, joined by 1 link.")
    page.locator(".network-node").first.click()
    expect(page).to_have_url(re.compile("/countries/"))
    assert not said


def test_very_many_are_painted(page: Page, live_server, star, monkeypatch):
    monkeypatch.setattr(drawn_network, "DRAWN", 4)
    monkeypatch.setitem(LINKS, 4, 8)
    said = complaints_of(page)
    page.goto(f"{live_server.url}/explore/network/?size=150&measure=pagerank")
    canvas = page.locator("canvas")
    expect(canvas).to_be_visible()
    canvas.focus()
    expect(page.locator("[data-told]")).to_contain_text("KAIST")
    page.keyboard.press("+")
    page.get_by_label("Find in the picture").fill("LEEDS")
    page.keyboard.press("Enter")
    expect(page.locator("[data-told]")).to_contain_text("Leeds")
    painted = "it => it.getContext('2d').getImageData(0, 0, it.width, it.height).data.some(Boolean)"
    assert canvas.evaluate(painted)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/institutions/"))
    assert not said


def test_without_a_script_on_a_narrow_dark_screen(browser: Browser, live_server, star):
    window = browser.new_context(
        java_script_enabled=False, viewport={"width": 375, "height": 800}, color_scheme="dark"
    )
    page = window.new_page()
    page.goto(f"{live_server.url}/explore/network/?size=500")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("button", name="Zoom in")).to_have_count(0)
    expect(page.locator(".network-names.is-large text").first).to_be_visible()
    page.get_by_text("The same as tables").click()
    page.get_by_role("link", name="Around KAIST").click()
    expect(page.get_by_role("figure")).to_contain_text("Around KAIST")
    page.locator(".network-node").first.click()
    expect(page).to_have_url(re.compile("/institutions/"))
    window.close()
