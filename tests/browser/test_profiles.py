"""Map and network within a profile: drawn when they come near, and links without a script."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import AgreementFactory, InstitutionFactory

from .test_pages import complaints_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kaist():
    kaist = InstitutionFactory(
        name="KAIST", country_id="KR", city="Daejeon", latitude=36.35, longitude=127.38
    )
    turing = InstitutionFactory(name="Turing", country_id="GB", city="London", latitude=51.5, longitude=-0.13)
    AgreementFactory(parties=[kaist, turing], published=True)
    AgreementFactory(parties=[kaist, InstitutionFactory(name="Leeds")], published=True)
    AgreementFactory(parties=[turing, InstitutionFactory(name="Elsewhere")], published=True)
    return kaist


def test_pictures_are_drawn_within_the_profile_and_lead_on(page: Page, live_server, kaist):
    said, asked = complaints_of(page), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/institutions/{kaist.uid}/")
    page.get_by_role("heading", name="Who works with whom").scroll_into_view_if_needed()
    nodes = page.locator(".drawn .network-node")
    expect(nodes).to_have_count(3)  # its own partners, and nobody else's
    circles = page.locator(".drawn .circle-link")
    expect(circles).to_have_count(2)
    assert all(url.startswith(live_server.url) for url in asked)
    # What leads to another picture leads to the picture's own page.
    zoom = page.get_by_role("link", name="Zoom in").get_attribute("href")
    assert zoom.startswith(f"{live_server.url}/explore/map/?institution={kaist.uid}")
    # The script of the picture is at work: pointing at a node says who it is.
    page.get_by_role("link", name=re.compile("^Turing, ")).last.focus()
    expect(page.locator("[data-told]")).to_contain_text("Turing")
    around = page.locator("[data-told-around]").get_attribute("href")
    assert around.startswith(f"{live_server.url}/explore/network/?around=")
    page.locator("[data-told-page]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Turing")
    assert said == []


def test_without_a_script_titles_lead_to_the_pictures(browser: Browser, live_server, kaist):
    window = browser.new_context(java_script_enabled=False)
    page = window.new_page()
    page.goto(f"{live_server.url}/institutions/{kaist.uid}/")
    expect(page.locator(".network-node")).to_have_count(0)
    page.get_by_role("link", name="Who works with whom").click()
    expect(page.locator(".network-node")).to_have_count(3)
    window.close()


def test_a_picture_that_cannot_be_had_leaves_its_link(page: Page, live_server, kaist):
    page.route("**/explore/network/**", lambda route: route.abort())
    page.goto(f"{live_server.url}/institutions/{kaist.uid}/")
    title = page.get_by_role("link", name="Who works with whom")
    title.scroll_into_view_if_needed()
    expect(page.locator(".drawn .circle-link")).to_have_count(2)
    expect(page.locator(".drawn[aria-busy]")).to_have_count(0)
    expect(title).to_be_visible()
