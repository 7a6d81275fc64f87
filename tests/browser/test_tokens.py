"""A token's life in a browser: issued, seen to expire soon, rotated, changed, revoked; and used meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_tokens_life(live_server, sign_in):
    page = sign_in("administrator")

    def told(secret: str):
        headers = {"Authorization": f"Bearer {secret}", "Cookie": ""}
        return page.request.get(f"{live_server.url}/api/v1/token/", headers=headers)

    page.get_by_role("link", name="API tokens").click()
    page.goto(f"{live_server.url}/admin/people/apitoken/add/")
    page.fill("#id_name", "Website of the faculty")
    page.get_by_label("Read what is published internally").check()
    page.select_option("#id_office", label="International Office")
    page.fill("#id_valid_through", str(timezone.localdate() + timedelta(days=5)))
    page.fill("#id_networks", "127.0.0.1/8")
    page.get_by_role("button", name="Issue the token").click()
    expect(page.get_by_text("the network is 127.0.0.0/8")).to_be_visible()
    page.fill("#id_networks", "127.0.0.0/8\n::1")
    page.get_by_role("button", name="Issue the token").click()
    first = page.locator("#secret").input_value()
    assert told(first).json()["office"] == "International Office"

    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="API tokens that expire soon").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Website of the faculty").click()

    page.get_by_role("link", name="Rotate…").click()
    page.get_by_role("button", name="Make a new secret").click()
    second = page.locator("#secret").input_value()
    assert first != second
    assert [told(secret).status for secret in (first, second)] == [200, 200]
    page.get_by_role("link", name="Done, I have copied it").click()
    expect(page.get_by_role("cell", name=f"{second[:10]}, {first[:10]}")).to_be_visible()

    page.get_by_role("link", name="Website of the faculty").click()
    page.get_by_role("link", name="Change…").click()
    page.fill("#id_networks", "192.0.2.0/24")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is changed, from the next request on")).to_be_visible()
    assert told(second).status == 403

    page.fill("#revoke-reason", "No longer used")
    page.get_by_role("button", name="Revoke this token").click()
    expect(page.get_by_text("it opens nothing any more")).to_be_visible()
    expect(page.get_by_role("link", name="Rotate…")).to_have_count(0)
    assert "revoked" in told(second).json()["detail"]
