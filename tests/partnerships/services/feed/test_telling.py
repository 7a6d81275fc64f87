"""What the feed tells of a record's life, and to whom."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from partnerships.models import Agreement, Change, InstitutionLink, PendingChange, ToldRecord
from partnerships.querysets.feed import tell_each
from partnerships.services.feed import changes_after, tell_all
from partnerships.services.feed.forms import InternalReader
from partnerships.services.feed.telling import in_order
from partnerships.services.merging import merge_institutions, unmerge_institutions
from partnerships.services.publication import withdraw
from tests import files
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    SubjectFactory,
    administrator,
    make_public,
    publish_now,
)

pytestmark = pytest.mark.django_db

STRANGER, INSIDER = AnonymousUser(), InternalReader()


@pytest.fixture
def told():
    """What has been told to a reader since the last call, as (resource, id, kind, changed keys)."""
    seen = {}

    def since_last(user=STRANGER, resource="agreements") -> list[tuple]:
        tell_all()
        entries = tell_each(changes_after(seen.get(str(user), 0), user), user)
        seen[str(user)] = Change.objects.last_position()
        return [
            (entry["id"], entry["kind"], *sorted(entry["changed"]))
            for entry in entries
            if entry["resource"] == resource
        ]

    return since_last


def change(record, **facts) -> None:
    type(record).objects.filter(pk=record.pk).update(**facts)


def test_a_record_comes_in_sight_changes_and_goes(told):
    record = AgreementFactory()
    assert told() == [], "a draft is in no feed"
    publish_now(record)
    assert told() == [(record.uid, "created")]
    change(record, title="Another title")
    assert told() == [(record.uid, "updated", "title")]
    change(record, confidential_terms="A secret", sent_back_comment="A comment")
    assert told() == [], "nothing that anybody is told"
    withdraw(agreement=record, by=administrator(), reason="It was wrong.")
    assert told() == [(record.uid, "withdrawn")]
    change(record, title="Seen by nobody")
    assert told() == []
    Agreement.objects.filter(pk=record.pk).delete()
    assert told() == []


def test_a_published_record_that_is_deleted_leaves_a_tombstone(told):
    record = AgreementFactory(published=True)
    told()
    Agreement.objects.filter(pk=record.pk).delete()
    assert told() == [(record.uid, "withdrawn")]


def test_values_before_and_after(told):
    record = AgreementFactory(published=True, title="First")
    told()
    change(record, title="Second", signed_on="2024-05")
    told()
    [entry] = tell_each([Change.objects.last()], STRANGER)
    assert entry["changed"] == {
        "signed_on": {"before": None, "after": "2024-05"},
        "title": {"before": "First", "after": "Second"},
    }
    assert entry["at"] <= timezone.now()
    assert Change.objects.last().told_to(STRANGER) == entry


def test_what_is_told_goes_out_of_sight_with_the_record(told):
    record = AgreementFactory(published=True, title="A slip of the tongue")
    told()
    change(record, title="Put right")
    told()
    first = Change.objects.last()
    assert "changed" in first.told_to(STRANGER) and first.told_to(STRANGER)["changed"]
    boss = administrator()
    withdraw(agreement=record, by=boss, reason="It held a secret.")
    record.refresh_from_db()
    # At once, told or not: the gate of today decides.
    assert first.told_to(STRANGER)["changed"] == {}
    told()
    assert first.told_to(STRANGER)["changed"] == {}
    change(record, publication_state="published", withdrawal_reason="")
    assert told() == [(record.uid, "created")]
    assert first.told_to(STRANGER)["changed"] == {}, "what was told before it came back stays hidden"
    change(record, title="Fresh")
    assert told() == [(record.uid, "updated", "title")]


def test_visibility_decides_who_is_told_what(told):
    office, other = OfficeFactory(), OfficeFactory()
    member, stranger_to_it = InternalReader(frozenset({office.pk})), InternalReader(frozenset({other.pk}))
    readers = (STRANGER, INSIDER, member, stranger_to_it)
    record = AgreementFactory(published=True, office=office)
    assert [told(reader) for reader in readers] == [[(record.uid, "created")]] * 4

    change(record, visibility="internal")
    updated = [(record.uid, "updated", "visibility")]
    assert [told(reader) for reader in readers] == [[(record.uid, "withdrawn")], updated, updated, updated]

    change(record, visibility="restricted")
    gone = [(record.uid, "withdrawn")]
    assert [told(reader) for reader in readers] == [[], gone, updated, gone]

    change(record, title="For the office alone")
    assert [told(reader) for reader in readers] == [[], [], [(record.uid, "updated", "title")], []]

    record.sharing.create(office=other)
    assert [told(reader) for reader in readers] == [[], [], [], [(record.uid, "created")]]
    change(record, visibility="public")
    assert told() == [(record.uid, "created")]
    for reader in readers:
        entries = tell_each(Change.objects.filter(key=record.pk, resource="agreements"), reader)
        assert all("For the office alone" not in str(entry["changed"]) for entry in entries[:-1])


def test_names_of_others_reach_the_record_that_shows_them(told):
    party, above = InstitutionFactory(), InstitutionFactory()
    InstitutionLink.objects.create(institution=party, target=above)
    record = AgreementFactory(parties=[party, InstitutionFactory()])
    signatory = SignatoryFactory(party=record.parties.first())
    statement = StatementFactory(agreement=record)
    subject = SubjectFactory(agreement=record)
    change(record, event=EventFactory())
    publish_now(record)
    told()
    record.refresh_from_db()
    change(party, name="Renamed")
    assert told() == [(record.uid, "updated", "parties", "signatories")]
    change(statement.person, name="Renamed too")
    assert told() == [(record.uid, "updated", "statements")]
    change(signatory.person, name="Renamed as well")
    assert told() == [(record.uid, "updated", "signatories")]
    change(subject.focus_area, name="Another subject")
    assert told() == [(record.uid, "updated", "focus_areas")]
    change(record.event, name="Another event")
    assert told() == [(record.uid, "updated", "event")]


def test_parts_of_a_record(told):
    record = AgreementFactory(published=True)
    told()
    for key, make in {
        "activities": lambda: record.activities.create(kind="joint_research"),
        "identifiers": lambda: record.identifiers.create(system="ours", value="1"),
        "periods": lambda: record.periods.create(number=1),
        "amendments": lambda: record.amendments.create(number=1, title="Amendment"),
        "sources": lambda: record.sources.create(title="Another"),
        "documents": lambda: files.document_with(b"text", agreement=record, visibility="public"),
    }.items():
        make()
        assert told() == [(record.uid, "updated", key)]
    document = record.documents.get()
    [entry] = tell_each([Change.objects.last()], STRANGER)
    assert entry["changed"]["documents"] == {"before": [], "after": [document.uid]}
    change(document, visibility="internal")
    assert told() == [(record.uid, "updated", "documents")]
    change(document, title="Read by staff")
    assert told() == []
    assert told(INSIDER)[-1] == (record.uid, "updated", "documents")


def test_relations_show_what_the_reader_sees(told):
    record, hidden = AgreementFactory(published=True), AgreementFactory(title="quetzal")
    told()
    record.inverse_relations.create(agreement=hidden, kind="renews")
    assert told() == []
    publish_now(hidden)
    assert set(told()) == {(hidden.uid, "created"), (record.uid, "updated", "inverse_relations")}
    [entry] = tell_each(Change.objects.filter(uid=record.uid).order_by("-pk")[:1], STRANGER)
    assert entry["changed"]["inverse_relations"] == {"before": [], "after": [hidden.uid]}


def test_a_restricted_relation_is_told_to_nobody_else():
    office, other = OfficeFactory(), OfficeFactory()
    one = AgreementFactory(visibility="restricted", office=office)
    one.sharing.create(office=other)
    two = AgreementFactory(visibility="restricted", office=other, title="quetzal")
    one.relations.create(target=two, kind="renews")
    for record in (one, two):
        publish_now(record)
    tell_all()
    record = ToldRecord.objects.get(resource="agreements", key=one.pk)
    assert record.offices == sorted([office.pk, other.pk])
    assert "quetzal" not in record.internal and two.uid not in record.internal


def test_an_institution_is_merged_and_parted(told):
    one, two = InstitutionFactory.create_batch(2)
    make_public(one, two)
    assert told(resource="institutions") == [(one.uid, "created"), (two.uid, "created")]
    boss = administrator()
    merge = merge_institutions(survivor=one, merged=two, by=boss)
    assert set(told(resource="institutions")) == {(one.uid, "updated", "names"), (two.uid, "merged")}
    entry = Change.objects.get(uid=two.uid, seen_after="nobody").told_to(STRANGER)
    assert (entry["kind"], entry["into"]) == ("merged", one.uid)
    unmerge_institutions(merge=merge, by=boss)
    assert set(told(resource="institutions")) == {(one.uid, "updated", "names"), (two.uid, "created")}


def test_relatives_follow_one_another(told):
    parent, child, hidden = InstitutionFactory.create_batch(3)
    make_public(parent, child)
    told(resource="institutions")
    link = InstitutionLink.objects.create(institution=child, target=parent)
    both = {(parent.uid, "updated", "children"), (child.uid, "updated", "parents")}
    assert set(told(resource="institutions")) == both
    change(parent, name="Renamed")
    assert set(told(resource="institutions")) == {
        (parent.uid, "updated", "name"),
        (child.uid, "updated", "parents"),
    }
    InstitutionLink.objects.create(institution=hidden, target=parent)
    assert told(resource="institutions") == []
    make_public(hidden)
    assert (parent.uid, "updated", "children") in told(resource="institutions")
    link.delete()
    assert set(told(resource="institutions")) == both


def test_people_subjects_and_events(told):
    person, subject, event = PersonFactory(), FocusAreaFactory(), EventFactory()
    below = FocusAreaFactory(parent=subject)
    make_public(person, subject, event, below)
    told()
    person.names.create(value="Another name")
    assert told(resource="people")[-1] == (person.uid, "updated", "names")
    subject.mappings.create(scheme="sdg", code="4")
    change(subject, name="Renamed")
    assert set(told(resource="focus-areas")[-2:]) == {
        (subject.uid, "updated", "mappings", "name"),
        (below.uid, "updated", "parent"),
    }
    change(event, place="Seoul")
    assert told(resource="events")[-1] == (event.uid, "updated", "place")


def test_a_change_of_very_many_records_reaches_the_feed(told, monkeypatch):
    party = InstitutionFactory()
    records = [AgreementFactory(parties=[party, InstitutionFactory()], published=True) for _ in range(3)]
    told()
    # As where more cards are concerned than are written at once.
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'cards_changed'")
        source = cursor.fetchone()[0].replace("<= 500", "<= 1")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION cards_changed(wanted bigint[]) RETURNS void LANGUAGE plpgsql AS $$"
            + source
            + "$$"
        )
    change(party, name="Known to many")
    assert sorted(told()) == sorted((record.uid, "updated", "parties") for record in records)


def test_positions_have_no_gaps_and_nothing_waits_any_more():
    AgreementFactory.create_batch(3, published=True)
    tell_all()
    positions = list(Change.objects.values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    assert not PendingChange.objects.exists()


def test_the_order_of_what_waits():
    waiting = [
        (1, "agreements", 1, 70),
        (2, "institutions", 5, 70),
        (3, "agreements", 2, 71),
        (4, "agreements", 1, 72),
        (5, "people", 3, 70),
    ]
    assert in_order(waiting) == [("agreements", 2), ("agreements", 1), ("institutions", 5), ("people", 3)]


def test_what_was_written_without_triggers_is_found_and_told(told, capsys):
    kept, gone = InstitutionFactory.create_batch(2, visibility="public")
    told()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE partnerships_institution DISABLE TRIGGER USER")
        change(kept, city="Seoul")
        cursor.execute("DELETE FROM partnerships_institution WHERE id = %s", [gone.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE partnerships_institution ENABLE TRIGGER USER")
    with pytest.raises(SystemExit):
        call_command("check_feed")
    assert f"institutions {gone.pk} is seen by nobody, the feed says public" in capsys.readouterr().out
    call_command("check_feed", "--again")
    assert set(told(resource="institutions")) == {(kept.uid, "updated", "city"), (gone.uid, "withdrawn")}
