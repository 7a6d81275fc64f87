"""The map in a browser: by keys, buttons, wheel and circles; without a script; narrow and dark."""

import csv
import io
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOWNS = {"Seoul": ("KR", 126.98, 37.57), "Daejeon": ("KR", 127.38, 36.35), "London": ("GB", -0.13, 51.51)}


def furnish() -> None:
    parties = [
        InstitutionFactory(name=f"University of {town}", country_id=code, city=town, longitude=x, latitude=y)
        for town, (code, x, y) in TOWNS.items()
    ]
    AgreementFactory(parties=parties, published=True)
    AgreementFactory(parties=parties[:2], published=True)
    AgreementFactory(parties=parties[1:], published=True, type="exchange")


def zoom_of(page: Page) -> int:
    return int(page.locator("[data-map]").get_attribute("data-map").rsplit(",", 1)[1])


def test_moving_in_the_map(page: Page, live_server):
    furnish()
    faults = []
    page.on("pageerror", lambda one: faults.append(str(one)))
    page.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
    page.goto(f"{live_server.url}/explore/map/")
    circles = page.locator(".circle-link")
    expect(circles).to_have_count(2)
    assert page.evaluate("document.querySelectorAll('.circle-link[tabindex=\"0\"]').length") == 1
    # A click on a circle of several zooms in until they stand apart; the page stays.
    page.evaluate("window.stays = true")
    page.get_by_role("link", name=re.compile("^.*, South Korea and nearby, 2 institutions")).locator(
        ".circle"
    ).click()
    expect(circles.filter(has_text="Daejeon")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"view="))
    near = zoom_of(page)
    assert near > 3 and page.evaluate("window.stays")
    # The address says it all: reload, and back again.
    address = page.url
    page.reload()
    assert zoom_of(page) == near
    expect(circles.filter(has_text="Seoul")).to_have_count(1)
    page.go_back()
    expect(page.locator("[data-map$=',0']")).to_be_visible()
    page.go_forward()
    expect(page).to_have_url(address)
    expect(page.locator(f"[data-map$=',{near}']")).to_be_visible()
    # With keys.
    page.locator("[data-map-frame]").focus()
    page.keyboard.press("-")
    expect(page.locator(f"[data-map$=',{near - 1}']")).to_be_visible()
    page.keyboard.press("0")
    expect(page.locator("[data-map$=',0']")).to_be_visible()
    page.keyboard.press("+")
    expect(page.locator("[data-map$=',1']")).to_be_visible()
    before = page.locator("[data-map]").get_attribute("data-map")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"[data-map='{before}']")).to_have_count(0)
    # With a button, which keeps the focus; what is seen is told.
    page.get_by_role("link", name="Zoom out").click()
    expect(page.locator("[data-map$=',0']")).to_be_visible()
    page.get_by_role("link", name="Zoom in").click()
    expect(page.locator("[data-map$=',1']")).to_be_visible()
    expect(page.get_by_role("link", name="Zoom in")).to_be_focused()
    expect(page.locator("[data-map-told]")).to_contain_text("in this part of the map")
    # With the wheel, once the map is chosen; the point below it stays.
    page.goto(f"{live_server.url}/explore/map/")
    frame = page.locator("[data-map-frame]")
    box = frame.bounding_box()
    frame.focus()
    town = page.locator(".circle-link", has_text="Daejeon").locator(".circle").bounding_box()
    page.mouse.move(town["x"] + town["width"] / 2, town["y"] + town["height"] / 2)
    page.mouse.wheel(0, -500)
    expect(page.locator("[data-map$=',2']")).to_be_visible()
    moved = page.locator(".circle-link", has_text="Daejeon").locator(".circle").bounding_box()
    assert abs(moved["x"] - town["x"]) < 90 and abs(moved["y"] - town["y"]) < 60
    # By hand.
    before = page.locator("[data-map]").get_attribute("data-map")
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 170, steps=4)
    page.mouse.up()
    expect(page.locator(f"[data-map='{before}']")).to_have_count(0)
    assert zoom_of(page) == 2
    assert faults == []


def test_without_a_script_on_a_narrow_dark_screen(browser: Browser, live_server):
    furnish()
    window = browser.new_context(
        java_script_enabled=False, viewport={"width": 375, "height": 800}, color_scheme="dark"
    )
    page = window.new_page()
    page.goto(f"{live_server.url}/explore/map/?type=exchange")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("group", name="Map")).to_be_visible()
    page.goto(f"{live_server.url}/explore/map/")
    page.get_by_role("link", name="Zoom in").click()
    assert zoom_of(page) == 1
    page.goto(f"{live_server.url}/explore/map/")
    # The tables say what the drawing shows, and the file too.
    page.get_by_text("Countries, circles and lines as tables").click()
    country = page.get_by_role("row", name=re.compile("^South Korea"))
    expect(country.get_by_role("link", name="3")).to_be_visible()
    file = page.request.get(f"{live_server.url}/explore/map.csv").text()
    rows = list(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))
    assert {row["Name"]: row["Agreements"] for row in rows if row["What"] == "place"} == {
        "Seoul": "2",
        "Daejeon": "3",
        "London": "2",
    }
    assert [row["Agreements"] for row in rows if row["What"] == "line"] == ["2"]
    country.get_by_role("link", name="Show").click()
    expect(page).to_have_url(re.compile("at=KR"))
    page.locator(".circle-link", has_text="Seoul").locator(".circle").click()
    expect(page.get_by_role("heading", name="University of Seoul")).to_be_visible()
    page.goto(f"{live_server.url}/explore/map/?at=KR")
    page.goto(f"{live_server.url}/explore/map/?view=nowhere")
    expect(page.get_by_text("Write longitude, latitude and zoom")).to_be_visible()
    window.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_a_narrow_map_begins_where_its_largest_circle_is(page: Page, live_server, width):
    furnish()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/explore/map/")
    largest = page.locator(".circle-link", has_text="South Korea").locator(".circle")
    expect(largest).to_be_in_viewport()
    # Zoomed, its middle is what was meant.
    page.get_by_role("link", name="Zoom in").click()
    expect(page.locator("[data-map]")).to_have_attribute("data-map", re.compile(",1$"))
    middle = "(one) => one.scrollLeft + one.clientWidth / 2 - one.scrollWidth / 2"
    assert abs(page.locator(".map-scroll").evaluate(middle)) < 2
