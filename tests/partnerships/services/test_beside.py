"""Notes, commitments and saved filters: who writes them, who sees them, what they refuse."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from partnerships.models import Agreement, Commitment, Note, SavedFilter
from partnerships.partial_dates import PartialDate
from partnerships.services.commitments import add_commitment, settle_commitment
from partnerships.services.notes import LONGEST, write_note
from partnerships.services.saved_filters import delete_filter, normal_question, revise_filter, save_filter
from people.principals import TokenPrincipal
from people.services.tokens import issue_token
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    MembershipFactory,
    NoteFactory,
    OfficeFactory,
    PartyFactory,
    administrator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def editor(office):
    return MembershipFactory(office=office, role="editor").user


@pytest.fixture
def stranger():
    return MembershipFactory(role="administrator").user


class TestNotes:
    def test_a_note_is_kept_with_its_writer_and_leaves_the_record_alone(self, office, editor):
        record = AgreementFactory(office=office)
        before = Agreement.objects.values().get(pk=record.pk)
        note = write_note(agreement=record, by=editor, text=" They called. ", about_on=date(2026, 1, 2))
        assert (note.text, note.written_by, note.visibility) == ("They called.", editor, "internal")
        assert note.history.get().pgh_context.metadata["user"] == editor.pk
        assert Agreement.objects.values().get(pk=record.pk) == before

    @pytest.mark.parametrize(
        ("text", "words"),
        [("", "Write something"), (" \x00 ", "Write something"), ("x" * (LONGEST + 1), "10,000")],
    )
    def test_an_empty_or_huge_one_is_refused(self, office, editor, text, words):
        with pytest.raises(ValidationError, match=words):
            write_note(agreement=AgreementFactory(office=office), by=editor, text=text)

    def test_only_who_changes_the_record_writes(self, office, stranger):
        viewer = MembershipFactory(office=office, role="viewer").user
        for by in (stranger, viewer):
            with pytest.raises(PermissionDenied):
                write_note(agreement=AgreementFactory(office=office), by=by, text="x")

    def test_a_note_is_never_public(self, office, editor):
        record = AgreementFactory(office=office)
        with pytest.raises(ValidationError):
            write_note(agreement=record, by=editor, text="x", readers="public")
        with pytest.raises(IntegrityError), transaction.atomic():
            NoteFactory(agreement=record, visibility="public")

    def test_an_office_note_needs_an_office(self):
        with pytest.raises(ValidationError, match="no office"):
            write_note(agreement=AgreementFactory(), by=administrator(), text="x", readers="restricted")

    def test_the_gate(self, office, editor, stranger, anonymous):
        record = AgreementFactory(office=office, published=True)
        staff, secret = NoteFactory(agreement=record), NoteFactory(agreement=record, visibility="restricted")
        hidden = NoteFactory(agreement=AgreementFactory(restricted=True))
        token, _ = issue_token(name="t", scopes=["read:internal"])
        assert set(Note.objects.visible_to(editor)) == {staff, secret}
        assert set(Note.objects.visible_to(stranger)) == {staff}
        assert set(Note.objects.visible_to(administrator())) == {staff, secret, hidden}
        for outside in (anonymous, TokenPrincipal(token)):
            assert not Note.objects.visible_to(outside).exists()


class TestCommitments:
    def test_what_is_known_is_kept(self, office, editor):
        record = AgreementFactory(office=office)
        facts = {"party": record.parties.first(), "who": "the dean", "due_on": PartialDate(2026)}
        row = add_commitment(agreement=record, by=editor, what="Send two students", **facts)
        assert (row.state, row.visibility, str(row.due_on)) == ("open", "internal", "2026")

    def test_a_party_of_another_agreement_is_refused(self, office, editor):
        with pytest.raises(ValidationError, match="belongs to another agreement"):
            add_commitment(
                agreement=AgreementFactory(office=office), by=editor, what="x", party=PartyFactory()
            )

    def test_a_day_of_doing_needs_the_state_done(self):
        row = CommitmentFactory()
        with pytest.raises(ValidationError, match="needs the state"):
            settle_commitment(
                commitment=row, by=administrator(), state="lapsed", done_on=PartialDate(2026, 1, 2)
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            Commitment.objects.filter(pk=row.pk).update(done_on="2026")

    def test_ticked_untouched_by_who_was_slower(self, office, editor):
        row = CommitmentFactory(agreement=AgreementFactory(office=office))
        settled = settle_commitment(commitment=row, by=editor, state="done", done_on=PartialDate(2026, 1, 2))
        assert (settled.state, str(settled.done_on)) == ("done", "2026-01-02")
        with pytest.raises(ValidationError, match="meanwhile"):
            settle_commitment(
                commitment=row, by=editor, state="lapsed", read_at=date_before(settled.updated_at)
            )

    def test_others_tick_nothing(self, office, stranger):
        row = CommitmentFactory(agreement=AgreementFactory(office=office))
        with pytest.raises(PermissionDenied):
            settle_commitment(commitment=row, by=stranger, state="done")

    @pytest.mark.parametrize(
        ("due", "overdue", "soon"),
        [
            ("2026-05-20", True, False), ("2026-05-21", False, True), ("2026-05", False, True),
            ("2026-04", True, False), ("2026", False, True), ("2026-06-20", False, True),
            ("2026-06-21", False, False), ("2026-07", False, False), (None, False, False),
        ],
    )  # fmt: skip
    def test_overdue_is_what_is_certainly_late(self, due, overdue, soon):
        today = date(2026, 5, 21)
        row = CommitmentFactory(due_on=due)
        row.refresh_from_db()
        assert row.overdue_on(today) is overdue
        assert Commitment.objects.overdue(today).exists() is overdue
        assert Commitment.objects.due_within(today, 30).exists() is soon
        Commitment.objects.update(state="lapsed")
        assert not Commitment.objects.overdue(today).exists()

    def test_the_gate(self, office, anonymous):
        record = AgreementFactory(office=office, published=True)
        inside = CommitmentFactory(agreement=record)
        outside = CommitmentFactory(agreement=record, visibility="public")
        CommitmentFactory(agreement=AgreementFactory(), visibility="public")
        assert list(Commitment.objects.visible_to(anonymous)) == [outside]
        assert inside in Commitment.objects.visible_to(MembershipFactory().user)


class TestSavedFilters:
    def test_a_question_is_kept_without_its_page(self, editor):
        saved = save_filter(by=editor, name="Soon", question="?p=3&ends=soon&type__exact=&o=1")
        assert saved.question == "ends=soon&o=1"
        assert normal_question("o=1&ends=soon&p=9") == saved.question

    @pytest.mark.parametrize(("name", "question", "field"), [
        ("", "ends=soon", "name"), (" \x00", "ends=soon", "name"), ("x" * 81, "ends=soon", "name"),
        ("x", "", "question"), ("x", "p=2", "question"), ("x", "q=" + "x" * 3000, "question"),
    ])  # fmt: skip
    def test_what_makes_no_sense_is_refused_at_its_field(self, editor, name, question, field):
        with pytest.raises(ValidationError) as refused:
            save_filter(by=editor, name=name, question=question)
        assert list(refused.value.message_dict) == [field]

    def test_a_name_stands_once_for_its_owner(self, editor, stranger):
        save_filter(by=editor, name="Soon", question="ends=soon")
        save_filter(by=stranger, name="Soon", question="ends=soon")
        with pytest.raises(ValidationError, match="of this name already"):
            save_filter(by=editor, name="Soon", question="ends=past")

    def test_who_sees_and_changes_what(self, office, editor, stranger):
        colleague = MembershipFactory(office=office, role="editor").user
        viewer = MembershipFactory(office=office, role="viewer").user
        mine = save_filter(by=editor, name="Mine", question="ends=soon")
        ours = save_filter(by=editor, name="Ours", question="ends=past", office=office)
        assert set(SavedFilter.objects.visible_to(editor)) == {mine, ours}
        for member in (colleague, viewer):
            assert list(SavedFilter.objects.visible_to(member)) == [ours]
        assert not SavedFilter.objects.visible_to(stranger).exists()
        revise_filter(saved=ours, by=colleague, name="Past", office=office)
        with pytest.raises(PermissionDenied):
            delete_filter(saved=ours, by=viewer)
        with pytest.raises(PermissionDenied):
            revise_filter(saved=mine, by=colleague, name="x")
        with pytest.raises(ValidationError, match="Only its owner"):
            revise_filter(saved=ours, by=colleague, name="x", office=None)
        delete_filter(saved=ours, by=colleague)
        assert list(SavedFilter.objects.all()) == [mine]

    def test_nobody_shares_with_an_office_of_others(self, editor, stranger):
        other = OfficeFactory()
        with pytest.raises(PermissionDenied):
            save_filter(by=editor, name="x", question="ends=soon", office=other)


def date_before(moment):
    return moment.replace(year=moment.year - 1)
