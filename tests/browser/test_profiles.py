"""Within a profile: map and network, drawn when they come near, and the filters of the list of agreements."""

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
    AgreementFactory(parties=[kaist, turing], published=True, signed_on="2024")
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


@pytest.mark.parametrize("scripted", [True, False])
def test_a_profile_is_narrowed_and_widened_again(browser: Browser, live_server, kaist, scripted):
    window = browser.new_context(java_script_enabled=scripted)
    page = window.new_page()
    said = complaints_of(page)
    page.goto(f"{live_server.url}/institutions/{kaist.uid}/")
    partners = page.locator("#partners ~ .bars a")
    expect(partners).to_have_count(2)
    page.get_by_text("Narrow what this page shows").click()
    form = page.locator("#narrow form")
    form.get_by_role("checkbox", name=re.compile("2024")).check()
    form.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"\?q=&year=2024$"))
    expect(partners).to_have_text(["Turing"])
    expect(page.locator(".profile-totals dd").first).to_have_text("1")
    listed = page.get_by_role("link", name="As a list to search and download")
    expect(listed).to_have_attribute("href", f"/agreements/?institution={kaist.uid}&year=2024")
    page.get_by_text("Narrow what this page shows").click()
    page.get_by_label("Search").fill("Leeds")
    page.get_by_label("Search").press("Enter")
    expect(page.get_by_text("None meets these filters.")).to_be_visible()
    page.get_by_role("link", name="Remove the filter Year: 2024").click()
    expect(partners).to_have_text(["Leeds"])
    page.get_by_role("link", name=re.compile("Remove the filter Search")).click()
    expect(partners).to_have_count(2)
    expect(page).to_have_url(f"{live_server.url}/institutions/{kaist.uid}/?")
    assert said == []
    window.close()


def test_a_picture_that_cannot_be_had_leaves_its_link(page: Page, live_server, kaist):
    page.route("**/explore/network/**", lambda route: route.abort())
    page.goto(f"{live_server.url}/institutions/{kaist.uid}/")
    title = page.get_by_role("link", name="Who works with whom")
    title.scroll_into_view_if_needed()
    expect(page.locator(".drawn .circle-link")).to_have_count(2)
    expect(page.locator(".drawn[aria-busy]")).to_have_count(0)
    expect(title).to_be_visible()
