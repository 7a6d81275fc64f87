"""Two people save one record: both edits survive, or the second is asked; nothing is lost in silence."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from partnerships.models import Agreement, Source
from people.history import acting
from people.models import Membership, Office, Person, Role, User
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    SourceFactory,
    StatementFactory,
    UserFactory,
)
from tests.moments import an_hour_passes
from tests.partnerships.admin.forms import _Form, errors_of, put_rows, untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def desk(client, office):
    client.force_login(MembershipFactory(office=office, role=Role.EDITOR).user)
    return client


@pytest.fixture
def kim(office):
    return MembershipFactory(
        office=office, role=Role.EDITOR, user__first_name="Minji", user__last_name="Kim"
    ).user


@pytest.fixture
def record(office):
    return AgreementFactory(office=office, title="Memorandum", summary="About robots.")


def page_of(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def form_of(client, record) -> dict:
    """The form as it is opened, an hour after everything so far and an hour before what follows."""
    an_hour_passes()
    return untouched(client, page_of(record), f"{record._meta.model_name}_form")


def row_of(data: dict, prefix: str, key) -> str:
    """The place of a stored row in a form."""
    total = int(data[f"{prefix}-TOTAL_FORMS"])
    return next(f"{prefix}-{index}" for index in range(total) if data[f"{prefix}-{index}-id"] == str(key))


def send(client, record, data: dict):
    return client.post(page_of(record), data)


def saved(response) -> bool:
    assert response.status_code == 302, errors_of(response)
    return True


def answer(response, form_id: str = "agreement_form", **choices) -> dict:
    """The form that asks, as a browser would send it, with these choices."""
    form = _Form(form_id)
    form.feed(response.content.decode())
    data = {name: value for name, value in form.data.items() if "__prefix__" not in name}
    return data | {f"choice:{name.replace('__', '-')}": choice for name, choice in choices.items()}


def questions(response) -> list:
    assert response.status_code == 200
    return response.context["standing"].questions


def change_by(user, record, **facts) -> None:
    with acting(user=user, reason="meanwhile"):
        type(record).objects.filter(pk=record.pk).update(**facts)


class TestFields:
    def test_different_fields_both_survive(self, desk, kim, record):
        data = form_of(desk, record) | {"summary": "About garden robots."}
        change_by(kim, record, title="Memorandum of understanding", signed_on="2024-05")
        response = desk.post(page_of(record), data, follow=True)
        record.refresh_from_db()
        assert record.title == "Memorandum of understanding"
        assert str(record.signed_on) == "2024-05"
        assert record.summary == "About garden robots."
        told = response.content.decode()
        assert "Saved together with what changed" in told
        assert "Minji Kim" in told

    def test_the_same_field_is_asked_about(self, desk, kim, record):
        data = form_of(desk, record) | {"title": "Mine"}
        change_by(kim, record, title="Theirs")
        response = send(desk, record, data)
        (question,) = questions(response)
        assert (question.opened, question.theirs, question.mine) == ("Memorandum", "Theirs", "Mine")
        assert "Minji Kim" in response.content.decode()
        record.refresh_from_db()
        assert record.title == "Theirs"

    @pytest.mark.parametrize(("choice", "title"), [("theirs", "Theirs"), ("mine", "Mine")])
    def test_each_choice_is_followed(self, desk, kim, record, choice, title):
        data = form_of(desk, record) | {"title": "Mine", "summary": "Also mine"}
        change_by(kim, record, title="Theirs")
        response = send(desk, record, data)
        assert saved(send(desk, record, answer(response, title=choice)))
        record.refresh_from_db()
        assert (record.title, record.summary) == (title, "Also mine")

    def test_without_a_choice_it_is_asked_again(self, desk, kim, record):
        data = form_of(desk, record) | {"title": "Mine"}
        change_by(kim, record, title="Theirs")
        response = send(desk, record, data)
        assert len(questions(send(desk, record, answer(response)))) == 1

    def test_a_choice_holds_only_for_what_was_seen(self, desk, kim, record):
        data = form_of(desk, record) | {"title": "Mine"}
        change_by(kim, record, title="Theirs")
        response = send(desk, record, data)
        change_by(kim, record, title="Theirs again")
        (question,) = questions(send(desk, record, answer(response, title="mine")))
        assert question.theirs == "Theirs again"

    def test_the_same_change_by_both_is_no_conflict(self, desk, kim, record):
        data = form_of(desk, record) | {"title": "Agreed"}
        change_by(kim, record, title="Agreed")
        assert saved(send(desk, record, data))

    def test_a_merge_that_contradicts_itself_is_refused_with_everything_in_place(self, desk, kim, record):
        data = form_of(desk, record) | {"signed_on": "2024-05", "summary": "Mine"}
        change_by(kim, record, terminated_on="2023")
        response = send(desk, record, data)
        assert "termination lies before the signing" in response.content.decode()
        again = answer(response)
        assert (again["terminated_on"], again["summary"]) == ("2023", "Mine")
        assert saved(send(desk, record, again | {"signed_on": "2022"}))
        record.refresh_from_db()
        assert (str(record.terminated_on), record.summary) == ("2023", "Mine")

    def test_a_form_without_its_mark_asks_about_every_difference(self, desk, kim, record):
        data = form_of(desk, record) | {"summary": "Mine", "opened_as": ""}
        change_by(kim, record, title="Theirs")
        names = {question.name for question in questions(send(desk, record, data))}
        assert names == {"title", "summary"}

    @pytest.mark.parametrize("opened", ["", "x", "2024-01-01", "9999-12-31T23:59:59+00:00", "\x00"])
    def test_a_moment_that_nobody_gave_overwrites_nothing(self, desk, kim, record, opened):
        data = form_of(desk, record) | {"title": "Mine", "opened_at": opened}
        change_by(kim, record, title="Theirs")
        assert "title" in {question.name for question in questions(send(desk, record, data))}

    def test_a_change_that_began_before_the_form_was_opened_is_not_overwritten(self, desk, record):
        """A long job: its moment is its beginning, and it ends when the form stands open already."""
        data = form_of(desk, record)
        Agreement.objects.filter(pk=record.pk).update(title="From the job")
        stands = Agreement.objects.get(pk=record.pk).updated_at
        late = stands.replace(year=stands.year + 1).isoformat()
        response = send(desk, record, data | {"opened_at": late, "summary": "Mine"})
        assert "title" in {question.name for question in questions(response)}


class TestRows:
    def test_different_rows_both_survive(self, desk, kim, record):
        one, two = record.parties.all()
        data = form_of(desk, record)
        data[f"{row_of(data, 'parties', one.pk)}-reference"] = "A-1"
        with acting(user=kim):
            record.parties.filter(pk=two.pk).update(reference="B-2")
        assert saved(send(desk, record, data))
        assert set(record.parties.values_list("reference", flat=True)) == {"A-1", "B-2"}

    def test_different_fields_of_one_row_both_survive(self, desk, kim, record):
        one = record.parties.first()
        data = form_of(desk, record)
        data[f"{row_of(data, 'parties', one.pk)}-reference"] = "A-1"
        record.parties.filter(pk=one.pk).update(role="coordinator")
        assert saved(send(desk, record, data))
        one.refresh_from_db()
        assert (one.reference, one.role) == ("A-1", "coordinator")

    @pytest.mark.parametrize(("choice", "reference"), [("theirs", "T"), ("mine", "M")])
    def test_one_field_of_one_row_is_asked_about(self, desk, record, choice, reference):
        one = record.parties.first()
        data = form_of(desk, record)
        place = row_of(data, "parties", one.pk)
        data[f"{place}-reference"] = "M"
        record.parties.filter(pk=one.pk).update(reference="T")
        response = send(desk, record, data)
        (question,) = questions(response)
        assert question.name == f"{place}-reference"
        assert str(one.institution) in question.what
        again = answer(response) | {f"choice:{question.name}": choice}
        assert saved(send(desk, record, again))
        one.refresh_from_db()
        assert one.reference == reference

    def test_rows_added_by_both_stand_side_by_side(self, desk, record):
        mine, theirs = InstitutionFactory(name="Mine"), InstitutionFactory(name="Theirs")
        data = form_of(desk, record)
        put_rows(data, "parties", {"institution": mine.pk, "role": "party"})
        record.parties.create(institution=theirs, position=9)
        assert saved(send(desk, record, data))
        names = set(record.parties.values_list("institution__name", flat=True))
        assert {"Mine", "Theirs"} < names

    def test_the_same_party_added_by_both_is_one_row(self, desk, record):
        new = InstitutionFactory()
        data = form_of(desk, record)
        put_rows(data, "parties", {"institution": new.pk, "role": "party"})
        record.parties.create(institution=new)
        assert saved(send(desk, record, data))
        assert record.parties.filter(institution=new).count() == 1

    def test_the_same_party_added_with_other_facts_is_asked_about(self, desk, record):
        new = InstitutionFactory()
        data = form_of(desk, record)
        put_rows(data, "parties", {"institution": new.pk, "role": "party", "reference": "M"})
        record.parties.create(institution=new, reference="T")
        response = send(desk, record, data)
        (question,) = questions(response)
        assert (question.theirs, question.mine) == ("T", "M")
        assert saved(send(desk, record, answer(response) | {f"choice:{question.name}": "mine"}))
        assert record.parties.get(institution=new).reference == "M"

    def test_a_row_that_the_other_removed_stays_removed(self, desk, record):
        source = SourceFactory(agreement=record, title="Old news")
        data = form_of(desk, record) | {"summary": "Mine"}
        source.delete()
        assert saved(send(desk, record, data))
        assert not record.sources.filter(title="Old news").exists()

    @pytest.mark.parametrize(("choice", "stands"), [("theirs", False), ("mine", True)])
    def test_removed_by_one_and_edited_by_the_other_is_asked_about(self, desk, record, choice, stands):
        source = SourceFactory(agreement=record, title="Old news")
        data = form_of(desk, record)
        data[f"{row_of(data, 'sources', source.pk)}-title"] = "Old news, corrected"
        source.delete()
        response = send(desk, record, data)
        (question,) = questions(response)
        assert question.theirs == "removed"
        assert "Old news, corrected" in question.mine
        assert saved(send(desk, record, answer(response) | {f"choice:{question.name}": choice}))
        assert record.sources.filter(title="Old news, corrected").exists() == stands

    @pytest.mark.parametrize(("choice", "stands"), [("theirs", True), ("mine", False)])
    def test_edited_by_one_and_removed_by_the_other_is_asked_about(self, desk, record, choice, stands):
        source = SourceFactory(agreement=record, title="Old news")
        data = form_of(desk, record)
        data[f"{row_of(data, 'sources', source.pk)}-DELETE"] = "on"
        Source.objects.filter(pk=source.pk).update(title="New news")
        response = send(desk, record, data)
        (question,) = questions(response)
        assert question.mine == "removed"
        assert saved(send(desk, record, answer(response) | {f"choice:{question.name}": choice}))
        assert record.sources.filter(pk=source.pk).exists() == stands

    def test_rows_of_rows_are_merged_too(self, desk, record):
        party = record.parties.first()
        row = SignatoryFactory(party=party, person=None, name_as_printed="Prof. K", title_as_printed="Rector")
        data = form_of(desk, record)
        place = row_of(data, f"{row_of(data, 'parties', party.pk)}-signatories", row.pk)
        data[f"{place}-title_as_printed"] = "President"
        type(row).objects.filter(pk=row.pk).update(name_as_printed="Prof. Kim")
        SignatoryFactory(party=party, person=None, name_as_printed="Dr Added")
        assert saved(send(desk, record, data))
        found = set(party.signatories.values_list("name_as_printed", "title_as_printed"))
        assert ("Prof. Kim", "President") in found
        assert "Dr Added" in {name for name, _ in found}

    def test_references_between_rows_keep_their_rows(self, desk, record):
        """Rows move to other places when somebody else added some before them."""
        statement = StatementFactory(agreement=record, source=record.sources.first())
        data = form_of(desk, record)
        put_rows(data, "sources", {"kind": "press_release", "title": "Mine"})
        new = f"sources-{int(data['sources-TOTAL_FORMS']) - 1}"
        place = row_of(data, "statements", statement.pk)
        data[f"{place}-source_row"] = new
        SourceFactory(agreement=record, title="Theirs", position=5)
        assert saved(send(desk, record, data))
        statement.refresh_from_db()
        assert statement.source.title == "Mine"
        assert record.sources.filter(title="Theirs").exists()

    def test_a_source_that_is_gone_leaves_no_silent_hole(self, desk, record):
        source = SourceFactory(agreement=record, title="Going")
        statement = StatementFactory(agreement=record)
        data = form_of(desk, record)
        data[f"{row_of(data, 'statements', statement.pk)}-source_row"] = row_of(data, "sources", source.pk)
        source.delete()
        response = send(desk, record, data)
        assert "Choose a source that stands in this form" in errors_of(response)


class TestFiles:
    def typed(self, desk, record, **facts) -> dict:
        data = form_of(desk, record)
        upload = SimpleUploadedFile("mou.pdf", b"%PDF-1.7 text", content_type="application/pdf")
        put_rows(
            data,
            "documents",
            {"title": "The text", "kind": "agreement", "visibility": "internal", "file": upload},
        )
        return data | facts

    def test_a_file_survives_a_merge(self, desk, record):
        data = self.typed(desk, record)
        DocumentFactory(agreement=record, title="Theirs")
        assert saved(send(desk, record, data))
        assert {row.title: row.filename for row in record.documents.all()}["The text"] == "mou.pdf"
        assert record.documents.count() == 2

    def test_a_file_that_has_to_be_chosen_again_is_named(self, desk, record):
        data = self.typed(desk, record, title="Mine")
        change_by(None, record, title="Theirs")
        response = send(desk, record, data)
        assert len(questions(response)) == 1
        assert response.context["files_to_choose_again"] == ["mou.pdf"]
        assert "mou.pdf" in response.content.decode()


class TestGone:
    def test_what_was_typed_is_shown_when_the_record_was_deleted(self, desk, kim, record):
        data = form_of(desk, record) | {"summary": "An hour of work"}
        put_rows(data, "sources", {"kind": "press_release", "title": "Typed just now"})
        with acting(user=kim, reason="was a duplicate"):
            Agreement.objects.get(pk=record.pk).delete()
        response = send(desk, record, data)
        assert response.status_code == 409
        told = response.content.decode()
        for words in ("An hour of work", "Typed just now", "Minji Kim", "was a duplicate"):
            assert words in told
        response = desk.post(response.context["add_url"], dict(response.context["data"]), follow=True)
        anew = Agreement.objects.get()
        assert anew.summary == "An hour of work"
        assert anew.sources.filter(title="Typed just now").exists()
        assert anew.parties.count() == 2

    def test_who_deleted_a_restricted_record_is_not_told(self, desk, kim):
        other = OfficeFactory()
        secret = AgreementFactory(title="Sentinel", office=other, visibility="restricted")
        with acting(user=kim, reason="Sentinel reason"):
            Agreement.objects.get(pk=secret.pk).delete()
        told = send(desk, secret, {"title": "x", "opened_at": ""}).content.decode()
        assert "Sentinel" not in told
        assert "Minji" not in told

    def test_a_record_hidden_meanwhile_is_not_shown(self, desk, record):
        data = form_of(desk, record) | {"summary": "Mine"}
        change_by(None, record, title="Sentinel", visibility="restricted", office=OfficeFactory())
        told = send(desk, record, data).content.decode()
        assert "Mine" in told
        assert "Sentinel" not in told

    @pytest.mark.parametrize("key", ["0", "x", "999999999999999999999", "_00"])
    def test_an_address_of_nothing_is_answered(self, desk, key):
        response = desk.post(f"/admin/partnerships/agreement/{key}/change/", {"title": "x", "opened_at": ""})
        assert response.status_code == 409
        assert response.context["typed"] == [("Title", "x")]


class TestOtherRecords:
    """Every form that can be saved holds to it, those without a moment of their own too."""

    def test_a_person(self, desk):
        person = PersonFactory(name="Kim")
        data = form_of(desk, person) | {"name": "Mine"}
        Person.objects.filter(pk=person.pk).update(orcid="0000-0002-1825-0097")
        assert saved(send(desk, person, data))
        person.refresh_from_db()
        assert (person.name, person.orcid) == ("Mine", "0000-0002-1825-0097")

    def test_an_institution_with_its_names(self, desk):
        row = InstitutionFactory(name="KAIST")
        data = form_of(desk, row) | {"city": "Daejeon"}
        row.names.create(value="카이스트", language="ko")
        assert saved(send(desk, row, data))
        row.refresh_from_db()
        assert (row.city, row.names.get().value) == ("Daejeon", "카이스트")

    def test_an_account_and_its_roles(self, client, office):
        client.force_login(UserFactory(is_superuser=True))
        account = UserFactory(first_name="Ada")
        data = form_of(client, account) | {"last_name": "Mine"}
        User.objects.filter(pk=account.pk).update(first_name="Theirs")
        Membership.objects.create(user=account, office=office, role=Role.VIEWER)
        assert saved(send(client, account, data))
        account.refresh_from_db()
        assert (account.first_name, account.last_name) == ("Theirs", "Mine")
        data = form_of(client, account) | {"last_name": "Mine too"}
        User.objects.filter(pk=account.pk).update(last_name="Theirs too")
        (question,) = questions(send(client, account, data))
        assert question.theirs == "Theirs too"

    def test_an_office_and_its_members(self, office):
        boss = MembershipFactory(office=office, role=Role.ADMINISTRATOR).user
        client = Client()
        client.force_login(boss)
        colleague = MembershipFactory(office=office, role=Role.VIEWER).user
        MembershipFactory(user=colleague, office=OfficeFactory(), role=Role.EDITOR)
        data = form_of(client, office)
        data[f"{row_of(data, 'memberships', colleague.memberships.get(office=office).pk)}-role"] = "editor"
        MembershipFactory(office=office, role=Role.VIEWER)
        assert saved(send(client, office, data))
        assert office.memberships.count() == 3
        data = form_of(client, office) | {"name": "Mine"}
        Office.objects.filter(pk=office.pk).update(name="Theirs")
        assert len(questions(send(client, office, data))) == 1
