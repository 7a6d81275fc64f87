"""The history as a person reads it: days, acts, differences, choices; and a record as it stood."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.admin.agreements import AgreementAdmin
from partnerships.models import Agreement, AgreementRelation, Party
from partnerships.services.publication import submit_for_review
from people.admin.history.differences import pieces_of
from people.history import acting
from people.models import Role
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    SignatoryFactory,
    SourceFactory,
    StatementFactory,
    SubjectFactory,
    UserFactory,
)
from tests.moments import an_hour_passes

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def editor(office):
    return MembershipFactory(
        office=office, role=Role.EDITOR, user__first_name="Ada", user__last_name="Byron"
    ).user


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def record(office):
    record = AgreementFactory(office=office, title="First title")
    an_hour_passes()
    return record


def page(record, name: str) -> str:
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=[record.pk])


def entries(client, record, **question):
    return client.get(page(record, "history"), question).context["entries"]


class TestTimeline:
    def test_an_act_is_called_by_its_name(self, desk, editor, record):
        submit_for_review(agreement=record, by=editor, reason="please look")
        newest = entries(desk, record)[0]
        assert (newest.act, newest.reason) == ("Submitted for review", "please look")

    def test_an_act_that_the_context_names_is_told(self, desk, record):
        with acting(act="renewed"):
            Agreement.objects.filter(pk=record.pk).update(title="Second")
        assert entries(desk, record)[0].act == "Renewed"

    def test_rows_of_a_kind_are_counted(self, desk, record):
        with acting(reason="three more"):
            for _ in range(3):
                record.parties.create(institution=InstitutionFactory())
            Agreement.objects.filter(pk=record.pk).update(title="Second")
        assert entries(desk, record)[0].summary == "Title changed, 3 parties added"

    def test_days_are_headings(self, desk, record):
        told = desk.get(page(record, "history")).content.decode()
        assert told.count('class="history-day') == 1

    def test_one_field_can_be_followed(self, desk, record):
        with acting(reason="title"):
            Agreement.objects.filter(pk=record.pk).update(title="Second", summary="x")
        with acting(reason="nothing to do with it"):
            Agreement.objects.filter(pk=record.pk).update(summary="y")
        found = entries(desk, record, field="agreement.title")
        assert [entry.reason for entry in found] == ["title", ""]
        assert [line.label for line in found[0].changes[0].lines] == ["Title"]

    def test_rows_of_one_kind_can_be_followed(self, desk, record):
        with acting(reason="role"):
            Party.objects.filter(pk=record.parties.first().pk).update(role="coordinator")
        with acting(reason="elsewhere"):
            SourceFactory(agreement=record)
        assert [entry.reason for entry in entries(desk, record, field="party")] == ["role", ""]
        assert entries(desk, record, field="party.role")[0].reason == "role"

    def test_one_person_can_be_followed(self, desk, editor, record):
        with acting(user=editor, reason="mine"):
            Agreement.objects.filter(pk=record.pk).update(title="Second")
        with acting(user=UserFactory(), reason="theirs"):
            Agreement.objects.filter(pk=record.pk).update(title="Third")
        assert [entry.reason for entry in entries(desk, record, who=f"user:{editor.pk}")] == ["mine"]
        assert {entry.who for entry in entries(desk, record, who="nobody")} <= {
            "no user: a command of the installation", "no user: direct change in the database",
        }  # fmt: skip

    @pytest.mark.parametrize(
        "question", [{"field": "agreement.nothing"}, {"field": "user.password"}, {"field": "\x00"},
                     {"who": "user:x"}, {"who": "user:99999999999999999999"}, {"who": "token:²"},
                     {"field": "x" * 5000}],
    )  # fmt: skip
    def test_a_choice_that_is_none_is_answered(self, desk, record, question):
        assert desk.get(page(record, "history"), question).status_code == 200

    def test_pages_keep_the_choice(self, desk, record):
        for number in range(60):
            with acting(reason=str(number)):
                Agreement.objects.filter(pk=record.pk).update(title=str(number))
        told = desk.get(page(record, "history"), {"field": "agreement.title"}).content.decode()
        assert "?field=agreement.title&amp;p=2" in told


def test_what_has_no_history_says_so(desk):
    for name in ("history", "asof", "revert"):
        address = reverse(f"admin:partnerships_country_{name}", args=["KR"])
        assert desk.get(address).status_code == 404


class TestDifferences:
    def test_words_that_stayed_went_and_came(self):
        pieces = pieces_of(
            "The parties meet once a year in Seoul.", "The parties meet twice a year in Seoul."
        )
        assert [(piece.kind, piece.text) for piece in pieces] == [
            ("same", "The parties meet "), ("gone", "once"), ("new", "twice"), ("same", " a year in Seoul."),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new"),
        [("a " * 200_000, "b " * 200_000), ("x" * 1_000_000, "y"), ("가나다 " * 5000, "라마 " * 5000)],
    )
    def test_huge_texts_are_cut_and_told_quickly(self, old, new):
        assert sum(len(piece.text) for piece in pieces_of(old, new)) < 3000


class TestGate:
    def test_fields_declared_hidden_are_told_nowhere(self, desk, record, monkeypatch):
        monkeypatch.setattr(
            AgreementAdmin, "hidden_fields", lambda self, user, obj: frozenset({"summary", "source.note"})
        )
        with acting(reason="secret"):
            Agreement.objects.filter(pk=record.pk).update(summary="Sentinel", title="Second")
            SourceFactory(agreement=record, note="Sentinel", title="News")
        for name in ("history", "asof"):
            told = desk.get(page(record, name)).content.decode()
            assert "Sentinel" not in told
            assert "News" in told
        newest = entries(desk, record)[0]
        assert "agreement.summary" not in desk.get(page(record, "history")).content.decode()
        where = f"{page(record, 'revert')}?{newest.ref}"
        assert (
            "Sentinel"
            not in desk.get(f"{where}&event={newest.changes[0].ref}&field=summary").content.decode()
        )

    def test_hidden_documents_and_names_stay_hidden(self, desk):
        other = OfficeFactory()
        record = AgreementFactory(office=other)
        DocumentFactory(agreement=record, title="Sentinel", visibility="restricted")
        secret = AgreementFactory(title="Sentinel", restricted=True)
        AgreementRelation.objects.create(agreement=record, target=secret, kind="renews")
        told = desk.get(page(record, "asof")).content.decode()
        assert "Sentinel" not in told
        assert "(gone, or not open to you)" in told

    @pytest.mark.parametrize("name", ["asof", "revert", "history"])
    def test_the_pages_of_a_hidden_record_are_not_there(self, desk, name):
        secret = AgreementFactory(title="Sentinel", restricted=True)
        response = desk.get(page(secret, name), follow=True)
        assert response.redirect_chain
        assert "Sentinel" not in response.content.decode()


class TestAsItStood:
    def as_of(self, client, record, on: str):
        return client.get(page(record, "asof"), {"on": on})

    def test_the_record_and_its_rows_as_they_stood(self, desk, record):
        """What stood an hour ago, against what was done since."""
        party = record.parties.first()
        moment = record.history.first().pgh_created_at.isoformat()
        SignatoryFactory(party=party, name_as_printed="Dr Later")
        SubjectFactory(agreement=record)
        record.sources.all().delete()
        Agreement.objects.filter(pk=record.pk).update(title="Second title")
        context = self.as_of(desk, record, moment).context
        title = next(field for field in context["own"] if field.label == "Title")
        assert (title.then, title.now, title.differs) == ("First title", "Second title", True)
        parts = {part.heading: part for part in context["parts"]}
        assert [row.name for row in parts["Parties"].rows] == [
            str(row.institution) for row in record.parties.all()
        ]
        assert parts["Sources"].rows[0].state == "removed since"
        assert len(parts["Signatories"].added) == 1
        assert not parts["Signatories"].rows

    def test_today_nothing_differs(self, desk, record):
        context = self.as_of(desk, record, "2999-12-31").context
        assert not [field for field in context["own"] if field.differs]
        assert not [row for part in context["parts"] for row in part.rows if row.state]

    def test_the_fields_stand_in_the_order_of_the_form(self, desk, record):
        Agreement.objects.filter(pk=record.pk).update(signed_on="2024", summary="x")
        labels = [field.label for field in self.as_of(desk, record, "2999-12-31").context["own"]]
        assert labels[:3] == ["Title", "Type", "Summary"]
        assert labels.index("Signed on") < labels.index("End") < labels.index("Visibility")

    def test_before_it_was_created(self, desk, record):
        told = self.as_of(desk, record, "1999-01-01").content.decode()
        assert "did not exist yet" in told
        assert "First title" not in told.partition('id="as-of"')[2]

    @pytest.mark.parametrize(
        "typed",
        ["x", "2024", "2024-13-01", "2024-05-21T99:00", "\x00", "9" * 10_000, "0000-00-00", "<b>", "²"],
    )
    def test_what_is_no_date_is_told(self, desk, record, typed):
        response = self.as_of(desk, record, typed)
        assert response.status_code == 400
        assert "is no date" in response.content.decode()

    @pytest.mark.parametrize(
        "typed", ["0001-01-01", "9999-12-31", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"]
    )
    def test_the_ends_of_time_are_answered(self, desk, record, typed):
        assert self.as_of(desk, record, typed).status_code in {200, 400}

    def test_the_statements_do_not_grow_with_the_changes(self, desk, record, counted_queries):
        StatementFactory(agreement=record)
        SignatoryFactory(party=record.parties.first())
        with counted_queries("GET /admin/partnerships/agreement/<id>/history/as-of/"):
            self.as_of(desk, record, "2999-12-31")
        for number in range(20):
            StatementFactory(agreement=record)
            Agreement.objects.filter(pk=record.pk).update(title=str(number))
        with CaptureQueriesContext(connection) as first:
            self.as_of(desk, record, "2999-12-31")
        for number in range(20):
            StatementFactory(agreement=record)
            SignatoryFactory(party=record.parties.first(), name_as_printed=str(number))
        with CaptureQueriesContext(connection) as second:
            self.as_of(desk, record, "2999-12-31")
        assert len(first) == len(second)
