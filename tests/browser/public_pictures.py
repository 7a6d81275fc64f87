"""The pictures of ``docs/pictures``: each type of public page at three widths, light, dark, in each language.

No test: ``make pictures`` takes them anew, from the demonstration records, and somebody looks at them.
"""

import base64
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page

from partnerships.models import Agreement

from .page_types import every_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTHS = (1440, 768, 375)
#: Where a long list is cut, in pixels: what follows is more of the same.
HEIGHT = 2200


def take(page: Page, name: str) -> None:
    """Write the page as a WebP, which only the browser's own protocol can: a third of a PNG's size."""
    # What sticks to the window stands where it does when one arrives.
    page.evaluate("scrollTo(0, 0)")
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": min(height, HEIGHT), "scale": 1}
    session = page.context.new_cdp_session(page)
    asked = {"format": "webp", "quality": 48, "clip": clip, "captureBeyondViewport": True}
    data = session.send("Page.captureScreenshot", asked)["data"]
    session.detach()
    (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(data))


def test_draw(browser, live_server):
    call_command("load_demo", verbosity=0)
    # Always the same one, and one that has something to show on each page.
    whole = Agreement.objects.filter(
        parties__signatories__person__isnull=False, subjects__isnull=False, event__isnull=False
    )
    record = whole.order_by("title", "pk").first()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    for language, _ in settings.LANGUAGES:
        is_main = language == settings.LANGUAGE_CODE
        # A reader of the language: nobody is offered the page in another one.
        window = browser.new_context(reduced_motion="reduce", locale=language, timezone_id="UTC")
        page = window.new_page()
        for name, address in every_page(record, language).items():
            page.goto(live_server.url + address, wait_until="networkidle")
            for picture in page.locator("[data-picture]").all():
                picture.scroll_into_view_if_needed()
                picture.locator("figure").wait_for()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                for scheme in ("light", "dark") if is_main else ("light",):
                    page.emulate_media(color_scheme=scheme)
                    # A picture drawn by a script follows the width and the colours a moment later.
                    page.wait_for_timeout(150)
                    take(page, f"{name}-{width}-{scheme if is_main else language}")
        window.close()
