"""A webhook's life in a browser: made, tested, told of what is published, replayed, ended."""

import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook

from partnerships.services.feed import tell_all
from partnerships.services.webhooks import deliver
from tests.factories import AgreementFactory
from tests.partnerships.webhooks.receivers import receiving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def receiver(settings):
    """A system on this machine that wants to be told; at first it is out of order."""
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with receiving(lambda handler, number: (500, {}, b"Out of order") if not number else 204) as one:
        yield one


def work() -> None:
    """What ``manage.py work`` does all the time."""
    tell_all()
    deliver()


def test_a_webhooks_life(live_server, sign_in, office, receiver):
    page = sign_in("administrator", viewport={"width": 375, "height": 812})
    page.goto(f"{live_server.url}/admin/partnerships/webhooksubscription/")
    expect(page.get_by_text("None yet")).to_be_visible()
    page.get_by_role("link", name="Add webhook").last.click()
    page.fill("#id_name", "CRIS of the university")
    page.fill("#id_address", receiver.address)
    page.select_option("#id_office", label=office.name)
    page.get_by_role("button", name="Make the webhook").click()

    field = page.locator("#secret")
    secret = field.input_value()
    expect(field).to_be_focused()
    assert field.evaluate("it => it.value.slice(it.selectionStart, it.selectionEnd)") == secret
    assert field.evaluate("it => it.scrollWidth <= it.clientWidth && it.scrollHeight <= it.clientHeight")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").get_by_text("Copied.")).to_be_visible()
    page.get_by_role("link", name="Done, I have copied it").click()

    hook = page.url
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It answered: “Out of order”")).to_be_visible()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("The test was taken with 204")).to_be_visible()
    Webhook(secret).verify(receiver.kept[-1][1], receiver.kept[-1][0])

    uid = AgreementFactory(published=True).uid
    work()
    page.goto(hook)
    row = page.get_by_role("region", name="Newest deliveries").get_by_role("row", name=uid)
    expect(row).to_contain_text("Taken with 204")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "the table scrolls, not the page"
    )

    row.get_by_role("link", name="agreement.created").click()
    expect(page.get_by_text("Finished at", exact=True)).to_be_visible()
    expect(page.get_by_text("Next at", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Send it once more").click()
    expect(page.get_by_text("It is sent once more, under the same id.")).to_be_visible()
    expect(page.get_by_text("Next at", exact=True)).to_be_visible()
    work()
    page.reload()
    expect(page.locator("#log-group").get_by_text("Taken with 204")).to_have_count(2)
    assert receiver.kept[-1][0]["webhook-id"] == receiver.kept[-2][0]["webhook-id"]

    page.goto(hook)
    page.get_by_role("button", name="Replace the secret").click()
    expect(page.get_by_text("signed with the old secret as well until")).to_be_visible()
    assert page.locator("#secret").input_value() != secret
    page.get_by_role("link", name="Done, I have copied it").click()
    page.get_by_label("Why it ends").fill("No longer used")
    page.get_by_role("button", name="End this webhook").click()
    expect(page.get_by_text("is told no more")).to_be_visible()
