"""What a preview says is what would happen, and nothing has happened yet."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Agreement
from partnerships.services.bulk import preview as previews
from partnerships.services.bulk.acts import bulk_acts
from partnerships.services.bulk.changes import Changes
from partnerships.services.bulk.doing import EDIT, Doing
from partnerships.services.bulk.preview import preview
from partnerships.services.lifecycle import ACTS, Act, Group
from partnerships.services.rules import Rule
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    MembershipFactory,
    OfficeFactory,
    SubjectFactory,
    administrator,
)

pytestmark = pytest.mark.django_db


def looked_at(by, act, records, changes=None, **facts):
    doing = Doing(act, by, "preview", Changes(changes or {}))
    return preview(doing=doing, keys=[record.pk for record in records], **facts)


def member(office, role):
    return MembershipFactory(office=office, role=role).user


class TestActs:
    def test_each_act_that_needs_no_more_than_a_reason_is_offered(self):
        assert list(bulk_acts()) == ["submit", "approve", "send_back", "publish", "withdraw"]
        assert [name for name, act in bulk_acts().items() if act.needs_reason] == ["send_back", "withdraw"]

    def test_a_new_act_appears_by_itself_unless_it_needs_other_facts(self, monkeypatch):
        def shelve(*, agreement, by, reason=""): ...

        rule = Rule("review", frozenset({"draft"}))
        monkeypatch.setitem(ACTS, "shelve", Act("shelve", shelve, "Shelve it", rule, Group.REVIEW))
        monkeypatch.setitem(ACTS, "store", Act("store", shelve, "Store", rule, Group.REVIEW, ("place",)))
        assert bulk_acts()["shelve"].label == "Shelve it"
        assert not {"store", "extend"} & set(bulk_acts())

    def test_state_permission_and_rules_refuse_each_with_its_reason(self):
        office = OfficeFactory()
        by = member(office, "reviewer")
        ready = AgreementFactory(office=office, publication_state="in_review")
        draft = AgreementFactory(office=office)
        lonely = AgreementFactory(office=office, publication_state="in_review", parties=[])
        foreign = AgreementFactory(office=OfficeFactory(), publication_state="in_review")
        found = looked_at(by, "publish", [ready, draft, lonely, foreign])
        assert [row.agreement for row in found.going] == [ready]
        assert {row.agreement: row.refusal for row in found.refused} == {
            draft: "The record is draft; this act is not open to it.",
            lonely: "A published agreement needs two parties or more.",
            foreign: "You may not publish records of this office.",
        }

    def test_nothing_is_left_of_a_trial(self):
        record = AgreementFactory(publication_state="in_review")
        institution = record.parties.first().institution
        before = Agreement.objects.filter(pk=record.pk).values().get()
        looked_at(administrator(), "publish", [record])
        institution.refresh_from_db()
        assert Agreement.objects.filter(pk=record.pk).values().get() == before
        assert institution.visibility == "internal"
        assert record.history.count() == 1

    def test_what_the_user_may_not_see_is_not_even_counted_as_refused(self):
        hidden = AgreementFactory(restricted=True)
        assert looked_at(member(OfficeFactory(), "reviewer"), "publish", [hidden]).rows == []


class TestEdits:
    def test_old_and_new_are_told_field_by_field(self):
        event, subject = EventFactory(name="Summit"), FocusAreaFactory(name="Law")
        record = AgreementFactory(type="other", languages=["en"], event=EventFactory(name="Old"))
        taken = SubjectFactory(agreement=record, focus_area=FocusAreaFactory(name="Art"))
        changes = {
            "set": {"type": "exchange", "event": event.pk},
            "add": {"focus_areas": [[subject.pk, False]], "languages": ["ko", "en"]},
            "remove": {"focus_areas": [taken.focus_area_id]},
        }
        [row] = looked_at(administrator(), EDIT, [record], changes).going
        assert [(line.label, line.old, line.new) for line in row.differences] == [
            ("Type", "Other", "Exchange agreement"),
            ("Event", "Old", "Summit"),
            ("Focus areas", "Art", "Law"),
            ("Languages", "en", "en, ko"),
        ]

    def test_what_is_so_already_is_unchanged(self):
        record = AgreementFactory(type="other")
        found = looked_at(administrator(), EDIT, [record], {"set": {"type": "other"}})
        assert (len(found.unchanged), found.going, found.refused) == (1, [], [])

    def test_an_office_of_others_takes_no_record_and_gives_none(self):
        office, other = OfficeFactory(), OfficeFactory()
        by = member(office, "editor")
        own, foreign = AgreementFactory(office=office), AgreementFactory(office=other)
        found = looked_at(by, EDIT, [own, foreign], {"set": {"office": other.pk}})
        assert {row.refusal for row in found.refused} == {"You may not change records of this office."}
        assert len(found.refused) == 2

    def test_a_rule_that_the_edit_would_break_refuses_it(self):
        record = AgreementFactory(office=None)
        [row] = looked_at(administrator(), EDIT, [record], {"set": {"visibility": "restricted"}}).refused
        assert "needs an office" in row.refusal

    def test_what_the_edit_names_and_is_gone_refuses_it(self):
        event = EventFactory()
        changes = {"set": {"event": event.pk}}
        event.delete()
        [row] = looked_at(administrator(), EDIT, [AgreementFactory()], changes).refused
        assert "gone meanwhile" in row.refusal


def test_statements_of_a_large_preview_do_not_grow_with_its_records(monkeypatch):
    monkeypatch.setattr(previews, "TRIED_OUT", 1)
    by, taken = administrator(), []
    records = [AgreementFactory() for _ in range(6)]
    for some in (records[:2], records):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            found = looked_at(by, EDIT, some, {"set": {"type": "exchange"}})
        assert len(found.going) == len(some)
        assert not found.tried_out
        taken.append(len(captured))
    assert taken[0] == taken[1]
