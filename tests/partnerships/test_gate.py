"""Who sees what: one gate, every kind of visitor."""

import pytest

from partnerships.models import (
    Activity,
    Agreement,
    Document,
    Event,
    FocusArea,
    IndexCard,
    Institution,
    Source,
)
from people.models import ApiToken, Person
from people.principals import TokenPrincipal
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    DocumentFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    UserFactory,
    administrator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def records(office):
    return {
        "public": AgreementFactory(published=True),
        "internal": AgreementFactory(visibility="internal", published=True),
        "restricted": AgreementFactory(visibility="restricted", office=office, published=True),
        "draft": AgreementFactory(),
        "restricted draft": AgreementFactory(visibility="restricted", office=office),
    }


def visitor(kind, office):
    if kind == "staff":
        return UserFactory()
    if kind == "member":
        return MembershipFactory(office=office, role="viewer").user
    if kind == "inactive member":
        user = MembershipFactory(office=office).user
        user.is_active = False
        return user
    if kind == "account without staff":
        return UserFactory(is_staff=False)
    if kind == "administrator":
        return administrator()
    scopes = {"public token": ["read:public"], "internal token": ["read:internal"],
              "writing token": ["write:agreements"]}[kind]  # fmt: skip
    return TokenPrincipal(ApiToken(name="t", scopes=scopes, office=office))


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("account without staff", {"public"}),
        ("public token", {"public"}),
        ("inactive member", {"public"}),
        ("internal token", {"public", "internal", "restricted"}),
        ("staff", {"public", "internal", "draft"}),
        ("member", {"public", "internal", "restricted", "draft", "restricted draft"}),
        ("writing token", {"public", "internal", "restricted", "draft", "restricted draft"}),
        ("administrator", {"public", "internal", "restricted", "draft", "restricted draft"}),
    ],
)
def test_agreements(kind, seen, records, office):
    visible = set(Agreement.objects.visible_to(visitor(kind, office)))
    assert {name for name, record in records.items() if record in visible} == seen


def test_strangers_see_what_is_public(records, anonymous):
    assert set(Agreement.objects.visible_to(anonymous)) == {records["public"]}
    assert set(Agreement.objects.visible_to(None)) == {records["public"]}


def test_parts_follow_their_agreement(records, anonymous):
    for record in records.values():
        ActivityFactory(agreement=record)
        DocumentFactory(agreement=record)
    for model in (Activity, Source, Document):
        assert {part.agreement for part in model.objects.visible_to(anonymous)} == {records["public"]}


def test_a_document_may_be_narrower_than_its_agreement(anonymous):
    record = AgreementFactory(published=True)
    DocumentFactory(agreement=record, visibility="internal")
    assert not Document.objects.visible_to(anonymous).exists()
    assert Document.objects.visible_to(UserFactory()).count() == 1


@pytest.mark.parametrize(
    ("model", "factory"),
    [
        (Institution, InstitutionFactory),
        (Person, PersonFactory),
        (Event, EventFactory),
        (FocusArea, FocusAreaFactory),
    ],
)
def test_shared_records_are_internal_until_disclosed(model, factory, anonymous):
    hidden, shown = factory(), factory(visibility="public")
    assert set(model.objects.visible_to(anonymous)) == {shown}
    assert set(model.objects.visible_to(UserFactory())) == {hidden, shown}


def test_withdrawn_records_leave_the_public_and_are_remembered(anonymous):
    record = AgreementFactory(published=True)
    Agreement.objects.filter(pk=record.pk).update(
        publication_state="withdrawn", withdrawal_reason="Mistaken."
    )
    assert not Agreement.objects.visible_to(anonymous).exists()
    assert list(Agreement.objects.withdrawn_from_public()) == [record]


class TestNamedOffices:
    """A restricted record is read by its own office and by those that are named for it."""

    @pytest.fixture
    def named(self):
        return OfficeFactory()

    @pytest.fixture
    def record(self, office, named):
        record = AgreementFactory(visibility="restricted", office=office, published=True)
        record.sharing.create(office=named)
        return record

    @pytest.mark.parametrize("kind", ["member", "internal token", "writing token"])
    def test_they_read_it_on_every_road(self, kind, named, record):
        user = visitor(kind, named)
        DocumentFactory(agreement=record, visibility="restricted")
        assert list(Agreement.objects.visible_to(user)) == [record]
        assert [card.agreement_id for card in IndexCard.objects.visible_to(user)] == [record.pk]
        for model in (Source, Document):
            assert {part.agreement for part in model.objects.visible_to(user)} == {record}

    def test_others_do_not(self, office, record, anonymous):
        for user in (anonymous, visitor("member", OfficeFactory()), visitor("internal token", None)):
            assert not Agreement.objects.visible_to(user).exists()
            assert not IndexCard.objects.visible_to(user).exists()

    def test_a_name_is_taken_back(self, named, record):
        record.sharing.all().delete()
        assert not Agreement.objects.visible_to(visitor("member", named)).exists()

    def test_a_restricted_document_of_a_public_record(self, office, named):
        record = AgreementFactory(office=office, published=True)
        DocumentFactory(agreement=record, visibility="restricted")
        assert not Document.objects.visible_to(visitor("member", named)).exists()
        record.sharing.create(office=named)
        assert Document.objects.visible_to(visitor("member", named)).exists()

    def test_reading_is_not_writing(self, named, record):
        user = MembershipFactory(office=named, role="administrator").user
        assert not user.has_perm("partnerships.change_agreement", record)

    def test_strangers_ask_nothing_more(self, anonymous, named, record):
        asked = str(IndexCard.objects.visible_to(anonymous).query)
        assert "sharedoffice" not in asked
