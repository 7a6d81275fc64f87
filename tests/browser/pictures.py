"""The pictures of ``docs/staff.md``: ``make pictures`` draws them anew, from the demonstration records.

No test: what changes on a page is looked at, and the picture taken again.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from partnerships.models import Agreement, Institution
from partnerships.services.duplicates import find_duplicates
from partnerships.services.publication import submit_for_review
from partnerships.services.texts.waiting import read_waiting_texts
from people.history import acting
from people.models import User
from tests import files
from tests.factories import AgreementFactory, InstitutionFactory, MembershipFactory
from tests.partnerships.services.importing.sheets import checked, upload

from .conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
RECORD = "/admin/partnerships/agreement/{}/change/"
LIST = "/admin/partnerships/agreement/"
SHEET = """\
Our no.,Partner,Country,Agreement,Signed,End
2024-017,Korea Advanced Institute of Science and Technology,South Korea,Student exchange,21 May 2024,2029
2024-018,The Alan Turing Institut,UK,Joint research on safety,05/2024,31.12.2027
2024-019,University of Exampleton,Portugal,Letter of intent,2024,
2024-020,Sample Institute,Japan,Staff exchange,31 February 2024,2026
"""


@pytest.fixture
def registry(office):
    """The demonstration records, and invented ones of invented institutions that end or wait for somebody."""
    call_command("load_demo", verbosity=0)
    Agreement.objects.update(office=office)
    kim = MembershipFactory(
        office=office, role="reviewer", user__username="reviewer", user__password=PASSWORD,
        user__first_name="Min-ji", user__last_name="Kim",
    ).user  # fmt: skip
    lee = MembershipFactory(
        office=office, role="editor", user__username="lee", user__first_name="Anna", user__last_name="Lee"
    ).user
    today = timezone.localdate()
    sides = [
        InstitutionFactory(name=name, country_id=code)
        for name, code in (("University of Exampleton", "PT"), ("Sample Institute of Technology", "JP"))
    ]
    for title, days, notice in (
        ("Exchange of students between Exampleton and Sample", 25, 2),
        ("Joint laboratory of Exampleton and Sample", 55, 7),
        ("Shared library of Exampleton and Sample", 85, 9),
        ("Summer school of Exampleton and Sample", 170, 20),
    ):
        ends_on = str(today + timedelta(days=days))
        facts = {"end_kind": "date", "ends_on": ends_on, "notice_amount": notice, "notice_unit": "weeks"}
        AgreementFactory(title=title, office=office, owner=kim, parties=sides, signed_on="2022", **facts)
    for title in ("Staff exchange with Exampleton", "Letter of intent on a shared archive"):
        submit_for_review(agreement=AgreementFactory(title=title, office=office, owner=lee), by=lee)
    return office


def enter(page: Page, live_server) -> Page:
    page.goto(f"{live_server.url}/admin/")
    page.fill("[name=username]", "reviewer")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("heading", name="Waits for you")).to_be_visible()
    return page


def test_draw(browser, live_server, registry):
    window = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page = enter(window.new_page(), live_server)

    def draw(name: str, path: str = "", *, scroll_to: str = "") -> None:
        if path:
            page.goto(live_server.url + path)
        if scroll_to:
            page.locator(scroll_to).first.evaluate("it => it.scrollIntoView({block: 'start'})")
            page.mouse.wheel(0, -110)
        page.wait_for_timeout(400)
        page.screenshot(path=IMAGES / f"staff-{name}.png")

    kim = User.objects.get(username="reviewer")
    record = Agreement.objects.get(title__startswith="Joint laboratory")
    draw("desk", "/admin/?scope=offices")
    draw("form", RECORD.format(record.pk), scroll_to="#agreement_form")
    draw("acts", RECORD.format(record.pk))
    draw("extend", f"/admin/partnerships/agreement/{record.pk}/act/extend/")

    batch = checked(upload(SHEET.encode(), by=kim, office=registry, filename="our agreements.csv"))
    draw("import", f"/admin/partnerships/importbatch/{batch.pk}/change/")

    Institution.objects.create(name="Sample institute of technology", country_id="JP")
    Institution.objects.create(name="University of Exampletown", country_id="PT")
    find_duplicates()
    draw("duplicates", "/admin/partnerships/institution/duplicates/")

    paper = files.document_with(
        b"The parties agree on joint research.", "mou.txt", agreement=record, title="Signed text"
    )
    read_waiting_texts()
    assert paper.pk
    draw("documents", RECORD.format(record.pk), scroll_to="#documents-group")

    page.goto(f"{live_server.url}{LIST}?country=KR")
    page.get_by_text("Save this filter…").click()
    page.fill("#id_saved-name", "With Korea")
    page.get_by_role("button", name="Save the filter").click()
    draw("list", f"{LIST}?country=KR")

    page.goto(live_server.url + LIST)
    for box in page.locator("input.action-select").all()[:4]:
        box.check()
    page.select_option("select[name=action]", "bulk_edit")
    page.click("button[name=index]")
    page.select_option("[name=visibility]", "internal")
    page.select_option("[name=binding]", "non_binding")
    page.get_by_role("button", name="Look at what would change").click()
    draw("bulk")

    with acting(user=kim, reason="As the signed text says."):
        record.refresh_from_db()
        record.summary = "The two run a laboratory together and share its instruments."
        record.signed_on = "2022-03"
        record.save()
    draw("history", f"/admin/partnerships/agreement/{record.pk}/history/")
    window.close()
