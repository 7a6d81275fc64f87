"""The desk in a browser: sign in, see what waits, follow each number to its list."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from partnerships.models import Agreement, StaffSettings
from partnerships.services.publication import submit_for_review
from people.models import User
from tests.factories import AgreementFactory, administrator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_each_number_leads_to_as_many_records(live_server, sign_in, office):
    soon = str(timezone.localdate() + timedelta(days=20))
    AgreementFactory.create_batch(2, office=office, end_kind="date", ends_on=soon)
    AgreementFactory(office=office, sources=0)
    waiting = AgreementFactory(office=office, title="Please read me")
    submit_for_review(agreement=waiting, by=administrator())
    page = sign_in("reviewer")
    expect(page.get_by_role("link", name="Please read me").first).to_be_visible()
    Agreement.objects.update(owner=User.objects.get(username="reviewer"))
    page.goto(f"{live_server.url}/admin/?scope=mine")
    figures = page.locator(".desk-numbers a").all()
    counted = [(line.get_attribute("href"), line.locator(".desk-number").inner_text()) for line in figures]
    assert len(counted) >= 8
    for address, number in counted:
        page.goto(live_server.url + address)
        expect(page.locator("#result_list tbody tr")).to_have_count(int(number))


def test_settings_are_kept_and_a_calendar_opens(live_server, sign_in):
    page = sign_in("editor")
    page.get_by_role("link", name="My settings: reminders and calendar").click()
    page.select_option("#id_reminders", "weekly")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    page.get_by_role("button", name="Open my calendar").click()
    address = page.locator("#calendar a.secret").inner_text()
    assert page.request.get(live_server.url + address[address.index("/calendar/") :]).status == 200
    assert StaffSettings.objects.get().reminders == "weekly"
