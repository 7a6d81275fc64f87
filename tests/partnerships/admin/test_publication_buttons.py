"""Draft, in review, published, withdrawn: as buttons, for those who may."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from partnerships.models import Agreement
from partnerships.services.lifecycle import EDITORIAL
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    publish_now,
)

from .forms import ADD, blank, errors_of, put_rows, untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def signed_in(office):
    """``signed_in("editor")``: the browser of somebody with that role in the record's office."""

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(MembershipFactory(office=office, role=role).user)
        return client

    return sign_in


@pytest.fixture
def record(office):
    return AgreementFactory(office=office)


def page_of(record) -> str:
    return reverse("admin:partnerships_agreement_change", args=[record.pk])


def act(client, record, name: str, **data):
    return client.post(reverse("admin:partnerships_agreement_act", args=[record.pk, name]), data)


def told(response) -> str:
    return "\n".join(str(message) for message in get_messages(response.wsgi_request))


def state(record) -> str:
    record.refresh_from_db()
    return record.publication_state


def test_the_whole_way_with_buttons(signed_in, record):
    editor, reviewer = signed_in("editor"), signed_in("reviewer")
    response = editor.post(page_of(record), untouched(editor, page_of(record)) | {"_act_submit": ""})
    assert (response.status_code, response.url, state(record)) == (302, page_of(record), "in_review")
    act(reviewer, record, "send_back", reason="The date is missing.")
    assert state(record) == "draft"
    act(editor, record, "submit")
    response = reviewer.post(page_of(record), untouched(reviewer, page_of(record)) | {"_act_publish": ""})
    assert state(record) == "published"
    assert "is published" in told(response)
    act(reviewer, record, "withdraw", reason="Signed by mistake.", confirm="1")
    assert state(record) == "withdrawn"
    assert record.withdrawal_reason == "Signed by mistake."


def test_a_new_record_can_be_saved_and_submitted_at_once(signed_in):
    editor = signed_in("editor")
    data = blank(editor) | {"title": "New", "type": "other", "_act_submit": ""}
    response = editor.post(reverse(ADD), data)
    record = Agreement.objects.get()
    assert (record.publication_state, response.url) == ("in_review", page_of(record))


def test_submitting_saves_what_was_typed(signed_in, record):
    editor = signed_in("editor")
    typed = untouched(editor, page_of(record)) | {"title": "A better title", "_act_submit": ""}
    editor.post(page_of(record), typed)
    assert (state(record), record.title) == ("in_review", "A better title")


@pytest.mark.parametrize(
    ("role", "publication_state", "shown"),
    [
        ("viewer", "draft", set()),
        ("editor", "draft", {"_act_submit", "submit"}),
        ("editor", "in_review", set()),
        ("reviewer", "in_review", {"_act_publish", "approve", "send_back", "publish"}),
        ("editor", "published", set()),
        ("reviewer", "published", {"withdraw"}),
    ],
)
def test_only_open_acts_are_offered(signed_in, record, role, publication_state, shown):
    if publication_state == "in_review":
        act(signed_in("editor"), record, "submit")
    if publication_state == "published":
        publish_now(record)
    page = signed_in(role).get(page_of(record)).content.decode()
    every = {"_act_submit", "_act_publish", *EDITORIAL}
    offered = {name for name in every if f'name="{name}"' in page or f"/act/{name}/" in page}
    assert offered == shown


@pytest.mark.parametrize("name", EDITORIAL)
def test_nobody_acts_beyond_their_role(signed_in, record, name):
    response = act(signed_in("viewer"), record, name, reason="Because.", confirm="1")
    assert response.status_code == 403
    assert state(record) == "draft"


def test_the_page_of_an_act_changes_nothing(signed_in, record):
    address = reverse("admin:partnerships_agreement_act", args=[record.pk, "submit"])
    assert signed_in("editor").get(address).status_code == 200
    assert state(record) == "draft"


def test_acts_need_the_form_of_this_site(office, record):
    client = Client(enforce_csrf_checks=True)
    client.force_login(MembershipFactory(office=office, role="editor").user)
    assert act(client, record, "submit").status_code == 403
    assert state(record) == "draft"


def test_a_missing_source_is_told_and_what_was_typed_is_kept(signed_in, office):
    record = AgreementFactory(office=office, sources=0)
    reviewer = signed_in("reviewer")
    act(reviewer, record, "submit")
    typed = untouched(reviewer, page_of(record)) | {"title": "Typed before", "_act_publish": ""}
    response = reviewer.post(page_of(record), typed)
    assert "A published agreement needs a source." in told(response)
    assert (state(record), record.title) == ("in_review", "Typed before")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("withdraw", {"reason": "Wrong.", "confirm": ""}, "Confirm"),
        ("withdraw", {"reason": " ", "confirm": "1"}, "This field is required"),
    ],
)
def test_withdrawing_wants_a_reason_and_a_confirmation(signed_in, record, name, data, message):
    publish_now(record)
    response = act(signed_in("reviewer"), record, name, **data)
    assert message in response.content.decode()
    assert state(record) == "published"


def test_publication_is_no_field(signed_in, record):
    editor = signed_in("editor")
    data = untouched(editor, page_of(record))
    assert "publication_state" not in data
    editor.post(page_of(record), data | {"publication_state": "published"})
    assert state(record) == "draft"


class TestPublishedRecord:
    @pytest.fixture
    def published(self, record):
        publish_now(record)
        return record

    def test_what_an_edit_newly_names_is_disclosed(self, signed_in, published):
        editor = signed_in("editor")
        person = PersonFactory()
        school = InstitutionFactory(name="A school")
        data = untouched(editor, page_of(published))
        put_rows(data, "statements", {"person": person.pk, "summary": "Said.", "institution": school.pk})
        response = editor.post(page_of(published), data)
        assert response.status_code == 302, errors_of(response)
        person.refresh_from_db()
        school.refresh_from_db()
        assert (person.visibility, school.visibility) == ("public", "public")

    @pytest.mark.parametrize(
        ("row", "message"), [("parties-1", "two parties"), ("sources-0", "needs a source")]
    )
    def test_it_keeps_what_publication_needs(self, signed_in, published, row, message):
        editor = signed_in("editor")
        data = untouched(editor, page_of(published)) | {f"{row}-DELETE": "on", "title": "Typed"}
        response = editor.post(page_of(published), data)
        assert response.status_code == 200
        page = response.content.decode()
        assert message in page
        assert 'value="Typed"' in page, "what was typed stays in the form"
        published.refresh_from_db()
        assert (published.parties.count(), published.sources.count()) == (2, 1)

    def test_it_cannot_be_deleted(self, office, published):
        client = Client()
        client.force_login(MembershipFactory(office=office, role="administrator").user)
        address = reverse("admin:partnerships_agreement_delete", args=[published.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
        listing = reverse("admin:partnerships_agreement_changelist")
        client.post(listing, {"action": "delete_selected", "_selected_action": [published.pk], "post": "yes"})
        assert Agreement.objects.filter(pk=published.pk).exists()


@pytest.mark.parametrize(("role", "left"), [("reviewer", True), ("administrator", False)])
def test_administrators_delete_drafts(signed_in, record, role, left):
    signed_in(role).post(reverse("admin:partnerships_agreement_delete", args=[record.pk]), {"post": "yes"})
    assert Agreement.objects.filter(pk=record.pk).exists() is left
