"""Many records at once, step by step: chosen, looked at, confirmed, told, taken back."""

import pytest
from django.urls import reverse

from partnerships.admin.bulk import pages, selection
from partnerships.models import Agreement, BulkRun
from partnerships.services.bulk import preview
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    MembershipFactory,
    OfficeFactory,
    administrator,
)

from .forms import _Form

pytestmark = pytest.mark.django_db
LIST = "/admin/partnerships/agreement/"
PREVIEW, RUN = reverse("admin:bulk_preview"), reverse("admin:bulk_run")


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def reviewer(client, office):
    client.user = MembershipFactory(office=office, role="reviewer").user
    client.force_login(client.user)
    return client


def chosen(client, action, records, question="", **facts):
    data = {"action": f"bulk_{action}", "_selected_action": [record.pk for record in records]} | facts
    return client.post(LIST + question, data)


def field(response, form_id: str, name: str):
    """What a browser would send back in a field of the answered page."""
    form = _Form(form_id)
    form.feed(response.content.decode())
    return form.data[name]


class TestActs:
    def test_from_the_list_to_the_result(self, reviewer, office):
        ready = AgreementFactory(office=office, publication_state="in_review", title="ready")
        draft = AgreementFactory(office=office, title="too early")
        looked_at = chosen(reviewer, "publish", [ready, draft], "?o=1")
        page = looked_at.content.decode()
        assert "1 will be done" in page
        assert "The record is draft; this act is not open to it." in page
        assert not Agreement.objects.filter(publication_state="published").exists()
        token = field(looked_at, "bulk-run", "selection")
        told = reviewer.post(RUN, {"selection": token, "reason": "all checked"}, follow=True)
        page = told.content.decode()
        assert "Finished." in page
        assert "Reason: all checked" in page
        assert f"{LIST}?o=1" in page
        assert "too early" not in page
        assert list(Agreement.objects.filter(publication_state="published")) == [ready]

    def test_a_missing_reason_is_asked_for_and_nothing_is_lost(self, reviewer, office):
        record = AgreementFactory(office=office, published=True)
        token = field(chosen(reviewer, "withdraw", [record]), "bulk-run", "selection")
        response = reviewer.post(RUN, {"selection": token, "reason": " ", "mode": "each"})
        assert response.status_code == 400
        page = response.content.decode()
        assert "Give a reason" in page
        assert 'value="each" checked' in " ".join(page.split())
        again = field(response, "bulk-run", "selection")
        reviewer.post(RUN, {"selection": again, "reason": "signed twice"})
        record.refresh_from_db()
        assert (record.publication_state, record.withdrawal_reason) == ("withdrawn", "signed twice")

    def test_acts_are_offered_to_whoever_may_perform_them_somewhere(self, reviewer, client, office):
        AgreementFactory()

        def offered():
            form = client.get(LIST).context["action_form"]
            return {name for name, _ in form.fields["action"].choices} if form else set()

        assert {"bulk_edit", "bulk_submit", "bulk_send_back", "bulk_publish", "bulk_withdraw"} <= offered()
        client.force_login(MembershipFactory(office=office, role="editor").user)
        assert "bulk_publish" not in offered()
        assert "bulk_submit" in offered()
        client.force_login(MembershipFactory(office=office, role="viewer").user)
        assert offered() == set()

    def test_all_that_match_the_filter(self, reviewer, office):
        for _ in range(3):
            AgreementFactory(office=office, type="other")
        AgreementFactory(office=office)
        first = Agreement.objects.filter(type="other").first()
        response = chosen(reviewer, "submit", [first], "?type__exact=other", select_across="1")
        assert "3 will be done" in response.content.decode()

    def test_too_many_are_told(self, reviewer, office, monkeypatch):
        monkeypatch.setattr(pages, "MOST", 1)
        records = [AgreementFactory(office=office) for _ in range(2)]
        response = reviewer.post(LIST, {"action": "bulk_submit", "_selected_action": [r.pk for r in records]},
                                 follow=True)  # fmt: skip
        assert "At most 1 records at once" in response.content.decode()

    def test_many_are_done_by_the_worker(
        self, reviewer, office, monkeypatch, django_capture_on_commit_callbacks
    ):
        for module in (pages, preview):
            monkeypatch.setattr(module, "TRIED_OUT", 1)
        records = [AgreementFactory(office=office) for _ in range(3)]
        token = field(chosen(reviewer, "submit", records), "bulk-run", "selection")
        with django_capture_on_commit_callbacks() as waiting:
            response = reviewer.post(RUN, {"selection": token})
        run = BulkRun.objects.get()
        going_on = reviewer.get(response.url)
        assert (run.state, going_on.headers["Refresh"]) == ("waiting", "3")
        assert "Under way" in going_on.content.decode()
        for hand_over in waiting:
            hand_over()
        assert "Refresh" not in reviewer.get(response.url).headers
        assert set(Agreement.objects.values_list("publication_state", flat=True)) == {"in_review"}


