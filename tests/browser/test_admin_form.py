"""The long form of an agreement under a hand: on a phone, with mistakes in it, pressed twice."""

import pytest
from playwright.sync_api import Page, expect

from partnerships.models import Agreement, Institution
from tests.factories import AgreementFactory, InstitutionFactory, SignatoryFactory

from .conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADD = "/admin/partnerships/agreement/add/"
LONG = "Korea Advanced Institute of Science and Technology, Graduate School of Everything"

#: Names of controls of the form that stand, wholly or in part, outside of the screen.
CUT_OFF = """() => [...document.querySelectorAll(
    '#agreement_form :is(input, select, textarea, .select2-container, a.related-widget-wrapper-link)')]
  .filter(it => it.getClientRects().length && !it.matches('.select2-hidden-accessible')
    && !it.closest('.empty-form'))
  .filter(it => it.getBoundingClientRect().right > document.documentElement.clientWidth - 8)
  .map(it => it.id || it.name || it.className)"""


def add_row(page: Page, prefix: str) -> None:
    page.locator(f"#{prefix}-group .add-row").last.click()


@pytest.mark.parametrize("width", [375, 768])
def test_every_field_can_be_reached_on_a_small_screen(live_server, sign_in, office, width):
    record = AgreementFactory(office=office, parties=[InstitutionFactory(name=LONG), InstitutionFactory()])
    SignatoryFactory(party=record.parties.first())
    page = sign_in("editor", viewport={"width": width, "height": 800})
    page.goto(f"{live_server.url}/admin/partnerships/agreement/{record.pk}/change/")
    for prefix in ("subjects", "periods", "relations"):
        add_row(page, prefix)
    assert page.evaluate(CUT_OFF) == []


def test_fields_of_one_line_stand_level(live_server, sign_in):
    page = sign_in("editor", viewport={"width": 1440, "height": 900})
    page.goto(live_server.url + ADD)
    add_row(page, "activities")
    for one, other in (
        ("activities-0-quota", "activities-0-quota_note"),
        ("terminated_on", "termination_reason"),
    ):
        tops = [page.locator(f"#id_{name}").bounding_box()["y"] for name in (one, other)]
        assert abs(tops[0] - tops[1]) < 2, one


def test_each_complaint_leads_to_its_field(live_server, sign_in):
    page = sign_in("editor")
    page.goto(live_server.url + ADD)
    page.fill("#id_title", "Mistakes")
    page.select_option("#id_type", "other")
    add_row(page, "activities")
    page.select_option("#id_activities-0-kind", "training")
    page.fill("#id_activities-0-starts_on", "2023-02-29")
    page.click("[name=_save]")
    complaints = page.locator("#faults li")
    expect(complaints).to_have_count(1)
    expect(complaints).to_contain_text("February 2023 has no day 29.")
    complaints.get_by_role("link", name="Activity 1: Starts on").click()
    expect(page.locator("#id_activities-0-starts_on")).to_be_focused()
    expect(page.locator("#id_activities-0-starts_on")).to_be_in_viewport()


def test_a_direction_is_asked_for_only_where_an_activity_has_one(live_server, sign_in):
    page = sign_in("editor")
    page.goto(live_server.url + ADD)
    add_row(page, "activities")
    expect(page.locator("#id_activities-0-from_row")).to_be_hidden()
    page.select_option("#id_activities-0-direction", "one_way")
    expect(page.locator("#id_activities-0-from_row")).to_be_visible()


def test_a_button_pressed_twice_records_once(live_server, sign_in):
    page = sign_in("editor")
    page.goto(live_server.url + ADD)
    page.fill("#id_title", "Once")
    page.select_option("#id_type", "other")
    # Two requests that both arrive, whatever the browser does with the first answer.
    sent = page.evaluate("""() => {
      const form = document.getElementById("agreement_form");
      const press = () => form.dispatchEvent(new SubmitEvent("submit", {bubbles: true, cancelable: true}));
      return [press(), press()];
    }""")
    assert sent == [True, False]
    page.reload()
    page.fill("#id_title", "Once")
    page.select_option("#id_type", "other")
    page.dblclick("[name=_save]")
    expect(page.get_by_role("link", name="Once").first).to_be_visible()
    assert Agreement.objects.filter(title="Once").count() == 1


def test_a_form_outlives_signing_in_again_in_another_window(live_server, sign_in):
    page = sign_in("editor")
    page.goto(live_server.url + ADD)
    page.fill("#id_title", "Kept")
    page.select_option("#id_type", "other")
    other = page.context.new_page()
    page.context.clear_cookies()
    other.goto(f"{live_server.url}/admin/")
    other.fill("[name=username]", "editor")
    other.fill("[name=password]", PASSWORD)
    other.press("[name=password]", "Enter")
    expect(other.get_by_role("heading", name="Waits for you")).to_be_visible()
    page.click("[name=_save]")
    expect(page.get_by_role("link", name="Kept").first).to_be_visible()


def test_a_button_pressed_twice_in_a_popup_creates_once(live_server, sign_in):
    page = sign_in("editor")
    page.goto(live_server.url + ADD)
    with page.expect_popup() as opened:
        page.click("#add_id_parties-0-institution")
    popup = opened.value
    popup.fill("#id_name", "Only one")
    with popup.expect_event("close"):
        popup.dblclick("[name=_save]")
    expect(page.locator("#id_parties-0-institution option:checked")).to_have_text("Only one")
    assert Institution.objects.filter(name="Only one").count() == 1


def test_what_was_typed_outlives_the_session(live_server, sign_in):
    page = sign_in("editor")
    page.goto(live_server.url + ADD)
    page.fill("#id_title", "Typed for an hour")
    page.select_option("#id_type", "other")
    page.context.clear_cookies(name="sessionid")
    page.click("[name=_save]")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in", exact=True).click()
    other = opened.value
    other.fill("[name=username]", "editor")
    other.fill("[name=password]", PASSWORD)
    other.press("[name=password]", "Enter")
    expect(other.get_by_role("heading", name="Waits for you")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("link", name="Typed for an hour").first).to_be_visible()
