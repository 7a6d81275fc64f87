"""The list of agreements at speed: it keeps its question, filters have names, it goes into a file."""

import csv
import io
from datetime import date, datetime

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from partnerships.admin import export
from partnerships.models import SavedFilter
from partnerships.services.saved_filters import save_filter
from tests.factories import AgreementFactory, MembershipFactory, NoteFactory, OfficeFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/partnerships/agreement/"
HOST = "http://testserver"
DESK = f"{HOST}/admin/"


@pytest.fixture
def office():
    return OfficeFactory(name="Our office")


@pytest.fixture
def editor(client, office):
    client.user = MembershipFactory(office=office, role="editor").user
    client.force_login(client.user)
    return client


def asked_on_the_list(client, question):
    client.get(f"{LIST}?{question}", headers={"referer": HOST + LIST})


class TestKeeping:
    def test_from_elsewhere_the_list_comes_back_as_it_was_and_says_so(self, editor):
        asked_on_the_list(editor, "type__exact=other&o=1")
        response = editor.get(LIST, headers={"referer": DESK}, follow=True)
        assert response.redirect_chain == [(f"{LIST}?type__exact=other&o=1", 302)]
        assert "Filters kept from before" in response.content.decode()

    @pytest.mark.parametrize(
        "referer", [HOST + LIST, f"{HOST}{LIST}?type__exact=other", "http://evil/admin/", ""]
    )
    def test_show_all_means_all_and_forgets(self, editor, referer):
        asked_on_the_list(editor, "type__exact=other")
        response = editor.get(LIST, headers={"referer": referer})
        assert response.status_code == 200
        assert "Filters kept" not in response.content.decode()
        assert editor.get(LIST, headers={"referer": DESK}).status_code == 200

    def test_an_entry_with_a_question_of_its_own_wins_and_is_not_remembered(self, editor):
        asked_on_the_list(editor, "type__exact=other")
        assert editor.get(f"{LIST}?ends=this_year", headers={"referer": DESK}).status_code == 200
        assert editor.get(LIST, headers={"referer": DESK}).url == f"{LIST}?type__exact=other"

    def test_nonsense_is_not_remembered(self, editor):
        asked_on_the_list(editor, "e=1")
        assert editor.get(LIST, headers={"referer": DESK}).status_code == 200

    def test_the_way_back_from_a_record_keeps_filter_order_and_page(self, editor):
        record = AgreementFactory()
        came_from = f"{HOST}{LIST}{record.pk}/change/?_changelist_filters=ends%3Dsoon%26o%3D-1%26p%3D2"
        assert editor.get(LIST, headers={"referer": came_from}).url == f"{LIST}?ends=soon&o=-1&p=2"

    def test_an_act_leads_back_with_the_question(self, editor, office):
        record = AgreementFactory(office=office)
        came_from = f"{HOST}{LIST}{record.pk}/change/?_changelist_filters=ends%3Dsoon"
        address = reverse("admin:partnerships_agreement_act", args=[record.pk, "submit"])
        response = editor.post(address, headers={"referer": came_from})
        assert response.url == f"{LIST}{record.pk}/change/?_changelist_filters=ends%3Dsoon"


class TestSavedFilters:
    def test_saved_from_the_list_shared_and_shown_by_its_name(self, editor, client, office):
        AgreementFactory(type="other")
        page = editor.get(f"{LIST}?type__exact=other").content.decode()
        assert "Save this filter" in page
        answer = {
            "question": "p=1&type__exact=other",
            "saved-name": "<b>Others</b>",
            "saved-office": office.pk,
        }
        response = editor.post(reverse("admin:savedfilter_new"), answer, follow=True)
        page = response.content.decode()
        assert "&lt;b&gt;Others&lt;/b&gt;" in page
        assert 'aria-current="page"' in page
        assert "Save this filter" not in page
        saved = SavedFilter.objects.get()
        client.force_login(MembershipFactory(office=office, role="viewer").user)
        response = client.get(reverse("admin:savedfilter_open", args=[saved.uid]))
        assert response.url == f"{LIST}?type__exact=other"
        client.force_login(MembershipFactory(role="administrator").user)
        assert client.get(reverse("admin:savedfilter_open", args=[saved.uid])).status_code == 404

    @pytest.mark.parametrize("question", ["gone=1", "ends=zzz", "office__id__exact=x"])
    def test_an_outdated_one_says_so_and_shows_nothing(self, editor, question):
        saved = SavedFilter.objects.create(owner=editor.user, name="Old", question=question)
        response = editor.get(reverse("admin:savedfilter_open", args=[saved.uid]), follow=True)
        assert "asks something that this list does not know any more" in response.content.decode()

    def test_what_is_refused_comes_back_with_what_was_typed(self, editor):
        save_filter(by=editor.user, name="Soon", question="ends=soon")
        answer = {"question": "ends=past", "saved-name": "Soon"}
        response = editor.post(reverse("admin:savedfilter_new"), answer)
        page = response.content.decode()
        assert response.status_code == 400
        assert "You have a filter of this name already" in page
        assert 'value="ends=past"' in page

    def test_renamed_and_removed_by_its_owner_only(self, editor, client, office):
        saved = save_filter(by=editor.user, name="Soon", question="ends=soon", office=office)
        change = reverse("admin:savedfilter_change", args=[saved.uid])
        editor.post(change, {f"{saved.uid}-name": "Sooner", f"{saved.uid}-office": office.pk})
        saved.refresh_from_db()
        assert saved.name == "Sooner"
        client.force_login(MembershipFactory(office=office, role="viewer").user)
        assert client.post(change, {"delete": "1"}).status_code == 403
        client.force_login(editor.user)
        client.post(change, {"delete": "1"})
        assert not SavedFilter.objects.exists()

    def test_another_offices_office_is_no_choice(self, editor):
        answer = {"question": "ends=past", "saved-name": "x", "saved-office": OfficeFactory().pk}
        assert editor.post(reverse("admin:savedfilter_new"), answer).status_code == 400


