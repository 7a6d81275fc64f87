"""Signing, extending, amending, terminating, superseding, copying: what each writes and refuses."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.amendments import earlier_terms
from partnerships.models import Agreement, Document, Period
from partnerships.partial_dates import PartialDate
from partnerships.services.lifecycle import (
    ACTS,
    amend,
    candidates,
    duplicate,
    extend,
    open_acts,
    record_signature,
    renew,
    supersede,
    terminate,
)
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    DocumentFactory,
    EventFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    SourceFactory,
    SubjectFactory,
    UserFactory,
    publish_now,
)

pytestmark = pytest.mark.django_db
DAY = PartialDate.parse


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def editor(office):
    return MembershipFactory(office=office, role="editor").user


@pytest.fixture
def record(office):
    return AgreementFactory(
        office=office,
        title="Cooperation",
        effective_from="2020",
        end_kind="date",
        ends_on="2025",
        notice_amount=3,
        notice_unit="months",
        confidential_terms="The fee.",
    )


def status(record, on=None) -> str:
    return Agreement.objects.with_status(None, on).get(pk=record.pk).status


def last_reason(record) -> str:
    return record.history.order_by("-pgh_id").first().pgh_context.metadata["reason"]


class TestSigning:
    def test_date_place_and_who_signed(self, record, editor):
        party, person, event = record.parties.first(), PersonFactory(), EventFactory()
        record_signature(
            agreement=record,
            by=editor,
            signed_on=DAY("2024-05"),
            signed_place="Seoul",
            event=event,
            signatories=[
                {"party": party, "name_as_printed": "Prof. A", "title_as_printed": "President"},
                {"party": party, "name_as_printed": "Dr B", "person": person},
            ],
            reason="From the press release.",
        )
        assert (str(record.signed_on), record.signed_place, record.event) == ("2024-05", "Seoul", event)
        rows = [(row.name_as_printed, row.title_as_printed, row.person) for row in party.signatories.all()]
        assert rows == [("Prof. A", "President", None), ("Dr B", "", person)]
        assert last_reason(record) == "From the press release."

    def test_what_is_left_empty_takes_nothing_away(self, record, editor):
        Agreement.objects.filter(pk=record.pk).update(signed_place="Seoul")
        record_signature(agreement=record, by=editor, signed_on=DAY("2024"))
        assert record.signed_place == "Seoul"

    def test_signatories_of_a_public_record_become_public(self, record, editor):
        publish_now(record)
        person = PersonFactory()
        row = {"party": record.parties.first(), "name_as_printed": "Dr B", "person": person}
        record_signature(agreement=record, by=editor, signed_on=DAY("2024"), signatories=[row])
        person.refresh_from_db()
        assert person.visibility == "public"

    def test_a_signing_is_recorded_once(self, record, editor):
        record_signature(agreement=record, by=editor, signed_on=DAY("2024"))
        with pytest.raises(ValidationError, match="A signing is recorded already"):
            record_signature(agreement=record, by=editor, signed_on=DAY("2023"))
        assert "sign" not in open_acts(record, editor)

    def test_nobody_signs_for_a_stranger(self, record, editor):
        row = {"party": AgreementFactory().parties.first(), "name_as_printed": "Dr B"}
        with pytest.raises(ValidationError) as caught:
            record_signature(agreement=record, by=editor, signed_on=DAY("2024"), signatories=[row])
        assert "signatories.0.party" in caught.value.message_dict
        record.refresh_from_db()
        assert record.signed_on is None, "all or nothing"


class TestTerm:
    def test_a_further_period(self, record, editor):
        extend(agreement=record, by=editor, end_kind="date", ends_on=DAY("2030"), note="By letter.")
        extend(agreement=record, by=editor, end_kind="open_ended")
        assert [(row.number, str(row.ends_on), row.end_kind) for row in record.periods.all()] == [
            (1, "2030", "date"),
            (2, "None", "open_ended"),
        ]

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"end_kind": "date"}, "ends_on"),
            ({"end_kind": "open_ended", "ends_on": DAY("2030")}, "ends_on"),
            ({"end_kind": "date", "ends_on": DAY("2024")}, "ends_on"),
            ({"end_kind": "nonsense"}, "end_kind"),
        ],
    )
    def test_an_end_that_says_nothing_is_refused(self, record, editor, facts, field):
        with pytest.raises(ValidationError) as caught:
            extend(agreement=record, by=editor, **facts)
        assert field in caught.value.message_dict
        assert not Period.objects.exists()

    def test_terminated_with_reason_and_document(self, record, editor):
        letter = SimpleUploadedFile("letter.txt", b"We end it.")
        terminate(
            agreement=record, by=editor, terminated_on=DAY("2023-02"), document=letter, reason="No funds."
        )
        assert (status(record), record.termination_reason) == ("terminated", "No funds.")
        document = record.documents.get()
        assert (document.visibility, document.filename) == ("internal", "letter.txt")
        assert {"terminate", "extend", "renew"}.isdisjoint(open_acts(record, editor))

    def test_a_file_that_lies_ends_nothing(self, record, editor, settings):
        forged = SimpleUploadedFile("letter.pdf", b"no pdf at all")
        with pytest.raises(ValidationError) as caught:
            terminate(
                agreement=record, by=editor, terminated_on=DAY("2023"), document=forged, reason="No funds."
            )
        assert "document" in caught.value.message_dict
        record.refresh_from_db()
        assert record.terminated_on is None
        assert not Document.objects.exists()

    def test_what_is_refused_leaves_no_file(self, record, editor, settings):
        letter = SimpleUploadedFile("letter.txt", b"We change it.")
        with pytest.raises(ValidationError):
            amend(agreement=record, by=editor, title="One", kind="nonsense", document=letter)
        assert not [path for path in settings.MEDIA_ROOT.rglob("documents/**/*") if path.is_file()]

    def test_a_termination_before_the_signing_is_refused_at_its_field(self, record, editor):
        Agreement.objects.filter(pk=record.pk).update(signed_on="2024")
        with pytest.raises(ValidationError) as caught:
            terminate(agreement=record, by=editor, terminated_on=DAY("2023"), reason="No funds.")
        assert "terminated_on" in caught.value.message_dict


class TestAmending:
    def test_the_record_says_what_was_agreed_last_and_keeps_what_it_said(self, record, editor):
        text = SimpleUploadedFile("text.txt", b"Amendment.")
        amend(
            agreement=record,
            by=editor,
            title="Longer notice",
            effective_from=DAY("2024-05"),
            source=record.sources.first(),
            document=text,
            terms={"notice_amount": 6, "notice_unit": "months", "ends_on": DAY("2030"), "end_kind": "date"},
        )
        assert (record.notice_amount, str(record.ends_on)) == (6, "2030")
        amendment = record.amendments.get()
        assert amendment.source == record.sources.first()
        assert amendment.document == record.documents.get()
        told = {term: [str(one) for one in rows] for term, rows in earlier_terms(record).items()}
        assert told == {
            "end": ["was 2025 until amendment 1 (May 2024)"],
            "notice": ["was 3 months until amendment 1 (May 2024)"],
        }

    def test_an_amended_end_counts_in_the_status(self, record, editor):
        assert status(record, date(2026, 6, 1)) == "ended"
        terms = {"end_kind": "date", "ends_on": DAY("2030")}
        amend(agreement=record, by=editor, title="Longer", terms=terms)
        assert status(record, date(2026, 6, 1)) == "in_force"
        assert str(record.card.ends_on) == "2030", "in lists as well"

    def test_the_end_is_that_of_the_last_term(self, record, editor):
        extend(agreement=record, by=editor, end_kind="date", ends_on=DAY("2028"))
        amend(
            agreement=record,
            by=editor,
            title="Open",
            terms={"end_kind": "open_ended", "ends_on": None},
        )
        assert (str(record.ends_on), record.periods.get().end_kind) == ("2025", "open_ended")

    def test_what_takes_effect_later_is_told_so(self, record, editor):
        amend(
            agreement=record,
            by=editor,
            title="Longer notice",
            effective_from=DAY("2900-01-01"),
            terms={"notice_amount": 6},
        )
        assert [str(one) for one in earlier_terms(record)["notice"]] == [
            "3 months until amendment 1 (1 January 2900)"
        ]

    def test_what_an_amendment_leaves_alone_is_no_change(self, record, editor):
        amend(
            agreement=record, by=editor, title="New annex", terms={"notice_amount": 3, "binding": "binding"}
        )
        assert [row.field for row in record.amendments.get().terms.all()] == ["binding"]

    def test_amendments_are_numbered(self, record, editor):
        for title in ("One", "Two"):
            amend(agreement=record, by=editor, title=title)
        assert [str(row) for row in record.amendments.all()] == ["Amendment 1", "Amendment 2"]

    def test_a_source_of_another_record_is_not_taken(self, record, editor):
        amend(agreement=record, by=editor, title="One", source=SourceFactory())
        assert record.amendments.get().source is None

    def test_a_wrong_value_names_its_field(self, record, editor):
        with pytest.raises(ValidationError) as caught:
            amend(agreement=record, by=editor, title="One", terms={"binding": "perhaps"})
        assert "binding" in caught.value.message_dict


class TestCopies:
    def test_a_template_has_no_dates_no_signatures_no_evidence(self, record, editor):
        first, second = record.parties.all()
        SignatoryFactory(party=first)
        SubjectFactory(agreement=record, emphasised=True)
        ActivityFactory(
            agreement=record, direction="one_way", from_party=first, to_party=second, starts_on="2024"
        )
        DocumentFactory(agreement=record)
        copy = duplicate(agreement=record, by=editor)
        assert (copy.title, copy.publication_state, copy.office) == (
            "Cooperation (copy)",
            "draft",
            record.office,
        )
        parties = list(copy.parties.all())
        assert [row.institution for row in parties] == [first.institution, second.institution]
        activity = copy.activities.get()
        assert (activity.from_party, activity.to_party, activity.starts_on) == (*parties, None)
        assert copy.subjects.get().emphasised
        assert (copy.notice_amount, copy.notice_unit) == (3, "months")
        assert (copy.effective_from, copy.end_kind, copy.ends_on) == (None, "unknown", None)
        assert copy.confidential_terms == ""
        assert not (copy.sources.exists() or copy.documents.exists() or parties[0].signatories.exists())

    def test_a_title_of_full_length_is_cut(self, record, editor):
        Agreement.objects.filter(pk=record.pk).update(title="x" * 500)
        assert duplicate(agreement=record, by=editor).title == "x" * 493 + " (copy)"

    def test_a_copy_of_another_offices_record_belongs_to_the_own_office(self, record):
        own = MembershipFactory(role="editor")
        assert duplicate(agreement=record, by=own.user).office == own.office

    def test_with_several_offices_one_says_which(self, record):
        first = MembershipFactory(role="editor")
        second = MembershipFactory(user=first.user, role="editor")
        with pytest.raises(ValidationError) as caught:
            duplicate(agreement=record, by=first.user)
        assert "office" in caught.value.message_dict
        assert duplicate(agreement=record, by=first.user, office=second.office).office == second.office
        with pytest.raises(PermissionDenied):
            duplicate(agreement=record, by=first.user, office=record.office)

    def test_what_one_may_not_see_is_not_copied(self):
        hidden = AgreementFactory(restricted=True)
        with pytest.raises(PermissionDenied):
            duplicate(agreement=hidden, by=MembershipFactory(role="editor").user)

    def test_a_successor_renews(self, record, editor):
        successor = renew(agreement=record, by=editor, title="Cooperation II")
        relation = successor.relations.get()
        assert (successor.title, relation.kind, relation.target) == ("Cooperation II", "renews", record)


class TestSuperseding:
    def test_the_newer_record_names_the_older(self, record, editor, office):
        parties = [party.institution for party in record.parties.all()]
        newer = AgreementFactory(office=office, parties=parties, signed_on="2024")
        assert candidates(record, editor) == [newer]
        supersede(agreement=record, by=editor, newer=newer)
        assert newer.relations.get().target == record
        assert status(record) != "superseded", "a draft supersedes nothing yet"
        publish_now(newer)
        assert status(record) == "superseded"

    @pytest.mark.parametrize("which", ["itself", "hidden", "of another office", "again", "in a circle"])
    def test_nonsense_is_refused_at_the_field(self, record, editor, office, which):
        newer = AgreementFactory(office=office)
        if which == "itself":
            newer = record
        elif which == "hidden":
            newer = AgreementFactory(restricted=True)
        elif which == "of another office":
            newer = AgreementFactory(office=OfficeFactory())
        elif which == "again":
            supersede(agreement=record, by=editor, newer=newer)
        else:
            supersede(agreement=newer, by=editor, newer=record)
        with pytest.raises(ValidationError) as caught:
            supersede(agreement=record, by=editor, newer=newer)
        assert any("newer" in field for field in caught.value.message_dict)


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.group == "agreement"])
def test_what_was_withdrawn_stays_as_it_is(record, editor, name):
    Agreement.objects.filter(pk=record.pk).update(publication_state="withdrawn", withdrawal_reason="Wrong.")
    record.refresh_from_db()
    assert name not in open_acts(record, editor)


def test_those_for_many_need_a_reason_and_nothing_else():
    assert [name for name, act in ACTS.items() if act.for_many] == [
        "submit",
        "approve",
        "send_back",
        "publish",
        "withdraw",
    ]


def test_a_stranger_to_the_office_does_nothing(record):
    for user in (UserFactory(), MembershipFactory(role="administrator").user):
        assert set(open_acts(record, user)) <= {"duplicate"}
