"""WCAG 2.2 AA on every type of public page: by axe-core, at 400 % zoom, and with the keyboard alone.

A type of page is whatever the URL conf names (``page_types``), so each new one is held to the same.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page

from partnerships.models import Agreement
from tests.partnerships.views.records import full_agreement

from .page_types import every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
DESK = {"width": 1280, "height": 900}
#: 1280 pixels at 400 %, as WCAG 2.2 means it (success criterion 1.4.10).
ZOOMED = {"width": 320, "height": 256}
TITLE = (
    "Framework on trustworthy machine learning, 신뢰할 수 있는 인공지능 and https://example.org/" + "x" * 80
)


@pytest.fixture
def record() -> Agreement:
    """Something in every corner, among the demonstration records."""
    call_command("load_demo", verbosity=0)
    return full_agreement(3, title=TITLE, signed_on="2024-05-21", languages=["en", "ko"])


def violations(page: Page) -> list[str]:
    """What axe-core finds, a line for each rule: its name, how many, and the first of them."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("language", [tag for tag, _ in settings.LANGUAGES])
def test_axe_finds_no_violation_and_nothing_runs_out_of_a_zoomed_page(browser, live_server, record, language):
    window = browser.new_context(viewport=DESK, reduced_motion="reduce")
    page, found = window.new_page(), {}
    for name, address in every_page(record, language).items():
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)
        page.goto(live_server.url + address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[name, scheme] = violations(page)
        page.set_viewport_size(ZOOMED)
        found[name, "zoomed"] = page.evaluate(TOO_WIDE)
    window.close()
    assert {where: what for where, what in found.items() if what} == {}


#: What makes a page scroll sideways; nothing, where it doesn't.
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll('main *, header *, footer *')]
    .filter(it => it.getBoundingClientRect().right > room + 1).slice(0, 3)
    .map(it => it.outerHTML.slice(0, 160));
}"""
