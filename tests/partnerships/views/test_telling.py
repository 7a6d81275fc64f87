"""“Report an error”: what honest visitors can do, and what others cannot."""

import re
import time
from urllib.parse import urlencode

import pytest
from django.test import Client

from partnerships.models import Suggestion, SuggestionContact
from partnerships.services.suggestions import suggest
from partnerships.views import telling_form
from partnerships.views.telling_form import Ticket
from people.services import limits
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    PersonFactory,
    UserFactory,
    administrator,
    publish_now,
)

pytestmark = pytest.mark.django_db

TYPED = {
    "field": "parties",
    "wrong": "The second party is another institute.",
    "right": "It is the Institute of Reeds.",
    "source": "https://example.org/signed.pdf",
}


@pytest.fixture
def record():
    return AgreementFactory(title="Reeds and rushes", published=True)


def address(record, path: str | None = None, **more) -> str:
    return "/tell-us/?" + urlencode({"about": path or f"/agreements/{record.uid}/", **more})


def ticket(record, user=None, ago: float = 60) -> str:
    """A ticket that was given out ``ago`` seconds ago."""
    key = user.pk if user else 0
    return Ticket(f"{record._meta.label_lower} {record.pk}", key, f"{time.time()}", time.time() - ago).signed


def send(client, record, /, *, path=None, headers=None, token=None, **changed):
    typed = TYPED | {"token": token or ticket(record)} | changed
    return client.post(address(record, path), typed, headers=headers or {})


# --- what works -----------------------------------------------------------------------------------


def test_a_report_reaches_the_desk_without_a_cookie(client, record):
    page = client.get(f"/agreements/{record.uid}/").content.decode()
    assert f"/tell-us/?about=%2Fagreements%2F{record.uid}%2F&amp;field=signatories" in page
    form = client.get(address(record, field="parties"))
    assert '<option value="parties" selected>' in form.content.decode()
    answer = send(client, record, name="Ada", email="ada@example.org")
    assert (answer.status_code, answer["Location"]) == (303, "/tell-us/sent/")
    assert not client.cookies and "no-store" in form["Cache-Control"]
    row = Suggestion.objects.get()
    assert (row.record, row.field, row.state) == (record, "parties", "open")
    assert (row.contact.name, row.contact.email) == ("Ada", "ada@example.org")
    sent = client.get("/tell-us/sent/").content.decode()
    assert TYPED["wrong"] not in sent
    assert TYPED["wrong"] not in client.get(f"/agreements/{record.uid}/").content.decode()


@pytest.mark.parametrize(
    ("factory", "page", "field"),
    [
        (InstitutionFactory, "institutions", "place"),
        (PersonFactory, "people", "orcid"),
        (EventFactory, "events", "dates"),
        (FocusAreaFactory, "focus-areas", "parent"),
    ],
)
def test_each_kind_of_record_has_its_parts(client, factory, page, field):
    row = factory(visibility="public")
    path = f"/{page}/{row.uid}/"
    assert f"field={field}" in client.get(path).content.decode()
    assert send(client, row, path=path, field=field).status_code == 303
    assert Suggestion.objects.get().record == row
    assert send(client, row, path=path, field="signatories", wrong="Quite another text").status_code == 400


def test_in_another_language(client, record):
    path = f"/ko/agreements/{record.uid}/"
    assert client.get("/ko" + address(record, path)).status_code == 200
    assert client.get(address(record, path)).status_code == 200, "the form speaks its own language"
    answer = client.post("/ko" + address(record, path), TYPED | {"token": ticket(record)})
    assert answer["Location"] == "/ko/tell-us/sent/"


def test_a_merged_or_derived_page_leads_on(client):
    for path in ("/partnerships/2222222222-3333333333/", "/countries/KR/"):
        answer = client.get(address(None, path))
        assert answer.status_code == 200 and "<form method" not in answer.content.decode()
        assert client.post(address(None, path), TYPED).status_code == 200
    assert client.get("/tell-us/").status_code == 200
    assert not Suggestion.objects.exists()


def test_sent_twice_it_is_taken_once(client, record):
    token = ticket(record)
    assert [send(client, record, token=token).status_code for _ in range(2)] == [303, 303]
    assert Suggestion.objects.count() == 1


# --- what is refused, with everything that was typed -------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"wrong": ""}, "This field is required"),
        ({"wrong": "short"}, "at least 10 characters"),
        ({"wrong": "x" * 2001}, "at most 2000 characters"),
        ({"source": " "}, "This field is required"),
        ({"field": "no-such-part"}, "is not one of the available choices"),
        ({"email": "nobody"}, "valid email"),
        ({"wrong": "a zero \x00 byte in a text"}, "Null characters"),
        ({"leave_empty": "https://spam.example"}, "Clear this field"),
        ({"wrong": "See https://a.example http://b.example www.c.example"}, "at most 3 web addresses"),
    ],
)
def test_a_bad_form_says_what_is_wrong(client, record, changed, message):
    answer = send(client, record, **changed)
    text = answer.content.decode()
    assert answer.status_code == 400 and message in text
    assert TYPED["right"] in text, "nothing that was typed is lost"
    assert not Suggestion.objects.exists()


