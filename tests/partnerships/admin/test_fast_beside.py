"""Notes and commitments on a record's page: small forms that need no saving of the long one."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from partnerships.models import Commitment, Note
from tests.factories import AgreementFactory, CommitmentFactory, MembershipFactory, NoteFactory, OfficeFactory

pytestmark = pytest.mark.django_db
COMMITMENTS = "/admin/partnerships/commitment/"
INTERNAL = {"note-visibility": "internal"}


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def editor(client, office):
    client.user = MembershipFactory(office=office, role="editor").user
    client.force_login(client.user)
    return client


@pytest.fixture
def record(office):
    return AgreementFactory(office=office)


def page_of(client, record) -> str:
    return client.get(change(record)).content.decode()


def change(record) -> str:
    return reverse("admin:partnerships_agreement_change", args=[record.pk])


def note(record) -> str:
    return reverse("admin:agreement_notes", args=[record.pk])


def commitment(record) -> str:
    return reverse("admin:agreement_commitments", args=[record.pk])


class TestNotes:
    def test_written_newest_first_and_escaped(self, editor, record):
        NoteFactory(agreement=record, text="older")
        answer = {
            "note-text": "<script>x</script>",
            "note-about_on": "2026-05-21",
            "note-visibility": "internal",
        }
        response = editor.post(note(record), answer)
        assert response.url == f"{change(record)}#notes"
        page = page_of(editor, record)
        assert "&lt;script&gt;" in page
        assert "about 2026-05-21" in page
        assert [row.text for row in Note.objects.all()][-1] == "older"

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"note-text": "", **INTERNAL}, "This field is required"),
            (
                {"note-text": "kept words", "note-about_on": "31.2.", "note-visibility": "internal"},
                "valid date",
            ),
            ({"note-text": "kept words", "note-visibility": "public"}, "not one of the available choices"),
            ({"note-text": "x\x00", **INTERNAL}, "Null characters"),
            ({"note-text": "x" * 20_000, **INTERNAL}, "10,000 characters"),
        ],
    )
    def test_what_is_refused_comes_back_with_what_was_typed(self, editor, record, answer, words):
        response = editor.post(note(record), answer)
        assert response.status_code == 400
        page = response.content.decode()
        assert words in page
        assert answer["note-text"].replace("\x00", "")[:10] in page
        assert not Note.objects.exists()

    def test_members_of_other_offices_neither_write_nor_read_office_notes(self, editor, client, record):
        NoteFactory(agreement=record, text="for all of us")
        NoteFactory(agreement=record, text="quetzal", visibility="restricted", written_by=editor.user)
        assert "quetzal" in page_of(editor, record)
        client.force_login(MembershipFactory(role="administrator").user)
        page = page_of(client, record)
        assert "for all of us" in page
        assert "quetzal" not in page
        assert "Write the note" not in page
        answer = {"note-text": "x", "note-visibility": "internal"}
        assert client.post(note(record), answer).status_code == 403
        secret = Note.objects.get(text="quetzal")
        for address in ("change", "history", "delete"):
            response = client.get(
                reverse(f"admin:partnerships_note_{address}", args=[secret.pk]), follow=True
            )
            assert "quetzal" not in response.content.decode()
        history = client.get(
            reverse("admin:partnerships_agreement_history", args=[record.pk])
        ).content.decode()
        assert "quetzal" not in history
        secret.delete()
        history = client.get(
            reverse("admin:partnerships_agreement_history", args=[record.pk])
        ).content.decode()
        assert "for all of us" in history
        assert "quetzal" not in history
        found = client.get("/admin/partnerships/note/", {"q": "us"}).context["cl"].result_list
        assert [row.text for row in found] == ["for all of us"]

    def test_ones_own_is_edited_and_removed_others_only_read(self, editor, record):
        own = NoteFactory(agreement=record, written_by=editor.user, text="own")
        other = NoteFactory(agreement=record, text="other")
        address = reverse("admin:partnerships_note_change", args=[own.pk])
        facts = {"text": "better", "about_on": "", "opened_at": own.updated_at.isoformat()}
        assert editor.post(address, facts).status_code == 302
        own.refresh_from_db()
        assert own.text == "better"
        foreign = reverse("admin:partnerships_note_change", args=[other.pk])
        assert editor.post(foreign, {"text": "mine"}).status_code == 403
        assert (
            editor.post(
                reverse("admin:partnerships_note_delete", args=[other.pk]), {"post": "yes"}
            ).status_code
            == 403
        )
        editor.post(reverse("admin:partnerships_note_delete", args=[own.pk]), {"post": "yes"})
        assert list(Note.objects.all()) == [other]


class TestCommitments:
    def test_added_and_ticked_with_its_day_in_one_click(self, editor, record):
        party = record.parties.first()
        answer = {
            "commitment-what": "Two scholarships", "commitment-party": party.pk, "commitment-due_on": "2020",
            "commitment-visibility": "internal",
        }  # fmt: skip
        assert editor.post(commitment(record), answer).url == f"{change(record)}#commitments"
        page = page_of(editor, record)
        assert "1 open, 1 overdue" in page
        row = Commitment.objects.get()
        ticked = {"state": "done", "done_on": "2026-05-21", "read_at": row.updated_at.isoformat()}
        came_from = f"http://testserver{change(record)}"
        response = editor.post(reverse("admin:commitment_settle", args=[row.pk]), ticked,
                               headers={"referer": came_from})  # fmt: skip
        assert response.url == f"{came_from}#commitments"
        row.refresh_from_db()
        assert (row.state, str(row.done_on)) == ("done", "2026-05-21")
        assert "done 2026-05-21" in " ".join(page_of(editor, record).split())

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"state": "done", "done_on": "yesterday"}, "Write a year, a month or a day"),
            ({"state": "zzz"}, "no such state"),
            ({"state": "done", "read_at": "2020-01-01T00:00:00+00:00"}, "changed this commitment meanwhile"),
        ],
    )
    def test_a_bad_tick_is_told_and_changes_nothing(self, editor, record, answer, words):
        row = CommitmentFactory(agreement=record)
        response = editor.post(reverse("admin:commitment_settle", args=[row.pk]), answer, follow=True)
        assert words in response.content.decode()
        row.refresh_from_db()
        assert row.state == "open"

    def test_others_neither_add_nor_tick(self, editor, client, record):
        row = CommitmentFactory(agreement=record)
        client.force_login(MembershipFactory(role="administrator").user)
        assert client.post(commitment(record), {"commitment-what": "x"}).status_code == 403
        settle = reverse("admin:commitment_settle", args=[row.pk])
        assert client.post(settle, {"state": "done"}).status_code == 403
        hidden = CommitmentFactory(agreement=AgreementFactory(restricted=True), what="quetzal")
        response = client.post(
            reverse("admin:commitment_settle", args=[hidden.pk]), {"state": "done"}, follow=True
        )
        assert "quetzal" not in response.content.decode()

    def test_a_party_of_another_record_is_no_choice(self, editor, record):
        other = AgreementFactory().parties.first()
        answer = {"commitment-what": "x", "commitment-party": other.pk, "commitment-visibility": "internal"}
        assert editor.post(commitment(record), answer).status_code == 400

    def test_the_list_answers_what_is_overdue_soon_and_ours(self, editor, record):
        today = date.today()
        CommitmentFactory(agreement=record, what="late", due_on=str(today - timedelta(days=1)))
        CommitmentFactory(agreement=record, what="soon", due_on=str(today + timedelta(days=5)))
        CommitmentFactory(what="somebody else's", due_on=str(today.year + 5))
        CommitmentFactory(agreement=record, what="some day")

        def listed(**question):
            return {row.what for row in editor.get(COMMITMENTS, question).context["cl"].result_list}

        assert listed(due="overdue") == {"late"}
        assert listed(due="soon") == {"soon"}
        assert listed(due="undated") == {"some day"}
        assert listed(whose="ours") == {"late", "soon", "some day"}
        assert "somebody else's" in listed()
        assert editor.get(COMMITMENTS, {"due": "zzz"}).status_code == 302

    def test_edited_on_a_page_of_its_own(self, editor, record):
        row = CommitmentFactory(agreement=record)
        address = reverse("admin:partnerships_commitment_change", args=[row.pk])
        facts = {
            "what": "Three", "who": "", "party": record.parties.first().pk, "person": "", "due_on": "2027-05",
            "state": "lapsed", "done_on": "", "source": "", "visibility": "public",
            "opened_at": row.updated_at.isoformat(),
        }  # fmt: skip
        assert editor.post(address, facts).status_code == 302
        row.refresh_from_db()
        assert (row.what, str(row.due_on), row.state, row.visibility) == (
            "Three",
            "2027-05",
            "lapsed",
            "public",
        )

    def test_the_public_page_shows_public_ones_only(self, client, record):
        published = AgreementFactory(published=True)
        CommitmentFactory(agreement=published, what="open to all", visibility="public")
        CommitmentFactory(agreement=published, what="quetzal")
        page = client.get(f"/agreements/{published.uid}/").content.decode()
        assert "open to all" in page
        assert "quetzal" not in page


@pytest.mark.parametrize("rows", [1, 5])
def test_statements_do_not_grow_with_rows(editor, counted_queries, office, rows):
    record = AgreementFactory(office=office)
    for _ in range(rows):
        NoteFactory(agreement=record)
        CommitmentFactory(agreement=record, party=record.parties.first())
    editor.get(COMMITMENTS)
    with counted_queries("GET /admin/partnerships/commitment/"):
        editor.get(COMMITMENTS)
    with counted_queries("GET /admin/partnerships/agreement/<id>/change/ with notes and commitments"):
        editor.get(change(record))
