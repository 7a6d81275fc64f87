"""A record on paper: what a reader files away has its address, its day and its evidence, and no chrome."""

import io
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pypdf import PdfReader

from partnerships.partial_dates import spoken
from tests.factories import AgreementFactory, InstitutionFactory
from tests.partnerships.views.records import full_agreement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def printed(page: Page, address: str) -> list[str]:
    """The words of each sheet of A4, as the browser's printing lays it out."""
    page.goto(address)
    page.emulate_media(media="print")
    sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    return [re.sub(r"\s+", " ", sheet.extract_text()) for sheet in sheets]


def test_a_record_prints_as_a_document(page: Page, live_server):
    record = full_agreement(9, title="Framework on trustworthy machine learning", signed_on="2024-05")
    for number, source in enumerate(record.sources.all()):
        source.title, source.url = f"Report number {number}.", f"https://example.org/report-{number}"
        source.save()
    address = f"{live_server.url}/agreements/{record.uid}/"
    sheets = printed(page, address)
    words = " ".join(sheets)
    # Where it stands, and of which day it is.
    assert f"Printed from {address} on {spoken(timezone.localdate())}." in words
    # The record itself, its evidence with addresses.
    assert record.title in words and "May 2024" in words
    for number in range(9):
        # A source is on one sheet: it is not cut, and its address stands with it.
        [sheet] = [sheet for sheet in sheets if f"Report number {number}." in sheet]
        assert f"https://example.org/report-{number}" in sheet
    # Nothing that only a screen can do.
    for chrome in ("Staff sign-in", "Partnerships", "Skip to the content", "This record as JSON", "BibTeX"):
        assert chrome not in words, chrome
    assert len(sheets) > 1, "a record that fills one sheet shows nothing about cuts"


def test_a_list_prints_its_rows_alone(page: Page, live_server):
    parties = InstitutionFactory.create_batch(2)
    for number in range(14):
        facts = {"title": f"Agreement with the number {number}.", "signed_on": f"20{number + 10}"}
        AgreementFactory(parties=parties, published=True, **facts)
    sheets = printed(page, f"{live_server.url}/agreements/?ordering=title&page_size=100")
    for number in range(14):
        # A row is not cut: its date is on the sheet of its title.
        [sheet] = [sheet for sheet in sheets if f"the number {number}." in sheet]
        assert f"20{number + 10}" in sheet
    words = " ".join(sheets)
    # A list is known by its question.
    assert "?ordering=title&page_size=100" in words.replace(" ", "")
    for chrome in ("Search and filter", "Clear all", "Newest signing", "NDJSON"):
        assert chrome not in words, chrome
