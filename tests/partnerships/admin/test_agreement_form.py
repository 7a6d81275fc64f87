"""A member of staff records a whole agreement in one form."""

import pytest
from django.urls import reverse

from partnerships.models import Agreement
from partnerships.partial_dates import PartialDate
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
)

from .forms import ADD, blank, errors_of, put_rows, untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return MembershipFactory(role="editor").user


@pytest.fixture
def desk(client, editor):
    """The editor's browser."""
    client.force_login(editor)
    return client


def seed_form(desk) -> dict:
    """The seed record, typed."""
    turing = InstitutionFactory(name="The Alan Turing Institute", country_id="GB")
    kaist = InstitutionFactory(name="Korea Advanced Institute of Science and Technology", country_id="KR")
    people = [PersonFactory(name=name) for name in ("Michelle Donelan", "Tim Watson", "Song Chong")]
    subjects = [FocusAreaFactory(name=name) for name in ("Artificial intelligence", "Defence")]
    data = blank(desk) | {
        "title": "Memorandum of understanding between the Turing and KAIST",
        "type": "memorandum_of_understanding",
        "summary": "Work together on artificial intelligence and data science.",
        "signed_on": "2024",
        "event": EventFactory(name="AI Seoul Summit 2024").pk,
        "languages": "en, ko",
    }
    put_rows(
        data,
        "parties",
        {"institution": turing.pk, "role": "party"},
        {"institution": kaist.pk, "role": "party"},
    )
    put_rows(
        data, "subjects", {"focus_area": subjects[0].pk}, {"focus_area": subjects[1].pk, "emphasised": "on"}
    )
    put_rows(
        data,
        "activities",
        {"kind": "joint_research", "direction": "both"},
        {"kind": "internships", "direction": "both"},
        {"kind": "training", "direction": "one_way", "from_row": "parties-0", "to_row": "parties-1"},
    )
    put_rows(
        data,
        "sources",
        {"kind": "press_release", "title": "Turing and KAIST sign", "supports": ["parties", "signed_on"]},
    )
    put_rows(
        data,
        "statements",
        *(
            {"person": person.pk, "capacity": "Speaker", "summary": "Welcomed it.", "source_row": "sources-0"}
            for person in people
        ),
    )
    return data


def test_the_seed_record_is_typed_in_one_form(desk, editor):
    response = desk.post(reverse(ADD), seed_form(desk))
    assert response.status_code == 302, errors_of(response)
    record = Agreement.objects.get()
    assert record.signed_on == PartialDate(2024)
    assert (record.end_kind, record.ends_on) == ("unknown", None)
    assert record.languages == ["en", "ko"]
    assert record.publication_state == "draft"
    assert record.office_id in editor.office_ids
    assert [party.institution.name for party in record.parties.all()] == [
        "The Alan Turing Institute",
        "Korea Advanced Institute of Science and Technology",
    ]
    assert [row.emphasised for row in record.subjects.all()] == [False, True]
    source = record.sources.get()
    assert source.supports == ["parties", "signed_on"]
    assert [row.source for row in record.statements.all()] == [source] * 3
    training = record.activities.get(kind="training")
    assert (training.from_party, training.to_party) == tuple(record.parties.all())
    assert not record.parties.filter(signatories__isnull=False).exists()


def test_the_form_comes_back_as_it_was_typed(desk):
    """Opening and saving a record without a key stroke changes nothing."""
    desk.post(reverse(ADD), seed_form(desk))
    record = Agreement.objects.get()
    before = record.history.count(), record.activities.get(kind="training").history.count()
    address = reverse("admin:partnerships_agreement_change", args=[record.pk])
    data = untouched(desk, address)
    assert data["statements-0-source_row"] == "sources-0"
    assert data["activities-2-to_row"] == "parties-1"
    assert data["sources-0-supports"] == ["parties", "signed_on"]
    response = desk.post(address, data)
    assert response.status_code == 302, errors_of(response)
    record.refresh_from_db()
    assert (record.history.count(), record.activities.get(kind="training").history.count()) == before


def test_signatories_are_typed_below_their_party(desk):
    person = PersonFactory(name="Kim Someone")
    data = seed_form(desk)
    data |= {
        "parties-1-signatories-TOTAL_FORMS": "2",
        "parties-1-signatories-0-person": person.pk,
        "parties-1-signatories-0-name_as_printed": "Prof. Kim Someone",
        "parties-1-signatories-0-title_as_printed": "President",
        "parties-1-signatories-1-name_as_printed": "Dr Nobody Known",
    }
    response = desk.post(reverse(ADD), data)
    assert response.status_code == 302, errors_of(response)
    first, second = Agreement.objects.get().parties.all()
    assert not first.signatories.exists()
    assert [row.name_as_printed for row in second.signatories.all()] == [
        "Prof. Kim Someone",
        "Dr Nobody Known",
    ]
    assert second.signatories.first().person == person


def test_a_signatory_needs_a_party(desk):
    data = blank(desk) | {"title": "T", "type": "other"}
    data |= {
        "parties-0-signatories-TOTAL_FORMS": "1",
        "parties-0-signatories-0-name_as_printed": "Somebody",
    }
    response = desk.post(reverse(ADD), data)
    assert response.status_code == 200
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("typed", ["2024", "2024-05", "2024-05-21"])
def test_a_date_is_typed_as_precisely_as_it_is_known(desk, typed):
    desk.post(reverse(ADD), blank(desk) | {"title": "T", "type": "other", "signed_on": typed})
    assert str(Agreement.objects.get().signed_on) == typed


