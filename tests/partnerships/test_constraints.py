"""What the database refuses, whoever writes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from partnerships import models
from partnerships.services.errors import clear_message
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    DocumentFactory,
    FocusAreaFactory,
    InstitutionFactory,
    OfficeFactory,
    PartyFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    SubjectFactory,
)

pytestmark = pytest.mark.django_db


def refused(write) -> str:
    """Run ``write``; return the message that a person would get for the violated constraint."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    message = clear_message(caught.value)
    assert "contradicts what stands already" not in message, "the message says nothing"
    return message


def update(record, **facts):
    return lambda: type(record).objects.filter(pk=record.pk).update(**facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "  "},
        {"type": "handshake"},
        {"binding": "perhaps"},
        {"renewal": "whenever"},
        {"publication_state": "lost"},
        {"visibility": "secret"},
        {"end_kind": "date"},
        {"end_kind": "unknown", "ends_on": "2024"},
        {"end_kind": "open_ended", "ends_on": "2024"},
        {"effective_from": "2024-06", "end_kind": "date", "ends_on": "2024-05"},
        {"signed_on": "2024-06-02", "end_kind": "date", "ends_on": "2024-06-01"},
        {"signed_on": "2024", "terminated_on": "2023"},
        {"termination_reason": "no date"},
        {"notice_amount": 3},
        {"notice_unit": "months"},
        {"notice_amount": 0, "notice_unit": "months"},
        {"publication_state": "withdrawn"},
        {"publication_state": "published"},
        {"visibility": "restricted"},
    ],
)
def test_agreement(facts):
    assert refused(update(AgreementFactory(), **facts))


@pytest.mark.parametrize(
    "facts",
    [
        {"effective_from": "2024-06", "end_kind": "date", "ends_on": "2024"},
        {"effective_from": "2024", "end_kind": "date", "ends_on": "2024-01-01"},
        {"signed_on": "2024", "terminated_on": "2024"},
    ],
)
def test_what_may_be_true_is_not_refused(facts):
    record = AgreementFactory()
    update(record, **facts)()
    record.refresh_from_db()
    record.full_clean()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"effective_from": "2024", "end_kind": "date", "ends_on": "2023"}, "ends_on"),
        ({"signed_on": "2024", "terminated_on": "2023"}, "terminated_on"),
        ({"end_kind": "date"}, "ends_on"),
        ({"end_kind": "open_ended", "ends_on": "2024"}, "ends_on"),
        ({"termination_reason": "x"}, "terminated_on"),
        ({"notice_amount": 3}, "notice_amount"),
        ({"visibility": "restricted"}, "office"),
        ({"title": ""}, "title"),
        ({"signed_on": "2024-02-30"}, "signed_on"),
    ],
)
def test_validation_names_the_field(facts, field):
    with pytest.raises(ValidationError) as caught:
        models.Agreement(**{"title": "T", "type": "other"} | facts).full_clean()
    assert field in caught.value.message_dict


def test_one_party_twice():
    party = PartyFactory()
    assert "party already" in refused(
        lambda: PartyFactory(agreement=party.agreement, institution=party.institution)
    )


def test_one_signatory_twice():
    row = SignatoryFactory()
    assert "signs" in refused(lambda: SignatoryFactory(party=row.party, person=row.person))


def test_a_published_agreement_keeps_two_parties_and_a_source():
    record = AgreementFactory(published=True)
    assert "two parties" in refused(lambda: record.parties.first().delete())
    assert "two parties" in refused(lambda: record.parties.update(agreement=AgreementFactory(parties=[])))
    assert "source" in refused(lambda: record.sources.all().delete())


@pytest.mark.parametrize(
    "naming",
    [
        lambda record: PartyFactory(agreement=record),
        lambda record: SignatoryFactory(party=record.parties.first()),
        lambda record: StatementFactory(agreement=record),
        lambda record: StatementFactory(agreement=record, institution=InstitutionFactory()),
        lambda record: SubjectFactory(agreement=record, focus_area=FocusAreaFactory()),
    ],
)
def test_a_public_agreement_names_only_what_is_public(naming):
    record = AgreementFactory(published=True)
    assert "not public yet" in refused(lambda: naming(record))
    naming(AgreementFactory(visibility="internal", published=True))


def test_what_was_public_stays_public():
    for record in (InstitutionFactory(visibility="public"), PersonFactory(visibility="public")):
        assert "stays public" in refused(update(record, visibility="internal"))


class TestCircles:
    def test_relations_of_agreements(self):
        first, second, third = AgreementFactory.create_batch(3)
        relate = models.AgreementRelation.objects.create
        relate(agreement=second, kind="renews", target=first)
        relate(agreement=third, kind="amends", target=second)
        assert "circle" in refused(lambda: relate(agreement=first, kind="implements", target=third))
        assert "itself" in refused(lambda: relate(agreement=first, kind="renews", target=first))
        assert "already" in refused(lambda: relate(agreement=second, kind="renews", target=first))

    def test_parents_of_institutions(self):
        top, middle, leaf = InstitutionFactory.create_batch(3)
        link = models.InstitutionLink.objects.create
        link(institution=middle, kind="parent", target=top)
        link(institution=leaf, kind="parent", target=middle)
        assert "above or before itself" in refused(lambda: link(institution=top, kind="parent", target=leaf))
        link(institution=top, kind="related", target=leaf)
        assert "itself" in refused(lambda: link(institution=top, kind="parent", target=top))

    def test_subjects(self):
        top = FocusAreaFactory()
        leaf = FocusAreaFactory(parent=FocusAreaFactory(parent=top))
        assert "below itself" in refused(update(top, parent=leaf))
        assert "own parent" in refused(update(top, parent=top))


@pytest.mark.parametrize(
    ("make", "facts"),
    [
        (InstitutionFactory, {"ror_id": "135dkdb55"}),
        (InstitutionFactory, {"types": ["castle"]}),
        (InstitutionFactory, {"latitude": 91, "longitude": 0}),
        (InstitutionFactory, {"latitude": 1, "longitude": None}),
        (InstitutionFactory, {"name": ""}),
        (PersonFactory, {"orcid": "0000000218250097"}),
        (ActivityFactory, {"kind": "juggling"}),
        (ActivityFactory, {"starts_on": "2024", "ends_on": "2023"}),
        (DocumentFactory, {"sha256": "0" * 63 + "g"}),
    ],
)
def test_others(make, facts):
    assert refused(update(make(), **facts))


def test_activity_ends_belong_to_one_way():
    activity = ActivityFactory(direction="one_way")
    party = activity.agreement.parties.first()
    update(activity, from_party=party)()
    assert "one way" in refused(update(activity, direction="both"))


def test_restricted_needs_an_office():
    record = AgreementFactory(office=OfficeFactory())
    update(record, visibility="restricted")()
    assert "office" in refused(update(record, office=None))
