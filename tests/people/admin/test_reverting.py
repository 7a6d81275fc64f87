"""A change is put back from its place in the history: shown, agreed to, recorded; or refused in words."""

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Agreement, AgreementRelation, Document
from people.history import acting
from people.models import Person, Role
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    SourceFactory,
    StatementFactory,
    UserFactory,
    publish_now,
)
from tests.moments import an_hour_passes

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def desk(client, office):
    user = MembershipFactory(office=office, role=Role.EDITOR, user__username="desk").user
    client.force_login(user)
    return client


@pytest.fixture
def record(office):
    record = AgreementFactory(office=office, title="Right", summary="Right too")
    an_hour_passes()
    return record


def page(record, name: str) -> str:
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=[record.pk])


def latest(client, record):
    """The newest entry of the history page."""
    return client.get(page(record, "history")).context["entries"][0]


def address(client, record, *, row: str = "", field: str = "") -> str:
    """The address behind the button of the newest entry, of the row that is called so, or of its field."""
    entry = latest(client, record)
    where = f"{page(record, 'revert')}?{entry.ref}"
    if row or field:
        told = next(told for told in entry.changes if row in told.heading)
        where += f"&event={told.ref}"
    return f"{where}&field={field}" if field else where


def agree(client, where: str, **facts):
    return client.post(where, {"reason": "was a slip"} | facts)


def test_one_field_is_put_back_and_the_history_says_why(desk, record):
    with acting(user=UserFactory(first_name="Ada", last_name="Byron")):
        Agreement.objects.filter(pk=record.pk).update(title="Wrong", summary="Better")
    where = address(desk, record, field="title")
    shown = desk.get(where).content.decode()
    assert "Wrong" in shown
    assert "Right" in shown
    assert "Better" not in shown
    assert agree(desk, where).status_code == 302
    record.refresh_from_db()
    assert (record.title, record.summary) == ("Right", "Better")
    reason = record.history.latest("pgh_id").pgh_context.metadata["reason"]
    assert reason.startswith("reverts change of ")
    assert reason.endswith("by Ada Byron: was a slip")


def test_asking_changes_nothing(desk, record):
    Agreement.objects.filter(pk=record.pk).update(title="Wrong")
    desk.get(address(desk, record, field="title"))
    record.refresh_from_db()
    assert record.title == "Wrong"


def test_a_reason_is_needed(desk, record):
    Agreement.objects.filter(pk=record.pk).update(title="Wrong")
    response = agree(desk, address(desk, record, field="title"), reason=" \x00 ")
    assert "Say why" in response.content.decode()
    record.refresh_from_db()
    assert record.title == "Wrong"


def test_a_value_that_was_changed_again_is_refused_unless_one_says_so(desk, record):
    with acting(reason="first"):
        Agreement.objects.filter(pk=record.pk).update(title="Wrong")
    where = address(desk, record, field="title")
    with acting(reason="second"):
        Agreement.objects.filter(pk=record.pk).update(title="Newest")
    response = agree(desk, where)
    assert "changed again since" in response.content.decode()
    record.refresh_from_db()
    assert record.title == "Newest"
    assert agree(desk, where, overwrite="1").status_code == 302
    record.refresh_from_db()
    assert record.title == "Right"


def test_a_group_brings_rows_back_with_their_rows_and_takes_added_ones_away(desk, record):
    party = record.parties.first()
    SignatoryFactory(party=party, person=None, name_as_printed="Prof. K")
    statement = StatementFactory(agreement=record, source=SourceFactory(agreement=record, title="Old news"))
    an_hour_passes()
    with acting(reason="a bad afternoon"):
        record.sources.filter(title="Old news").delete()
        record.parties.filter(pk=party.pk).delete()
        SourceFactory(agreement=record, title="Nonsense")
        Agreement.objects.filter(pk=record.pk).update(title="Wrong")
    assert agree(desk, address(desk, record)).status_code == 302
    record.refresh_from_db()
    assert record.title == "Right"
    assert record.parties.get(pk=party.pk).signatories.get().name_as_printed == "Prof. K"
    assert not record.sources.filter(title="Nonsense").exists()
    statement.refresh_from_db()
    assert statement.source.title == "Old news"


def test_a_revert_can_be_reverted(desk, record):
    with acting(reason="first"):
        Agreement.objects.filter(pk=record.pk).update(title="Wrong")
    assert agree(desk, address(desk, record)).status_code == 302
    entries = desk.get(page(record, "history")).context["entries"]
    revert = next(entry for entry in entries if entry.reason.startswith("reverts change"))
    assert agree(desk, f"{page(record, 'revert')}?{revert.ref}").status_code == 302
    record.refresh_from_db()
    assert record.title == "Wrong"


def test_what_a_rule_forbids_is_refused_in_words_and_nothing_is_done(desk, record):
    party = record.parties.first()
    with acting(reason="away"):
        record.parties.filter(pk=party.pk).delete()
        Agreement.objects.filter(pk=record.pk).update(title="Wrong")
    where = address(desk, record)
    record.parties.create(institution=party.institution)
    response = agree(desk, where)
    assert "This institution is a party already" in response.content.decode()
    record.refresh_from_db()
    assert record.title == "Wrong", "all of it, or nothing"


def test_a_row_that_is_gone_has_no_field_to_put_back(desk, record):
    source = record.sources.first()
    with acting(reason="retitled"):
        record.sources.filter(pk=source.pk).update(title="Other")
    where = address(desk, record, row="Source", field="title")
    record.sources.filter(pk=source.pk).delete()
    assert "Restore it first" in agree(desk, where, overwrite="1").content.decode()


