"""What visitors reported, on the desk and on its page."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Suggestion, SuggestionContact
from partnerships.services.suggestions import decide, forget_contacts
from partnerships.tasks import DUE
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    SuggestionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def member(office, role="editor"):
    return MembershipFactory(office=office, role=role).user


def page(row, name="change", *more):
    return reverse(f"admin:partnerships_suggestion_{name}", args=[row.pk, *more])


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def report(office):
    record = AgreementFactory(title="Reeds and rushes", office=office, published=True)
    row = SuggestionFactory(agreement=record, field="parties", wrong="<script>x</script> is no party")
    SuggestionContact.objects.create(suggestion=row, name="Ada", email="ada@example.org")
    return row


def test_it_waits_on_the_desk_of_the_office(client, report, office):
    client.force_login(member(office))
    desk = client.get(reverse("admin:index")).content.decode()
    assert "Reported errors" in desk and "1 report waits" in desk and "<script>x" not in desk
    client.force_login(member(OfficeFactory()))
    assert "1 report waits" not in client.get(reverse("admin:index")).content.decode()


def test_its_page_shows_what_the_record_says(client, report, office):
    client.force_login(member(office))
    text = client.get(page(report)).content.decode()
    for party in report.agreement.parties.all():
        assert str(party.institution) in text
    assert "&lt;script&gt;x" in text and "ada@example.org" in text
    client.force_login(member(OfficeFactory()))
    text = client.get(page(report)).content.decode()
    assert "ada@example.org" not in text and "Decline" not in text, (
        "who cannot decide need not know who wrote"
    )


@pytest.mark.parametrize("field", ["title", "type", "summary", "life", "terms", "signatories", "related",
                                   "commitments", "documents", "sources", "amendments", "other"])  # fmt: skip
def test_each_part_of_a_record_can_be_read_beside(client, office, field):
    row = SuggestionFactory(agreement__office=office, field=field)
    client.force_login(member(office))
    assert client.get(page(row)).status_code == 200


def test_accepting_leads_into_the_form(client, report, office):
    user = member(office)
    client.force_login(user)
    answer = client.post(page(report, "decide", "accepted"), {"answer": ""})
    assert answer["Location"] == reverse("admin:partnerships_agreement_change", args=[report.agreement_id])
    report.refresh_from_db()
    assert (report.state, report.decided_by) == ("accepted", user)
    assert client.get(page(report, "history")).status_code == 200
    again = client.post(page(report, "decide", "spam"), {"answer": ""})
    assert "Somebody has decided" in again.content.decode()
    client.post(page(report, "decide", "open"))
    report.refresh_from_db()
    assert (report.state, report.decided_at) == ("open", None)


def test_declining_needs_a_reason_that_the_history_keeps(client, report, office):
    client.force_login(member(office))
    answer = client.post(page(report, "decide", "declined"), {"answer": " "})
    assert "Say why it is declined" in answer.content.decode()
    client.post(page(report, "decide", "declined"), {"answer": "The paper says otherwise."})
    report.refresh_from_db()
    assert report.state == "declined"
    contexts = [row.pgh_context.metadata for row in report.history.filter(state="declined")]
    assert [context["reason"] for context in contexts] == ["The paper says otherwise."]


def test_who_may_decide(client, report, office):
    for user in (member(office, "viewer"), member(OfficeFactory(), "reviewer"), UserFactory(is_staff=False)):
        with pytest.raises(PermissionDenied):
            decide(suggestion=report, by=user, state="accepted")
    client.force_login(member(OfficeFactory(), "reviewer"))
    assert client.post(page(report, "decide", "accepted"), {"answer": ""}).status_code == 403
    assert client.get(page(report, "decide", "accepted")).status_code == 404
    with pytest.raises(ValidationError):
        decide(suggestion=report, by=member(office), state="nonsense")
    report.refresh_from_db()
    assert report.state == "open"


def test_what_is_about_hidden_records_is_hidden(client, office):
    hidden = SuggestionFactory(agreement__office=office, agreement__visibility="restricted", wrong="quokka")
    client.force_login(member(OfficeFactory(), "administrator"))
    listing = reverse("admin:partnerships_suggestion_changelist")
    assert "quokka" not in client.get(f"{listing}?q=quok").content.decode()
    assert client.get(page(hidden)).status_code == 404
    client.force_login(member(office))
    assert "quokka" in client.get(f"{listing}?q=quok").content.decode()
    assert client.get(f"{listing}?q=%00quok&state__exact=open").status_code == 200
    assert not Suggestion.objects.visible_to(None).exists()


def test_an_error_in_the_shared_catalogue_is_for_every_editor(client):
    row = SuggestionFactory(agreement=None, institution=InstitutionFactory(city="Daejeon"), field="place")
    client.force_login(member(OfficeFactory()))
    assert "Daejeon" in client.get(page(row)).content.decode()
    answer = client.post(page(row, "decide", "accepted"), {"answer": ""})
    assert answer["Location"] == reverse("admin:partnerships_institution_change", args=[row.institution_id])


def test_who_wrote_is_forgotten_some_time_after_the_decision(report, office):
    assert forget_contacts in DUE
    decide(suggestion=report, by=member(office), state="accepted")
    assert forget_contacts() == 0
    Suggestion.objects.update(decided_at=timezone.now() - timedelta(days=91))
    assert forget_contacts() == 1
    assert not SuggestionContact.objects.exists() and Suggestion.objects.filter(pk=report.pk).exists()
