"""What all browser tests share."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.factories import MembershipFactory, OfficeFactory

# Named here too, because the fixture of pytest-playwright's own plugin would win over a plugin's.
from tests.plugins.browser import browser_type_launch_args

__all__ = ["browser_type_launch_args"]

PASSWORD = "a long enough password"


@pytest.fixture
def office():
    return OfficeFactory(name="International Office")


@pytest.fixture
def sign_in(browser: Browser, live_server, office):
    """``sign_in("editor", viewport=…)``: a browser window of its own, signed in with that role."""
    windows = []

    def signed_in(role: str, **window) -> Page:
        MembershipFactory(office=office, role=role, user__username=role, user__password=PASSWORD)
        windows.append(browser.new_context(**window))
        page = windows[-1].new_page()
        page.goto(f"{live_server.url}/admin/")
        page.fill("[name=username]", role)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        expect(page.get_by_role("heading", name="Your desk").first).to_be_visible()
        return page

    yield signed_in
    for window in windows:
        window.close()