def test_a_published_record_keeps_what_it_needs(desk, office):
    record = AgreementFactory(office=office, sources=0)
    an_hour_passes()
    with acting(reason="its only source"):
        SourceFactory(agreement=record)
    publish_now(record)
    an_hour_passes()
    entries = desk.get(page(record, "history")).context["entries"]
    group = next(entry for entry in entries if entry.reason == "its only source")
    told = next(told for told in group.changes if told.heading.startswith("Source added"))
    response = agree(desk, f"{page(record, 'revert')}?{group.ref}&event={told.ref}")
    assert response.status_code == 200
    assert response.context["errors"]
    assert record.sources.count() == 1


def test_recording_is_no_change_to_revert(desk, office):
    with acting(reason="recorded"):
        record = AgreementFactory(office=office)
    response = desk.get(page(record, "history"))
    recorded = [entry for entry in response.context["entries"] if entry.created]
    others = len(response.context["entries"]) - len(recorded)
    assert response.content.decode().count("Revert all of this") == others
    assert agree(desk, f"{page(record, 'revert')}?{recorded[0].ref}").status_code == 200
    assert record.parties.count() == 2


def test_what_an_act_decided_is_not_put_back_by_the_way(desk, record):
    with acting(reason="submitted"):
        Agreement.objects.filter(pk=record.pk).update(publication_state="in_review")
    response = desk.get(address(desk, record))
    assert "undone by the act for it" in response.content.decode()
    assert agree(desk, address(desk, record)).status_code == 200
    record.refresh_from_db()
    assert record.publication_state == "in_review"


def test_a_file_that_is_no_longer_kept_cannot_come_back(desk, record):
    document = DocumentFactory(agreement=record, title="The text", visibility="internal")
    an_hour_passes()
    Document.objects.filter(pk=document.pk).delete()
    document.file.storage.delete(document.file.name)
    response = agree(desk, address(desk, record))
    assert "no longer kept" in response.content.decode()
    assert not record.documents.exists()


def test_a_document_comes_back_with_its_facts(desk, record):
    document = DocumentFactory(agreement=record, title="The text", visibility="internal")
    an_hour_passes()
    Document.objects.filter(pk=document.pk).delete()
    assert agree(desk, address(desk, record)).status_code == 302
    assert record.documents.get().sha256 == document.sha256


class TestWhoMay:
    def test_a_viewer_sees_no_button_and_finds_no_page(self, record, office):
        Agreement.objects.filter(pk=record.pk).update(title="Wrong")
        client = Client()
        client.force_login(MembershipFactory(office=office, role=Role.VIEWER).user)
        assert "Revert" not in client.get(page(record, "history")).content.decode()
        assert client.get(address(client, record, field="title")).status_code == 403
        assert agree(client, address(client, record, field="title")).status_code == 403

    def test_staff_of_another_office_may_not(self, record):
        Agreement.objects.filter(pk=record.pk).update(title="Wrong")
        client = Client()
        client.force_login(MembershipFactory(role=Role.EDITOR).user)
        assert agree(client, address(client, record, field="title")).status_code == 403

    def test_a_record_is_not_moved_to_an_office_where_one_has_no_say(self, desk, office):
        record = AgreementFactory(office=OfficeFactory(), title="Theirs")
        an_hour_passes()
        Agreement.objects.filter(pk=record.pk).update(office=office)
        assert agree(desk, address(desk, record, field="office")).status_code == 403
        record.refresh_from_db()
        assert record.office_id == office.pk

    def test_a_name_that_is_hidden_does_not_come_back(self, desk, record):
        secret = AgreementFactory(title="Sentinel", restricted=True)
        relation = AgreementRelation.objects.create(agreement=record, target=secret, kind="renews")
        an_hour_passes()
        relation.delete()
        response = agree(desk, address(desk, record))
        assert "not open to you" in response.content.decode()
        assert "Sentinel" not in response.content.decode()
        assert not record.relations.exists()

    def test_rights_do_not_come_back(self, office):
        boss = Client()
        boss.force_login(UserFactory(is_superuser=True))
        account = UserFactory(is_superuser=True)
        an_hour_passes()
        type(account).objects.filter(pk=account.pk).update(is_superuser=False)
        assert "Revert" not in boss.get(page(account, "history")).content.decode()
        assert agree(boss, address(boss, account, field="is_superuser")).status_code == 403


@pytest.mark.parametrize(
    "question",
    ["", "at=x", "at=2024-05-21", "at=2024-05-21T00:00:00%2B00:00", "at=%00",
     "at=2024-05-21T00:00:00%2B00:00&context=x",
     "at=9999-12-31T23:59:59%2B00:00&context=00000000-0000-0000-0000-000000000000"],
)  # fmt: skip
def test_an_address_of_nothing_is_not_found(desk, record, question):
    assert desk.get(f"{page(record, 'revert')}?{question}").status_code == 404


def test_changes_of_another_record_are_not_reverted_here(desk, record, office):
    other = AgreementFactory(office=office, title="Other")
    an_hour_passes()
    Agreement.objects.filter(pk=other.pk).update(title="Changed")
    where = address(desk, other, field="title").replace(page(other, "revert"), page(record, "revert"))
    assert desk.get(where).status_code == 404


def test_a_person_s_name_is_put_back_too(desk):
    person = PersonFactory(name="Kim Minji")
    an_hour_passes()
    Person.objects.filter(pk=person.pk).update(name="Kim")
    assert agree(desk, address(desk, person, field="name")).status_code == 302
    person.refresh_from_db()
    assert person.name == "Kim Minji"
