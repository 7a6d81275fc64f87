"""The pages of an import, as an officer goes through them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partnerships.models import Agreement, ImportBatch
from tests.factories import MembershipFactory, OfficeFactory
from tests.partnerships.services.importing.sheets import csv_of

pytestmark = pytest.mark.django_db

ADD = reverse("admin:partnerships_importbatch_add")
SHEET = csv_of(
    ["ID", "Title", "Partner", "Start"], ["1", "Robots", "KAIST", "May 2024"], ["2", "", "Bath", ""]
)


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def officer(client, office):
    client.force_login(MembershipFactory(office=office).user)
    return client


@pytest.fixture
def sent(officer, office, django_capture_on_commit_callbacks):
    def sent(address, **data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = officer.post(address, data)
        # The page that follows is asked for when the job is done.
        while answer.status_code == 302:
            answer = officer.get(answer.url)
        return answer

    return sent


@pytest.fixture
def uploaded(sent, office):
    def uploaded(data=SHEET, name="list.csv"):
        return sent(ADD, file=SimpleUploadedFile(name, data), kind="agreements", office=office.pk)

    return uploaded


def address(name: str, *more) -> str:
    return reverse(f"admin:partnerships_importbatch_{name}", args=[ImportBatch.objects.get().pk, *more])


def chosen(form) -> dict:
    """What a browser would send of a form that nobody touches."""
    return {field.html_name: field.value() or "" for field in form}


def test_from_the_file_to_the_record_and_back(officer, sent, uploaded):
    answer = uploaded()
    form = answer.context["form"]
    assert "What are the columns?" in answer.text and "May 2024" in answer.text
    data = chosen(form) | {"system": "own", "type": "exchange", "profile": "Our list"}
    answer = sent(address("columns"), **data)
    assert (
        "KAIST" in answer.text and "to be created" in answer.text and "The row gives no title." in answer.text
    )
    answer = sent(address("act", "run"))
    record = Agreement.objects.get()
    assert record.title == "Robots"
    assert "Undo this import" in answer.text
    refused = b"".join(officer.get(address("refused", "csv")).streaming_content).decode("utf-8-sig")
    assert "The row gives no title." in refused
    assert "tick that you are sure" in sent(address("act", "undo")).text
    assert Agreement.objects.exists()
    answer = sent(address("act", "undo"), sure="1")
    assert not Agreement.objects.exists() and "Undone" in answer.text
    sent(address("act", "discard"))
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "empty"),
        (bytes(range(256)) * 4, "binary"),
        (b"a,b\n", None),
        (b"a,a\n1,2\n", "Two columns are called"),
        (b"1,2\n3,4\n", "not headings"),
        (b"%PDF-1.4 x", "PDF"),
        (b"PK\x03\x04broken", "no Excel workbook"),
    ],
)
def test_a_file_that_is_no_table_is_refused_beside_its_field(uploaded, data, complaint):
    answer = uploaded(data)
    if complaint is None:
        assert "no row below them" in answer.text
    else:
        assert complaint in answer.text and not ImportBatch.objects.exists()


def test_a_workbook_by_name_alone_is_refused(uploaded):
    assert "is no Excel workbook inside" in uploaded(SHEET, "list.xlsx").text


def test_a_mapping_that_cannot_work_is_refused_beside_its_column(sent, uploaded):
    form = uploaded().context["form"]
    answer = sent(
        address("columns"), **(chosen(form) | {"type": "exchange", "system": "", "column_2": "title"})
    )
    assert "Name who gives the identifiers" in answer.text and "is “Title” already" in answer.text
    assert ImportBatch.objects.get().state == "mapping"


def test_imports_are_seen_by_those_who_may_record_for_the_office(client, uploaded, office):
    uploaded()
    for role, member_of in (("viewer", office), ("administrator", OfficeFactory())):
        client.force_login(MembershipFactory(office=member_of, role=role).user)
        for name, *more in (("columns",), ("institutions",), ("change",), ("refused", "csv")):
            assert client.get(address(name, *more)).status_code in {403, 404}
        assert client.post(address("act", "run")).status_code in {403, 404}
        assert client.post(address("act", "discard")).status_code in {403, 404}
        assert "list.csv" not in client.get(reverse("admin:partnerships_importbatch_changelist")).text


def test_the_file_has_no_public_address(client, uploaded):
    uploaded()
    client.logout()
    assert client.get(f"/media/{ImportBatch.objects.get().file.name}").status_code == 404


def test_the_page_of_a_job_renews_itself(officer, uploaded):
    uploaded()
    ImportBatch.objects.update(state="running", done=3, total=9)
    answer = officer.get(address("change"))
    assert answer.headers["Refresh"] == "2" and 'max="9"' in answer.text
