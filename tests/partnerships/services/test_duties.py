"""Approvals, and the separation of duties."""

import pytest
from django.core.exceptions import ValidationError

from partnerships.models import Agreement
from partnerships.services.duties import duties_are_separate
from partnerships.services.lifecycle import open_acts
from partnerships.services.publication import approve, publish, send_back, submit_for_review
from people.history import acting
from tests.factories import AgreementFactory, MembershipFactory, OfficeFactory, PartyFactory, administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory(separate_duties=True)


@pytest.fixture
def people(office):
    """Three reviewers: each may do everything that duties do not forbid."""
    return [MembershipFactory(office=office, role="reviewer").user for _ in range(3)]


@pytest.fixture
def record(office):
    return AgreementFactory(office=office)


def backdate(record) -> None:
    """As if the record had been touched in an earlier transaction: a test runs in one."""
    Agreement.objects.filter(pk=record.pk).update(updated_at="2020-01-01T00:00:00Z")


def standing(record) -> list:
    return list(record.approvals.filter(voided_at=None))


@pytest.mark.parametrize(
    ("installation", "office", "separate"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, True)],
)
def test_the_office_has_the_last_word(settings, installation, office, separate):
    settings.SEPARATION_OF_DUTIES = installation
    record = AgreementFactory(office=OfficeFactory(separate_duties=office))
    assert duties_are_separate(record) is separate


def test_without_separation_one_person_does_it_all(settings):
    record = AgreementFactory()
    boss = administrator()
    submit_for_review(agreement=record, by=boss)
    publish(agreement=record, by=boss)
    assert record.publication_state == "published"


def test_four_eyes(record, people):
    author, reviewer, _ = people
    submit_for_review(agreement=record, by=author)
    assert record.submitted_by == author
    for act in (approve, publish):
        with pytest.raises(ValidationError, match="You submitted this record yourself"):
            act(agreement=record, by=author)
    with pytest.raises(ValidationError, match="needs the approval"):
        publish(agreement=record, by=reviewer)
    assert "publish" not in open_acts(record, reviewer)
    approve(agreement=record, by=reviewer, reason="Checked against the press release.")
    assert "publish" in open_acts(record, reviewer)
    publish(agreement=record, by=reviewer)
    assert record.approvals.get().comment == "Checked against the press release."


def test_whoever_changed_it_last_does_not_judge_it(record, people):
    author, reviewer, other = people
    submit_for_review(agreement=record, by=author)
    with acting(user=reviewer):
        PartyFactory(agreement=record)
    for act in (approve, publish):
        with pytest.raises(ValidationError, match="You changed this record last"):
            act(agreement=record, by=reviewer)
    approve(agreement=record, by=other)
    publish(agreement=record, by=other)


def test_an_act_is_no_edit(record, people):
    author, reviewer, other = people
    submit_for_review(agreement=record, by=author)
    send_back(agreement=record, by=reviewer, reason="No date.")
    submit_for_review(agreement=record, by=other)
    approve(agreement=record, by=reviewer)
    publish(agreement=record, by=reviewer)


def test_not_even_a_superuser_publishes_their_own_work(record):
    boss = administrator()
    submit_for_review(agreement=record, by=boss)
    with pytest.raises(ValidationError):
        publish(agreement=record, by=boss)


@pytest.mark.parametrize("edit", ["field", "part", "another party's row"])
def test_an_edit_voids_the_approval(record, people, edit):
    author, reviewer, _ = people
    submit_for_review(agreement=record, by=author)
    approve(agreement=record, by=reviewer)
    backdate(record)
    record.approvals.update(voided_at=None)
    with acting(user=author):
        if edit == "field":
            Agreement.objects.filter(pk=record.pk).update(title="Another title")
        elif edit == "part":
            PartyFactory(agreement=record)
        else:
            record.parties.first().signatories.create(name_as_printed="Dr A")
    assert not standing(record)
    with pytest.raises(ValidationError, match="needs the approval"):
        publish(agreement=record, by=reviewer)


def test_sending_back_voids_the_approval_and_keeps_the_comment_until_resubmitted(record, people):
    author, reviewer, other = people
    submit_for_review(agreement=record, by=author)
    approve(agreement=record, by=reviewer)
    send_back(agreement=record, by=other, reason="The date is wrong.")
    assert (record.sent_back_comment, record.submitted_by) == ("The date is wrong.", author)
    assert not standing(record)
    submit_for_review(agreement=record, by=author)
    assert Agreement.objects.get(pk=record.pk).sent_back_comment == ""


def test_an_approval_outlives_publication(record, people):
    author, reviewer, _ = people
    submit_for_review(agreement=record, by=author)
    approve(agreement=record, by=reviewer)
    publish(agreement=record, by=reviewer)
    assert len(standing(record)) == 1


def test_nobody_approves_twice(record, people):
    author, reviewer, _ = people
    submit_for_review(agreement=record, by=author)
    approve(agreement=record, by=reviewer)
    with pytest.raises(ValidationError, match="You approved this record already"):
        approve(agreement=record, by=reviewer)
