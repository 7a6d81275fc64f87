"""The acts as pages: each asks what it needs, tells what is wrong, and loses nothing that was typed."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from partnerships.models import Agreement
from tests.factories import (
    AgreementFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    publish_now,
)

from .forms import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory(name="International Office")


@pytest.fixture
def reviewer(office):
    return MembershipFactory(office=office, role="reviewer").user


@pytest.fixture
def client(reviewer):
    client = Client()
    client.force_login(reviewer)
    return client


@pytest.fixture
def record(office):
    return AgreementFactory(
        office=office, end_kind="date", ends_on="2027", notice_amount=3, notice_unit="months"
    )


def page_of(record) -> str:
    return reverse("admin:partnerships_agreement_change", args=[record.pk])


def act_page(record, name: str) -> str:
    return reverse("admin:partnerships_agreement_act", args=[record.pk, name])


def form_of(client, record, name: str) -> dict:
    return untouched(client, act_page(record, name), "act_form")


def told(response) -> str:
    return "\n".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_signature_with_who_signed_for_which_party(client, record):
    party, person = record.parties.last(), PersonFactory()
    typed = form_of(client, record, "sign") | {
        "signed_on": "2024-05",
        "signed_place": "Seoul",
        "signed_country": "KR",
        f"party-{party.pk}-0-name_as_printed": "Prof. A",
        f"party-{party.pk}-0-title_as_printed": "President",
        f"party-{party.pk}-0-person": person.pk,
        f"party-{party.pk}-1-name_as_printed": "Dr B",
    }
    response = client.post(act_page(record, "sign"), typed)
    assert (response.status_code, response.url) == (302, page_of(record))
    record.refresh_from_db()
    assert (str(record.signed_on), record.signed_place, record.signed_country_id) == (
        "2024-05",
        "Seoul",
        "KR",
    )
    assert [(row.name_as_printed, row.person) for row in party.signatories.all()] == [
        ("Prof. A", person),
        ("Dr B", None),
    ]


def test_a_title_without_a_name_is_told_and_nothing_is_lost(client, record):
    party = record.parties.last()
    typed = form_of(client, record, "sign") | {
        "signed_on": "2024-13",
        "signed_place": "Seoul",
        f"party-{party.pk}-0-title_as_printed": "President",
    }
    page = client.post(act_page(record, "sign"), typed).content.decode()
    assert "There is no month 13" in page
    assert "Give the name as it is printed" in page
    assert 'value="Seoul"' in page
    assert 'value="President"' in page


def test_the_same_person_twice_is_refused_in_words(client, record):
    standing = SignatoryFactory(party=record.parties.first())
    typed = form_of(client, record, "sign") | {
        "signed_on": "2024",
        f"party-{standing.party_id}-0-name_as_printed": "Dr B",
        f"party-{standing.party_id}-0-person": standing.person_id,
    }
    response = client.post(act_page(record, "sign"), typed)
    assert "signs for this party already" in response.content.decode()
    record.refresh_from_db()
    assert record.signed_on is None


def test_extending_shows_the_present_end_and_takes_the_new_one(client, record):
    assert "2027" in client.get(act_page(record, "extend")).content.decode()
    typed = form_of(client, record, "extend") | {"ends_on": "2032", "note": "By letter."}
    client.post(act_page(record, "extend"), typed)
    assert [str(row.ends_on) for row in record.periods.all()] == ["2032"]


@pytest.mark.parametrize("ends_on", ["", "2020", "soon", "\x00", "9" * 5000])
def test_an_end_that_cannot_be_is_told_at_the_form(client, record, ends_on):
    typed = form_of(client, record, "extend") | {"ends_on": ends_on}
    response = client.post(act_page(record, "extend"), typed)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not record.periods.exists()


def test_a_successor_is_a_draft_that_renews(client, record):
    typed = form_of(client, record, "extend") | {"how": "renew", "title": "Second agreement", "ends_on": "x"}
    del typed["ends_on"]
    response = client.post(act_page(record, "extend"), typed)
    successor = Agreement.objects.get(title="Second agreement")
    assert response.url == page_of(successor)
    assert successor.relations.get().target == record


def test_an_amendment_of_what_differs_alone(client, record):
    typed = form_of(client, record, "amend") | {
        "title": "Longer notice",
        "notice_amount": "6",
        "effective_from": "2024-05",
        "document": SimpleUploadedFile("text.txt", b"Amendment."),
    }
    response = client.post(act_page(record, "amend"), typed)
    assert response.status_code == 302, response.context["form"].errors
    record.refresh_from_db()
    assert record.notice_amount == 6
    amendment = record.amendments.get()
    assert {row.field: (row.before, row.after) for row in amendment.terms.all()} == {
        "notice_amount": ("3", "6"),
        "notice_unit": ("months", "months"),
    }
    assert amendment.document.visibility == "internal"


def test_a_termination_wants_a_confirmation(client, record):
    typed = form_of(client, record, "terminate") | {"terminated_on": "2024", "reason": "No funds."}
    page = client.post(act_page(record, "terminate"), typed).content.decode()
    assert "Confirm that this is what you want" in page
    client.post(act_page(record, "terminate"), typed | {"confirm": "on"})
    record.refresh_from_db()
    assert record.termination_reason == "No funds."
    response = client.get(act_page(record, "terminate"))
    assert response.url == page_of(record)
    assert "It was terminated" in told(response)


def test_superseding_by_choice_or_by_address(client, office, record):
    parties = [party.institution for party in record.parties.all()]
    newer, other = AgreementFactory(office=office, parties=parties), AgreementFactory(office=office)
    assert newer.title in client.get(act_page(record, "supersede")).content.decode()
    typed = form_of(client, record, "supersede")
    client.post(act_page(record, "supersede"), typed | {"newer": newer.uid})
    typed = form_of(client, record, "supersede")
    address = f"https://registry.example/agreements/{other.uid}/"
    client.post(act_page(record, "supersede"), typed | {"other": address})
    assert {row.agreement for row in record.inverse_relations.all()} == {newer, other}


@pytest.mark.parametrize(
    "named", ["", "nothing-like-this", "\x00", "/admin/partnerships/agreement/9²/change/"]
)
def test_superseding_by_nothing_known(client, record, named):
    hidden = AgreementFactory(restricted=True)
    for text in (named, hidden.uid, page_of(hidden)):
        response = client.post(act_page(record, "supersede"), {"other": text})
        assert response.status_code == 200
        assert hidden.title not in response.content.decode()
    assert not record.inverse_relations.exists()


def test_duplicating_leads_to_the_form_of_the_copy(client, record):
    response = client.post(act_page(record, "duplicate"), {})
    copy = Agreement.objects.get(title=f"{record.title} (copy)")
    assert response.url == page_of(copy)


def test_somebody_with_two_offices_says_which(client, reviewer, record):
    second = MembershipFactory(user=reviewer, role="editor").office
    typed = form_of(client, record, "duplicate")
    assert typed["office"] == str(record.office_id)
    client.post(act_page(record, "duplicate"), typed | {"office": second.pk})
    assert Agreement.objects.get(title=f"{record.title} (copy)").office == second


def test_one_acts_on_what_one_saw(client, record):
    publish_now(record)
    typed = form_of(client, record, "withdraw") | {"reason": "Wrong.", "confirm": "on"}
    Agreement.objects.filter(pk=record.pk).update(updated_at="2030-01-01T00:00:00Z")
    response = client.post(act_page(record, "withdraw"), typed)
    page = response.content.decode()
    assert "changed since you opened this page" in page
    assert "Wrong." in page, "what was typed stays"
    record.refresh_from_db()
    assert record.publication_state == "published"
    again = typed | {"opened_at": response.context["form"]["opened_at"].value()}
    assert client.post(act_page(record, "withdraw"), again).status_code == 302


def test_the_withdrawn_page_gives_the_reason(client, record):
    publish_now(record)
    client.post(act_page(record, "withdraw"), {"reason": "Signed by mistake.", "confirm": "on"})
    for address in (f"/agreements/{record.uid}/", f"/api/v1/agreements/{record.uid}/"):
        answer = Client().get(address)
        assert answer.status_code == 410
        assert "Signed by mistake." in answer.content.decode()


def test_what_was_sent_back_says_why_until_it_is_submitted_again(client, record):
    client.post(act_page(record, "submit"), {})
    client.post(act_page(record, "send_back"), {"reason": "The date is missing."})
    assert "The date is missing." in client.get(page_of(record)).content.decode()
    client.post(act_page(record, "submit"), {})
    assert "The date is missing." not in client.get(page_of(record)).content.decode()


class TestSeparation:
    @pytest.fixture(autouse=True)
    def separate(self, office):
        office.separate_duties = True
        office.save()

    def test_the_page_says_why_one_may_not_publish_and_who_approved(self, client, office, reviewer, record):
        client.post(act_page(record, "submit"), {})
        page = client.get(page_of(record)).content.decode()
        assert "You submitted this record yourself" in page
        assert act_page(record, "publish") not in page
        response = client.get(act_page(record, "publish"))
        assert response.url == page_of(record), "there is no page for it now"
        other = Client()
        other.force_login(MembershipFactory(office=office, role="reviewer").user)
        assert "needs the approval of a reviewer" in other.get(page_of(record)).content.decode()
        other.post(act_page(record, "approve"), {"reason": "All checked."})
        page = other.get(page_of(record)).content.decode()
        assert "All checked." in page
        assert act_page(record, "publish") in page

    def test_saving_and_publishing_own_changes_is_refused_and_they_are_kept(self, client, office, record):
        author = Client()
        author.force_login(MembershipFactory(office=office, role="editor").user)
        author.post(act_page(record, "submit"), {})
        client.post(act_page(record, "approve"), {})
        typed = untouched(client, page_of(record)) | {"title": "Typed", "_act_publish": ""}
        response = client.post(page_of(record), typed)
        assert "You changed this record last yourself" in told(response)
        record.refresh_from_db()
        assert (record.title, record.publication_state) == ("Typed", "in_review")


def test_who_may_do_what_is_told(client, record):
    MembershipFactory(office=record.office, role="administrator", user__first_name="Ada", user__last_name="L")
    page = client.get(page_of(record)).content.decode()
    block = page[page.index('id="who-may"') :]
    assert "Ada L" in block


class TestConfidentialTerms:
    SECRET = "The fee is a secret."

    @pytest.fixture
    def record(self, office):
        record = AgreementFactory(office=office, published=True)
        Agreement.objects.filter(pk=record.pk).update(confidential_terms=self.SECRET)
        return record

    def test_members_write_them(self, client, record):
        typed = untouched(client, page_of(record)) | {"confidential_terms": "Another fee."}
        client.post(page_of(record), typed)
        record.refresh_from_db()
        assert record.confidential_terms == "Another fee."

    def test_others_see_them_nowhere(self, record):
        other = Client()
        other.force_login(MembershipFactory(role="administrator").user)
        for page in ("change", "history"):
            address = reverse(f"admin:partnerships_agreement_{page}", args=[record.pk])
            text = other.get(address).content.decode()
            assert self.SECRET not in text
            assert "onfidential terms" not in text