class TestEdits:
    def form_of(self, client, records) -> dict:
        response = chosen(client, "edit", records)
        return {"selection": field(response, "bulk_form", "selection")}

    def test_old_and_new_are_shown_before_anything_is_written(self, reviewer, office):
        record, subject = AgreementFactory(office=office, languages=["en"]), FocusAreaFactory(name="Law")
        form = self.form_of(reviewer, [record])
        answers = {"type": "exchange", "add_focus_areas": [subject.pk], "add_languages": "ko"}
        looked_at = reviewer.post(PREVIEW, form | answers)
        page = looked_at.content.decode()
        for words in ("Memorandum of understanding", "Exchange agreement", "Law", "en, ko"):
            assert words in page
        record.refresh_from_db()
        assert record.type == "memorandum_of_understanding"
        token = field(looked_at, "bulk-run", "selection")
        told = reviewer.post(RUN, {"selection": token, "reason": "sorted"}, follow=True)
        record.refresh_from_db()
        assert (record.type, record.languages, record.subjects.count()) == ("exchange", ["en", "ko"], 1)
        undo = reviewer.get(reverse("admin:bulk_undo", args=[BulkRun.objects.get().uid]))
        assert "Undo this edit" in told.content.decode()
        reviewer.post(RUN, {"selection": field(undo, "bulk-run", "selection")})
        record.refresh_from_db()
        assert (record.type, record.languages, record.subjects.count()) == (
            "memorandum_of_understanding", ["en"], 0,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({}, "every field is left as it is"),
            ({"type": "zzz"}, "not one of the available choices"),
            ({"office": "999999"}, "not one of the available choices"),
            ({"event": "x"}, "not one of the available choices"),
            ({"add_languages": "x" * 40}, "too long"),
            ({"add_languages": "en\x00"}, "Null characters"),
            ({"add_languages": "en", "remove_languages": "en"}, "added and taken away"),
        ],
    )
    def test_bad_answers_are_told_at_their_field(self, reviewer, office, answers, words):
        form = self.form_of(reviewer, [AgreementFactory(office=office)])
        response = reviewer.post(PREVIEW, form | answers)
        assert response.status_code == 400
        assert words in response.content.decode()

    def test_another_office_is_no_choice(self, reviewer, office):
        form = self.form_of(reviewer, [AgreementFactory(office=office)])
        assert reviewer.post(PREVIEW, form | {"office": OfficeFactory().pk}).status_code == 400


class TestTampering:
    @pytest.mark.parametrize("text", ["", "x", "x:y:z", "\x00", "é" * 10_000])
    def test_a_selection_that_was_not_made_here_is_refused(self, reviewer, text):
        for address in (PREVIEW, RUN):
            response = reviewer.post(address, {"selection": text}, follow=True)
            assert "no longer valid" in response.content.decode()
        assert not BulkRun.objects.exists()

    def test_a_selection_of_somebody_else_is_refused(self, reviewer, office):
        record = AgreementFactory(office=office)
        token = selection.Selection("submit", [record.pk]).signed(administrator())
        assert "no longer valid" in reviewer.post(RUN, {"selection": token}, follow=True).content.decode()

    def test_hidden_records_are_not_in_a_selection(self, reviewer):
        hidden = AgreementFactory(restricted=True, title="Quetzal")
        response = chosen(reviewer, "submit", [hidden])
        page = response.content.decode()
        assert "Quetzal" not in page
        assert "0 will be done" in page

    def test_a_run_is_its_users_own_and_only_posted(self, reviewer, client, office):
        record = AgreementFactory(office=office)
        token = field(chosen(reviewer, "submit", [record]), "bulk-run", "selection")
        address = reviewer.post(RUN, {"selection": token}).url
        assert reviewer.get(RUN).status_code == 405
        client.force_login(MembershipFactory(office=office, role="administrator").user)
        assert client.get(address).status_code == 404
        client.logout()
        assert client.get(address).status_code == 302

    def test_a_record_that_was_hidden_since_keeps_its_title(self, reviewer, office):
        record = AgreementFactory(office=office, title="Quetzal")
        token = field(chosen(reviewer, "submit", [record]), "bulk-run", "selection")
        address = reviewer.post(RUN, {"selection": token}).url
        Agreement.objects.update(visibility="restricted", office=OfficeFactory())
        assert "Quetzal" not in reviewer.get(address).content.decode()