@pytest.mark.parametrize("typed", ["2024-02-30", "2024-13", "21.5.2024", "24"])
def test_an_impossible_date_is_refused_at_its_field(desk, typed):
    response = desk.post(reverse(ADD), blank(desk) | {"title": "T", "type": "other", "signed_on": typed})
    assert response.status_code == 200
    assert "signed_on" in response.context["adminform"].form.errors
    assert typed in response.content.decode(), "what was typed stays in the field"


def test_end_and_date_of_end_must_agree(desk):
    data = blank(desk) | {"title": "T", "type": "other", "end_kind": "date"}
    response = desk.post(reverse(ADD), data)
    assert "ends_on" in response.context["adminform"].form.errors
    desk.post(reverse(ADD), data | {"ends_on": "2030"})
    assert str(Agreement.objects.get().ends_on) == "2030"


def test_empty_rows_are_not_forced(desk):
    response = desk.post(reverse(ADD), blank(desk) | {"title": "T", "type": "other"})
    assert response.status_code == 302, errors_of(response)
    assert not Agreement.objects.get().parties.exists()


def test_a_choice_among_rows_must_stand_in_the_form(desk):
    data = seed_form(desk)
    data["statements-0-source_row"] = "sources-7"
    response = desk.post(reverse(ADD), data)
    assert response.status_code == 200
    assert "Choose a source that stands in this form." in errors_of(response)


def test_one_way_alone_has_a_from_and_a_to(desk):
    data = seed_form(desk)
    data["activities-0-from_row"] = "parties-0"
    response = desk.post(reverse(ADD), data)
    assert response.status_code == 200
    assert "goes one way" in errors_of(response)


def test_one_party_twice_is_told(desk):
    data = seed_form(desk)
    data["parties-1-institution"] = data["parties-0-institution"]
    response = desk.post(reverse(ADD), data)
    assert response.status_code == 200
    assert not Agreement.objects.exists()


def test_a_row_that_was_taken_back_before_saving_is_not_stored(desk):
    data = seed_form(desk)
    data["activities-0-DELETE"] = "on"
    response = desk.post(reverse(ADD), data)
    assert response.status_code == 302, errors_of(response)
    assert [row.kind for row in Agreement.objects.get().activities.all()] == ["internships", "training"]


def test_a_new_row_goes_behind_those_that_stand(desk):
    desk.post(reverse(ADD), seed_form(desk))
    record = Agreement.objects.get()
    address = reverse("admin:partnerships_agreement_change", args=[record.pk])
    data = untouched(desk, address)
    third = InstitutionFactory(name="A third one")
    put_rows(data, "parties")
    data |= {
        "parties-TOTAL_FORMS": "3",
        "parties-2-institution": third.pk,
        "parties-2-role": "funder",
        "parties-2-signatories-TOTAL_FORMS": "0",
        "parties-2-signatories-INITIAL_FORMS": "0",
    }
    response = desk.post(address, data)
    assert response.status_code == 302, errors_of(response)
    assert [party.institution.name for party in record.parties.all()][-1] == "A third one"


class TestOffice:
    def offered(self, desk) -> list:
        """The offices to which a new record may belong; any other may be named to read it."""
        return list(desk.get(reverse(ADD)).context["adminform"].form.fields["office"].queryset)

    def test_only_own_offices_are_offered(self, desk, editor):
        other = OfficeFactory(name="Somebody else’s office")
        offered = self.offered(desk)
        assert editor.memberships.get().office in offered
        assert other not in offered

    def test_another_office_is_refused(self, desk):
        other = OfficeFactory()
        data = blank(desk) | {"title": "T", "type": "other", "office": other.pk}
        assert desk.post(reverse(ADD), data).status_code == 200
        assert not Agreement.objects.exists()

    def test_with_several_offices_nothing_is_chosen_for_the_user(self, client):
        user = MembershipFactory(role="editor").user
        MembershipFactory(user=user, role="editor")
        client.force_login(user)
        assert blank(client)["office"] == ""

    def test_an_office_where_one_only_reads_is_not_offered(self, desk, editor):
        reading = MembershipFactory(user=editor, role="viewer", office__name="Reading room").office
        assert reading not in self.offered(desk)

    def test_an_editor_changes_no_record_of_another_office(self, desk):
        record = AgreementFactory(office=OfficeFactory())
        address = reverse("admin:partnerships_agreement_change", args=[record.pk])
        assert desk.get(address).status_code == 200, "it may be read"
        assert desk.post(address, {"title": "Mine now"}).status_code == 403


def test_complaints_are_listed_above_the_form_each_with_its_place(desk):
    data = blank(desk) | {"title": "T", "type": "other", "signed_on": "2024-13"}
    put_rows(data, "parties", {"institution": "", "role": "party", "reference": "A1"})
    data |= {"parties-0-signatories-TOTAL_FORMS": "1", "parties-0-signatories-0-title_as_printed": "Rector"}
    response = desk.post(reverse(ADD), data)
    page = response.content.decode()
    listed = [(fault.place, fault.message) for fault in response.context["faults"]]
    assert listed == [
        ("Signed on", "There is no month 13."),
        ("Party 1: Institution", "This field is required."),
        ("Party 1: Signatory 1: Name as printed", "This field is required."),
    ]
    for fault in response.context["faults"]:
        assert f'href="#{fault.anchor}"' in page
        assert f'id="{fault.anchor}"' in page
