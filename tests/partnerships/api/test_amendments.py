"""What was amended, as the API tells it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.services.lifecycle import amend
from tests.factories import AgreementFactory, administrator

pytestmark = pytest.mark.django_db


def test_a_record_says_what_was_agreed_last_and_what_it_said_before(api):
    record = AgreementFactory(published=True)
    address = f"agreements/{record.uid}/"
    assert api.read(address)["amendments"] == [], "read before: the ready answer must be made anew"
    amend(
        agreement=record,
        by=administrator(),
        title="Notice",
        source=record.sources.first(),
        document=SimpleUploadedFile("text.txt", b"Internal text."),
        terms={"notice_amount": 6, "notice_unit": "months"},
    )
    answer = api.read(address)
    [row] = answer["amendments"]
    assert answer["notice"] == {"amount": 6, "unit": "months"}
    assert (row["number"], row["title"], row["source"]) == (1, "Notice", record.sources.first().uid)
    assert row["document"] is None, "an internal document is not named to the public"
    assert row["terms"] == [
        {"field": "notice_amount", "before": None, "after": "6"},
        {"field": "notice_unit", "before": None, "after": "months"},
    ]


def test_the_ready_answer_follows_a_corrected_amendment(api):
    record = AgreementFactory(published=True)
    amend(agreement=record, by=administrator(), title="Notice", terms={"binding": "binding"})
    address = f"agreements/{record.uid}/"
    assert api.read(address)["amendments"][0]["title"] == "Notice"
    record.amendments.update(title="Corrected")
    assert api.read(address)["amendments"][0]["title"] == "Corrected"
    record.amendments.get().terms.update(before="non_binding")
    assert api.read(address)["amendments"][0]["terms"][0]["before"] == "non_binding"


def test_amendments_alone(staff):
    record = AgreementFactory(published=True)
    amend(agreement=record, by=administrator(), title="Notice", source=record.sources.first())
    [row] = staff.rows("agreements/?fields=amendments")
    assert row["amendments"][0]["source"] == record.sources.first().uid
