"""WCAG 2.2 AA on every type of public page: by axe-core, at 400 % zoom, and with the keyboard alone.

A type of page is whatever the URL conf names (``page_types``), so each new one is held to the same.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.partnerships.views.records import full_agreement

from .page_types import every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
DESK = {"width": 1280, "height": 900}
#: 1280 by 1024 pixels at 400 %, as WCAG 2.2 means it (success criterion 1.4.10).
ZOOMED = {"width": 320, "height": 256}
TITLE = (
    "Framework on trustworthy machine learning, 신뢰할 수 있는 인공지능 and https://example.org/" + "x" * 80
)


#: What Swagger UI draws so and lets nobody change: a second main landmark, links inside of buttons.
SWAGGERS_OWN = (
    "landmark-main-is-top-level",
    "landmark-no-duplicate-main",
    "landmark-unique",
    "nested-interactive",
)


def violations(page: Page, without: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds, a line for each rule: its name, how many, and the first of them."""
    options = RULES | {"rules": {name: {"enabled": False} for name in without}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['html'][:160]}" for one in found]


def test_axe_finds_no_violation_and_nothing_runs_out_of_a_zoomed_page(browser, live_server):
    call_command("load_demo", verbosity=0)
    record = full_agreement(3, title=TITLE, signed_on="2024-05-21", languages=["en", "ko"])
    window = browser.new_context(reduced_motion="reduce")
    page, found = window.new_page(), {}
    for language, _ in settings.LANGUAGES:
        pages = every_page(record, language)
        if language == settings.LANGUAGE_CODE:
            pages["api-docs"] = "/api/docs/"
        for name, address in pages.items():
            page.set_viewport_size(DESK)
            page.goto(live_server.url + address)
            if name == "api-docs":
                page.locator(".opblock").first.wait_for()
            page.evaluate("document.querySelector('#narrow')?.setAttribute('open', '')")
            without = SWAGGERS_OWN if name == "api-docs" else ()
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found[language, name, scheme] = violations(page, without)
            page.set_viewport_size(ZOOMED)
            found[language, name, "zoomed"] = page.evaluate(TOO_WIDE)
    window.close()
    assert "\n".join(f"{' '.join(where)}: {line}" for where, lines in found.items() for line in lines) == ""


#: What makes a page scroll sideways; nothing, where it doesn't.
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return ['scrolls sideways', ...[...document.querySelectorAll('body *')]
    .filter(it => it.getBoundingClientRect().right > room + 1).slice(0, 3)
    .map(it => it.outerHTML.slice(0, 160))];
}"""


def test_keys_alone_reach_and_leave_everything_and_show_where_they_are(browser, live_server):
    record = full_agreement(2, title=TITLE, signed_on="2024-05-21")
    window = browser.new_context(viewport=DESK, reduced_motion="reduce")
    page, found = window.new_page(), {}
    for name, address in every_page(record).items():
        page.goto(live_server.url + address)
        there = page.evaluate(LISTEN)
        # Round once: a hold that keeps the focus would never let it come back to the first.
        for _ in range(0, 3 * there + 60, 20):
            for _ in range(20):
                page.keyboard.press("Tab")
            if page.evaluate("walked.isRound"):
                break
        found[name] = page.evaluate(LEFT_OUT)
    # On a phone the sections wait behind a button.
    page.set_viewport_size(ZOOMED)
    page.goto(live_server.url)
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.get_by_role("button", name="Menu")).to_be_focused()
    window.close()
    assert "\n".join(f"{name}: {line}" for name, lines in found.items() for line in lines) == ""


#: Note from now on where the focus goes and how that looks; return how many places it should reach.
LISTEN = """() => {
  const looks = it => [it, it.parentElement, it.labels?.[0]].filter(Boolean).map(one => {
    const now = getComputedStyle(one);
    return ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'backgroundColor', 'borderColor']
      .map(name => now[name]).join();
  }).join(';');
  const first = [], unseen = [];
  let shown = '';
  window.walked = {reached: new Set(), unseen, isRound: false, trap: ''};
  addEventListener('focusin', ({target}) => {
    if (!first.length) first.push(target);
    else if (target === first[0]) walked.isRound = true;
    walked.reached.add(target);
    walked.trap = target;
    shown = looks(target);
  });
  addEventListener('focusout', ({target}) => setTimeout(() => {
    if (document.activeElement !== target && looks(target) === walked.shown) unseen.push(target);
  }));
  addEventListener('keydown', () => { walked.shown = shown; }, true);
  const can = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  walked.expected = [...document.querySelectorAll(can)].filter(it =>
    it.tabIndex >= 0 && it.checkVisibility({visibilityProperty: true})
    // One of a group of radio buttons is reached by Tab, the others from it by arrows.
    && !(it.type === 'radio' && it !== (document.querySelector(`[name="${it.name}"]:checked`) ?? it)));
  return walked.expected.length;
}"""

#: What the walk did not reach, what showed no focus, and where it was held.
LEFT_OUT = """() => [
  ...(walked.isRound ? [] : [['held at', walked.trap]]),
  ...walked.expected.filter(it => !it.disabled && !walked.reached.has(it)).map(it => ['not reached', it]),
  ...walked.unseen.map(it => ['focus not shown', it]),
].slice(0, 5).map(([what, it]) => `${what}: ${it.outerHTML?.slice(0, 160)}`)"""
