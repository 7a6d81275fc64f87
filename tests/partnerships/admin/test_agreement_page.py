"""The page of one agreement: who opens it, what it warns of, which files it takes."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from partnerships.models import Agreement
from people.models import Person
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    SignatoryFactory,
    administrator,
)

from .forms import ADD, blank, errors_of, put_rows, untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def desk(client, office):
    client.force_login(MembershipFactory(office=office, role="editor").user)
    return client


def page_of(record, page: str = "change") -> str:
    return reverse(f"admin:partnerships_agreement_{page}", args=[record.pk])


def told(response) -> str:
    return "\n".join(str(message) for message in get_messages(response.wsgi_request))


class TestWhoMay:
    @pytest.mark.parametrize("page", ["change", "history", "delete"])
    def test_what_the_gate_hides_is_not_there(self, desk, page):
        record = AgreementFactory(title="Secret", visibility="restricted", office=OfficeFactory())
        response = desk.get(page_of(record, page), follow=True)
        assert "Secret" not in response.content.decode()
        assert desk.post(page_of(record, page), {"post": "yes"}).status_code in {302, 403, 404}
        assert Agreement.objects.filter(pk=record.pk).exists()

    def test_no_act_reaches_what_the_gate_hides(self, desk):
        record = AgreementFactory(title="Secret", visibility="restricted", office=OfficeFactory())
        address = reverse("admin:partnerships_agreement_act", args=[record.pk, "submit"])
        response = desk.post(address)
        assert response.status_code == 302
        assert "Secret" not in told(response)
        record.refresh_from_db()
        assert record.publication_state == "draft"

    def test_viewers_read_and_change_nothing(self, office):
        record = AgreementFactory(office=office)
        viewer = Client()
        viewer.force_login(MembershipFactory(office=office, role="viewer").user)
        page = viewer.get(page_of(record))
        assert page.status_code == 200
        assert record.parties.first().institution.name in page.content.decode()
        assert viewer.post(page_of(record), {"title": "Mine"}).status_code == 403
        assert viewer.get(reverse(ADD)).status_code == 403

    def test_staff_of_another_office_read_the_whole_record(self, desk):
        record = AgreementFactory(office=OfficeFactory())
        signatory = SignatoryFactory(party=record.parties.first())
        page = desk.get(page_of(record)).content.decode()
        assert record.sources.get().title in page
        assert signatory.name_as_printed in page

    def test_a_record_is_not_handed_to_an_office_where_one_has_no_say(self, desk, office):
        record = AgreementFactory(office=office)
        other = OfficeFactory()
        response = desk.post(page_of(record), untouched(desk, page_of(record)) | {"office": other.pk})
        assert response.status_code == 200
        record.refresh_from_db()
        assert record.office == office

    def test_a_superuser_does_everything(self, client):
        client.force_login(administrator())
        record = AgreementFactory(visibility="restricted", office=OfficeFactory())
        data = untouched(client, page_of(record)) | {"title": "Changed", "_act_submit": ""}
        assert client.post(page_of(record), data).status_code == 302
        record.refresh_from_db()
        assert (record.title, record.publication_state) == ("Changed", "in_review")

    def test_hidden_records_cannot_be_named_as_older_ones(self, desk):
        secret = AgreementFactory(title="Secret", visibility="restricted", office=OfficeFactory())
        data = blank(desk) | {"title": "T", "type": "other"}
        put_rows(data, "relations", {"kind": "renews", "target": secret.pk})
        response = desk.post(reverse(ADD), data)
        assert response.status_code == 200
        assert "Secret" not in response.content.decode()


class TestSimilarRecords:
    @pytest.fixture
    def pair(self):
        return [InstitutionFactory(name="Alpha"), InstitutionFactory(name="Beta")]

    def test_are_told_after_saving(self, desk, pair):
        other = AgreementFactory(title="The first one", parties=pair)
        data = blank(desk) | {"title": "The second one", "type": "memorandum_of_understanding"}
        put_rows(data, "parties", *({"institution": row.pk, "role": "party"} for row in pair))
        response = desk.post(reverse(ADD), data)
        assert response.status_code == 302, errors_of(response)
        assert "A similar record stands already" in told(response)
        assert page_of(other) in told(response)
        assert "the same parties" in told(response)

    def test_are_not_told_twice_on_the_page_that_names_them_by_itself(self, desk, pair):
        AgreementFactory(title="The first one", parties=pair)
        data = blank(desk) | {"title": "The second one", "type": "other", "_continue": "1"}
        put_rows(data, "parties", *({"institution": row.pk, "role": "party"} for row in pair))
        page = desk.post(reverse(ADD), data, follow=True).content.decode()
        assert "Similar records stand already" in page
        assert "A similar record stands already" not in page

    def test_stand_on_the_change_page(self, desk, pair, office):
        record = AgreementFactory(parties=pair, office=office)
        AgreementFactory(title="The other one", parties=pair)
        page = desk.get(page_of(record)).content.decode()
        assert "Similar records stand already" in page
        assert "The other one" in page

    def test_hidden_ones_are_not_told(self, desk, pair, office):
        record = AgreementFactory(parties=pair, office=office)
        AgreementFactory(title="Secret", parties=pair, visibility="restricted", office=OfficeFactory())
        page = desk.get(page_of(record)).content.decode()
        assert "Secret" not in page
        assert "Similar records" not in page


class TestDocuments:
    def add(self, desk, name: str = "mou.pdf", content: bytes = b"%PDF-1.7 text", **facts):
        data = blank(desk) | {"title": "T", "type": "other"}
        file = SimpleUploadedFile(name, content)
        put_rows(
            data,
            "documents",
            {"title": "The text", "kind": "agreement", "visibility": "internal", "file": file} | facts,
        )
        return desk.post(reverse(ADD), data)

    def test_digest_size_and_type_are_taken(self, desk):
        response = self.add(desk)
        assert response.status_code == 302, errors_of(response)
        document = Agreement.objects.get().documents.get()
        assert (document.filename, document.media_type, document.size) == ("mou.pdf", "application/pdf", 13)
        assert len(document.sha256) == 64
        assert document.file.read() == b"%PDF-1.7 text"
        assert document.file.name.startswith(f"documents/{document.uid}")

    def test_what_is_refused_is_told_at_the_field(self, desk):
        response = self.add(desk, "page.html", b"<script>")
        assert response.status_code == 200
        assert "Files of this kind are not accepted" in errors_of(response)
        assert not Agreement.objects.exists()

    def test_the_same_file_twice_is_warned_of(self, desk):
        self.add(desk)
        response = self.add(desk, "again.pdf")
        assert response.status_code == 302
        assert "holds the same file as" in told(response)

    def test_another_file_takes_the_place_and_its_facts(self, desk):
        self.add(desk)
        record = Agreement.objects.get()
        file = SimpleUploadedFile("new.txt", b"new text")
        data = untouched(desk, page_of(record)) | {"documents-0-file": file}
        response = desk.post(page_of(record), data)
        assert response.status_code == 302, errors_of(response)
        document = record.documents.get()
        assert (document.filename, document.media_type) == ("new.txt", "text/plain")

    def test_saving_without_touching_keeps_the_file(self, desk):
        self.add(desk)
        record = Agreement.objects.get()
        before = record.documents.get()
        desk.post(page_of(record), untouched(desk, page_of(record)))
        after = record.documents.get()
        assert (after.sha256, after.file.name) == (before.sha256, before.file.name)


def test_a_renamed_person_leaves_the_printed_name(desk, office):
    record = AgreementFactory(office=office)
    signatory = SignatoryFactory(party=record.parties.first(), name_as_printed="Dr Ada Byron")
    Person.objects.filter(pk=signatory.person_id).update(name="Ada Lovelace")
    data = untouched(desk, page_of(record))
    desk.post(page_of(record), data | {"summary": "Something."})
    signatory.refresh_from_db()
    assert signatory.name_as_printed == "Dr Ada Byron"


def test_the_history_says_who_and_why(desk, office):
    record = AgreementFactory(office=office)
    data = untouched(desk, page_of(record)) | {"title": "Better", "change_reason": "It was misspelt."}
    desk.post(page_of(record), data)
    page = desk.get(page_of(record, "history")).content.decode()
    assert "It was misspelt." in page
    assert "Better" in page


def test_periods_and_relations_are_typed_too(desk):
    older = AgreementFactory(title="The older one")
    data = blank(desk) | {"title": "T", "type": "other"}
    put_rows(data, "periods", {"number": "1", "starts_on": "2025", "end_kind": "date", "ends_on": "2029"})
    put_rows(data, "relations", {"kind": "renews", "target": older.pk, "note": "Renewed."})
    response = desk.post(reverse(ADD), data)
    assert response.status_code == 302, errors_of(response)
    record = Agreement.objects.get(title="T")
    assert str(record.periods.get().ends_on) == "2029"
    assert record.relations.get().target == older


def test_a_circle_of_relations_is_told_and_nothing_is_lost(desk, office):
    older = AgreementFactory(office=office)
    newer = AgreementFactory(office=office)
    newer.relations.create(kind="renews", target=older)
    data = untouched(desk, page_of(older)) | {"title": "Typed"}
    put_rows(data, "relations", {"kind": "renews", "target": newer.pk})
    response = desk.post(page_of(older), data)
    assert response.status_code == 200
    page = response.content.decode()
    assert "close a circle" in page
    assert 'value="Typed"' in page