def body(response) -> bytes:
    return b"".join(response.streaming_content)


class TestExport:
    def workbook(self, client, question=""):
        response = client.get(f"{LIST}export/xlsx/{question}")
        assert response.status_code == 200, response
        return load_workbook(io.BytesIO(body(response)))

    def test_a_workbook_with_dates_as_dates_and_the_question_beside(self, editor, office):
        AgreementFactory(title="day", type="other", signed_on="2024-05-21", office=office)
        AgreementFactory(title="month", type="other", signed_on="2024-05")
        AgreementFactory(title="not asked for")
        book = self.workbook(editor, "?type__exact=other&o=1")
        heading, *rows = book["records"].iter_rows(values_only=True)
        facts = [dict(zip(heading, row, strict=True)) for row in rows]
        assert [row["title"] for row in facts] == ["day", "month"]
        assert facts[0]["signed_on"] == datetime(2024, 5, 21)
        assert facts[1]["signed_on"] == "2024-05"
        assert facts[0]["office"] == "Our office"
        assert isinstance(facts[0]["updated_at"], datetime)
        told = dict(book["About this export"].iter_rows(values_only=True))
        assert (told["Type"], told["Records"], told["Order"]) == ("Other", "2", "title, ascending")
        assert told["Made by"] == editor.user.username
        assert told["Made on"].startswith(date.today().isoformat())
        assert told["Address of the list"].endswith("?type__exact=other&o=1")

    @pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
    def test_no_cell_is_a_formula_not_even_of_the_question(self, editor, begin):
        hostile = f"{begin}cmd|' /C calc'!A0"
        AgreementFactory(title=hostile)
        MembershipFactory(user=editor.user, office__name=f"{begin}office")
        book = self.workbook(editor)
        assert not [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
        ]
        [row] = csv.DictReader(
            io.StringIO(body(editor.get(f"{LIST}export/csv/")).decode("utf-8-sig"), newline="")
        )
        assert row["title"] == f"'{hostile}"

    def test_csv_has_headings_first_unless_one_asks_for_the_question(self, editor):
        AgreementFactory(title="T", type="other")
        text = body(editor.get(f"{LIST}export/csv/?type__exact=other")).decode("utf-8-sig")
        assert text.startswith("id,html_url,title")
        explained = body(editor.get(f"{LIST}export/csv-explained/?type__exact=other")).decode("utf-8-sig")
        assert "# Type: Other" in explained
        assert [
            line for line in explained.splitlines() if not line.startswith(("#", '"#'))
        ] == text.splitlines()

    def test_only_what_the_user_may_see_and_no_note(self, editor):
        NoteFactory(agreement=AgreementFactory(title="seen"), text="quetzalnote")
        AgreementFactory(title="hidden", restricted=True)
        text = body(editor.get(f"{LIST}export/csv/")).decode()
        assert "seen" in text
        assert "hidden" not in text
        assert "quetzalnote" not in text

    @pytest.mark.parametrize("question", ["?foo=bar", "?institution=x", "?ends=zzz"])
    def test_nonsense_is_told_and_never_everything(self, editor, question):
        AgreementFactory()
        response = editor.get(f"{LIST}export/csv/{question}", follow=True)
        assert "asks something that this list does not know" in response.content.decode()

    def test_too_many_for_a_workbook_are_told(self, editor, monkeypatch):
        monkeypatch.setattr(export, "XLSX_ROWS", 1)
        AgreementFactory(), AgreementFactory()
        assert "narrow it, or take CSV" in editor.get(f"{LIST}export/xlsx/", follow=True).content.decode()

    def test_rows_come_in_chunks_and_in_order(self, editor, monkeypatch):
        monkeypatch.setattr(export, "_CHUNK", 2)
        for number in range(5):
            AgreementFactory(title=f"T{number}")
        text = body(editor.get(f"{LIST}export/csv/?o=1")).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [row["title"] for row in rows] == [f"T{number}" for number in range(5)]

    def test_an_unknown_kind_is_no_page(self, editor):
        assert editor.get(f"{LIST}export/exe/").status_code == 404