def test_what_is_shown_again_is_shown_as_text(client, record):
    answer = send(client, record, right="</textarea><script>alert(1)</script>", email="no", field='"><b>')
    text = answer.content.decode()
    assert "<script>alert" not in text and '"><b>' not in text


@pytest.mark.parametrize("ago", [0, 24 * 3600 + 5])
def test_too_quick_or_too_old(client, record, ago):
    old = ticket(record, ago=ago)
    text = send(client, record, token=old).content.decode()
    assert TYPED["wrong"] in text and not Suggestion.objects.exists()
    # Waiting is enough for the one; the other is given a new ticket.
    assert (f'value="{old}"' in text) == (ago == 0)


def test_a_ticket_is_for_one_record_and_one_person(client, record):
    other, person = AgreementFactory(published=True), UserFactory(is_staff=False)
    for token in (
        ticket(other),
        ticket(record, person),
        "nonsense",
        "a:b:c",
        telling_form.signing.Signer().sign_object([1]),
    ):
        assert send(client, record, token=token).status_code == 400
    forged = telling_form.signing.Signer(salt="other").sign_object(
        [f"partnerships.agreement {record.pk}", 0, "x", 0]
    )
    assert send(client, record, token=forged).status_code == 400
    client.force_login(person)
    assert send(client, record, token=ticket(record)).status_code == 400
    assert send(client, record, token=ticket(record, person)).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
     {"origin": "null"}],
)  # fmt: skip
def test_forms_of_other_sites_are_refused(record, headers):
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, record, headers=headers).status_code == 403
    assert not Suggestion.objects.exists()
    own = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}
    assert send(strict, record, headers=own).status_code == 303


def test_the_same_words_are_taken_once(client, record):
    assert send(client, record).status_code == 303
    again = send(
        client, AgreementFactory(published=True), token=ticket(record), wrong=TYPED["wrong"].upper() + "  "
    )
    assert again.status_code == 400, "a ticket of another record"
    other = AgreementFactory(published=True)
    again = send(client, other, token=ticket(other), wrong=f"  {TYPED['wrong'].upper()}\n")
    assert again.status_code == 400 and "sent already" in again.content.decode()
    assert Suggestion.objects.count() == 1


def test_one_address_reports_so_much_in_an_hour(client, record, settings):
    settings.RATE_LIMITS, settings.RATE_LIMIT_REPORTS = True, 2
    codes = [send(client, record, wrong=f"Error number {n} here").status_code for n in range(3)]
    assert codes == [303, 303, 429]
    late = send(client, record, wrong="Error number 4 here")
    assert 0 < int(late["Retry-After"]) <= limits.REPORTS_WINDOW
    assert "Error number 4 here" in late.content.decode()
    other = client.post(address(record), TYPED | {"token": ticket(record)}, REMOTE_ADDR="192.0.2.9")
    assert other.status_code == 303
    assert client.get(address(record)).status_code == 200, "reading is not counted"


# --- nothing tells whether a hidden record is there ---------------------------------------------------


def test_hidden_and_missing_records_answer_alike(client):
    draft = AgreementFactory(published=False)
    internal = AgreementFactory(visibility="internal")
    publish_now(internal)
    hidden = InstitutionFactory()
    paths = [
        f"/agreements/{draft.uid}/",
        f"/agreements/{internal.uid}/",
        f"/institutions/{hidden.uid}/",
        "/agreements/2222222222/",
        "/institutions/2222222222/",
        "/no/such/page/",
        "/admin/",
        "/agreements/",
        "https://evil.example/agreements/x/",
        "//evil.example/",
        "/agreements/%00/",
        "/agreements/a\x00b/",
        "/" + "a" * 600,
        "agreements",
    ]
    for answer in (send, lambda client, row, path: client.get(address(row, path))):
        found = {(given := answer(client, draft, path=path)).status_code for path in paths}
        assert found == {404}, given
    # The page repeats its own address and nothing else.
    texts = [client.get(address(None, path)).content.decode() for path in paths[:5]]
    bodies = {re.sub(r"about=[^\"&]*", "", text) for text in texts}
    assert len(bodies) == 1
    assert not Suggestion.objects.exists()
    client.force_login(administrator())
    assert client.get(address(draft)).status_code == 200, "staff report what they see"


def test_contacts_stand_in_no_history(record):
    report = telling_form.Report(
        field="title", wrong="Not its title", source="The paper", email="a@b.example"
    )
    row = suggest(record=record, report=report, ticket="t" * 32)
    kept = str(list(row.history.values()))
    assert "a@b.example" not in kept and "Not its title" in kept
    assert not hasattr(SuggestionContact, "history")
