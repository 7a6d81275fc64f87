"""One institution, once: told while recording, merged from the queue, parted again."""

import pytest
from playwright.sync_api import expect

from partnerships.models import Institution, Party
from partnerships.services.duplicates import find_duplicates
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_who_misspells_an_institution_in_a_popup_uses_the_one_that_stands(live_server, sign_in):
    stands = InstitutionFactory(name="University of Tartu", country_id=None)
    page = sign_in("editor")
    page.goto(f"{live_server.url}/admin/partnerships/agreement/add/")
    with page.expect_popup() as opened:
        page.locator("#add_id_parties-0-institution").click()
    popup = opened.value
    popup.locator("#id_name").press_sequentially("Universty of Tartu")
    expect(popup.locator("#meanwhile")).to_contain_text("95 % similar")
    popup.fill("#id_name", "Something quite different")
    expect(popup.locator("#meanwhile")).to_be_hidden()
    popup.fill("#id_name", "Universty of Tartu")
    popup.click("[name=_save]")
    expect(popup.locator("#likely")).to_contain_text("95 % similar")
    with popup.expect_event("close"):
        popup.locator("#likely").get_by_role("link", name="Use this one").click()
    expect(page.locator("#id_parties-0-institution")).to_have_value(str(stands.pk))
    assert Institution.objects.count() == 1


def test_from_the_queue_to_one_institution_and_back(live_server, sign_in):
    kept = InstitutionFactory(name="University of Tartu", country_id="EE", ror_id="03z77qz90")
    gone = InstitutionFactory(name="University of Tartu", country_id="EE")
    AgreementFactory(parties=[gone, InstitutionFactory(name="Third")], published=True)
    find_duplicates()
    page = sign_in("reviewer")
    page.get_by_role("link", name="Possible duplicates").click()
    expect(page.locator("#duplicates")).to_contain_text("same name, same country")
    page.get_by_role("link", name="Merge…").click()
    expect(page.locator("#merge")).to_contain_text("Agreements to which it is a party: 1")
    page.fill("#merge-reason", "recorded twice")
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_text("is one with")).to_be_visible()
    assert Party.objects.filter(institution=kept).count() == 1

    visitor = page.context.browser.new_page()
    visitor.goto(f"{live_server.url}/institutions/{gone.uid}/")
    expect(visitor).to_have_url(f"{live_server.url}/institutions/{kept.uid}/")
    visitor.close()

    page.get_by_role("link", name="Undo…").click()
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("stands for itself again")).to_be_visible()
    assert Party.objects.filter(institution=gone).count() == 1
