"""Draft, in review, published, withdrawn: who may, and what follows."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.models import Agreement, InstitutionLink
from partnerships.services.lifecycle import EDITORIAL, open_acts
from partnerships.services.publication import publish, send_back, submit_for_review, withdraw
from people.models import ApiToken
from people.principals import TokenPrincipal
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    SubjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def editor(office):
    return MembershipFactory(office=office, role="editor").user


@pytest.fixture
def reviewer(office):
    return MembershipFactory(office=office, role="reviewer").user


def test_the_road_from_draft_to_withdrawn_and_back(office, editor, reviewer, anonymous):
    record = AgreementFactory(office=office)
    submit_for_review(agreement=record, by=editor)
    send_back(agreement=record, by=reviewer, reason="No date.")
    submit_for_review(agreement=record, by=editor)
    assert not Agreement.objects.visible_to(anonymous).exists()
    publish(agreement=record, by=reviewer)
    first_published = record.published_at
    assert Agreement.objects.visible_to(anonymous).exists()
    withdraw(agreement=record, by=reviewer, reason="Published by mistake.")
    assert record.withdrawal_reason == "Published by mistake."
    publish(agreement=record, by=reviewer)
    assert record.published_at == first_published
    assert record.withdrawal_reason == ""
    reasons = [row.pgh_context.metadata.get("reason") for row in record.history.order_by("pgh_id")[1:]]
    assert reasons == ["submitted for review", "No date.", "submitted for review", "published",
                       "Published by mistake.", "published"]  # fmt: skip


def test_what_a_public_record_names_becomes_public(reviewer, office):
    university, school = InstitutionFactory.create_batch(2)
    InstitutionLink.objects.create(institution=school, kind="parent", target=university)
    subject = FocusAreaFactory(parent=FocusAreaFactory())
    record = AgreementFactory(office=office, event=EventFactory())
    signatory = SignatoryFactory(party=record.parties.first())
    statement = StatementFactory(agreement=record, institution=school)
    SubjectFactory(agreement=record, focus_area=subject)
    submit_for_review(agreement=record, by=reviewer)
    publish(agreement=record, by=reviewer)
    named = [university, school, subject, subject.parent, record.event, signatory.person, statement.person,
             *(party.institution for party in record.parties.all())]  # fmt: skip
    for row in named:
        row.refresh_from_db()
        assert row.visibility == "public", row


def test_an_internal_record_discloses_nothing(reviewer, office):
    record = AgreementFactory(office=office, visibility="internal")
    person = PersonFactory()
    StatementFactory(agreement=record, person=person)
    submit_for_review(agreement=record, by=reviewer)
    publish(agreement=record, by=reviewer)
    person.refresh_from_db()
    assert person.visibility == "internal"


@pytest.mark.parametrize("missing", ["parties", "sources"])
def test_an_incomplete_record_is_not_published(missing, reviewer, office):
    record = AgreementFactory(office=office, **{missing: [] if missing == "parties" else 0})
    submit_for_review(agreement=record, by=reviewer)
    with pytest.raises(ValidationError, match="two parties" if missing == "parties" else "a source"):
        publish(agreement=record, by=reviewer)
    assert Agreement.objects.get(pk=record.pk).publication_state == "in_review"
    assert record.publication_state == "in_review"


def test_acts_are_open_in_their_states_only(reviewer, office):
    record = AgreementFactory(office=office)
    with pytest.raises(ValidationError, match="The record is draft"):
        publish(agreement=record, by=reviewer)
    submit_for_review(agreement=record, by=reviewer)
    publish(agreement=record, by=reviewer)
    with pytest.raises(ValidationError, match="The record is published"):
        publish(agreement=record, by=reviewer)


@pytest.mark.parametrize("act", [send_back, withdraw])
def test_a_reason_is_asked_for(act, reviewer, office):
    with pytest.raises(ValidationError) as caught:
        act(agreement=AgreementFactory(office=office), by=reviewer, reason=" ")
    assert "reason" in caught.value.message_dict


def test_an_editor_does_not_publish(office, editor):
    record = AgreementFactory(office=office)
    submit_for_review(agreement=record, by=editor)
    with pytest.raises(PermissionDenied):
        publish(agreement=record, by=editor)
    assert "publish" not in open_acts(record, editor)


def test_a_role_counts_in_its_own_office(reviewer):
    record = AgreementFactory(office=OfficeFactory())
    with pytest.raises(PermissionDenied):
        submit_for_review(agreement=record, by=reviewer)


def test_tokens_and_strangers_do_not_publish(anonymous):
    record = AgreementFactory()
    token = TokenPrincipal(ApiToken(name="t", scopes=["write:agreements"]))
    submit_for_review(agreement=record, by=token)
    for stranger in (token, anonymous, UserFactory(), UserFactory(is_staff=False)):
        with pytest.raises(PermissionDenied):
            publish(agreement=record, by=stranger)


def editorial(record, user) -> list[str]:
    return [name for name in open_acts(record, user) if name in EDITORIAL]


def test_open_acts(office, editor, reviewer):
    record = AgreementFactory(office=office)
    assert (editorial(record, editor), editorial(record, reviewer)) == (["submit"], ["submit"])
    submit_for_review(agreement=record, by=editor)
    assert (editorial(record, editor), editorial(record, reviewer)) == (
        [],
        ["approve", "send_back", "publish"],
    )
