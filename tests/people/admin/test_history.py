"""The history page tells in words who changed what, when and why."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import Agreement, AgreementRelation
from people.history import acting
from people.models import Role, Scope
from people.principals import TokenPrincipal
from people.services.tokens import issue_token
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    UserFactory,
    administrator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    """Somebody who may read, in an office of their own."""
    client = Client()
    client.force_login(MembershipFactory(role=Role.VIEWER).user)
    return client


def words_of(client, record, **params) -> str:
    """The text of the history page, without tags and with single spaces."""
    address = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_history", args=[record.pk])
    response = client.get(address, params)
    assert response.status_code == 200
    body = response.content.decode().partition('id="history"')[2].partition("</ol>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_an_update_shows_who_why_old_and_new(reader):
    record = AgreementFactory(type="memorandum_of_understanding", signed_on="2024")
    user = UserFactory(first_name="Ada", last_name="Byron")
    with acting(user=user, reason="The register says so", request_id="req-1234"):
        Agreement.objects.filter(pk=record.pk).update(
            type="letter_of_intent", signed_on="2024-05", signed_country="KR", languages=["en", "ko"]
        )
    words = words_of(reader, record)
    assert "Ada Byron" in words
    assert "Reason: The register says so" in words
    assert "request req-1234" in words
    assert "Type Memorandum of understanding → Letter of intent" in words
    assert "2024 → 2024-05" in words
    assert "nothing → South Korea" in words or "nothing → Korea, Republic of" in words
    assert "nothing → en, ko" in words


def test_a_token_is_named(reader):
    record = AgreementFactory()
    token, _ = issue_token(name="Our CRIS", scopes=[Scope.WRITE_AGREEMENTS])
    with acting(user=TokenPrincipal(token)):
        Agreement.objects.filter(pk=record.pk).update(title="From the CRIS")
    assert "token Our CRIS" in words_of(reader, record)


def test_raw_sql_is_a_direct_change_in_the_database(reader):
    with acting(user=UserFactory()):
        record = AgreementFactory()
    with connection.cursor() as cursor:
        # What a person at a database prompt would do: no context at all.
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")
        cursor.execute("UPDATE partnerships_agreement SET title = 'By hand' WHERE id = %s", [record.pk])
    words = words_of(reader, record)
    assert "no user: direct change in the database" in words
    assert "→ By hand" in words


def test_a_command_is_no_person(reader):
    with acting(reason="imported"):
        record = AgreementFactory()
    assert "no user: a command" in words_of(reader, record)


@pytest.mark.django_db(transaction=True)
def test_rows_that_belong_to_the_record_are_told_too(reader):
    """In transactions of their own: they are told in the order of time."""
    kaist, turing = InstitutionFactory(name="KAIST"), InstitutionFactory(name="The Alan Turing Institute")
    record = AgreementFactory(parties=[kaist, turing])
    with acting(reason="one"):
        record.focus_areas.add(FocusAreaFactory(name="Data science"))
    with acting(reason="two"):
        StatementFactory(agreement=record, person=PersonFactory(name="Tim Watson"), summary="Glad.")
    with acting(reason="three"):
        SignatoryFactory(party=record.parties.get(institution=kaist), name_as_printed="Prof. K")
    with acting(reason="four"):
        record.focus_areas.clear()
        record.parties.filter(institution=turing).delete()
    words = words_of(reader, record)
    assert "added: KAIST" in words
    assert "added: Data science" in words
    assert "Statement added: Tim Watson" in words
    assert "Prof. K" in words
    assert "Party removed: The Alan Turing Institute" in words
    assert "removed: Data science" in words
    four, three = words.index("Reason: four"), words.index("Reason: three")
    assert four < words.index("Party removed: The") < three, "newest first, grouped by what was done at once"


def test_signatories_of_a_removed_party_stay_in_the_history(reader):
    record = AgreementFactory()
    party = record.parties.first()
    SignatoryFactory(party=party, name_as_printed="Dr Gone")
    party.delete()
    assert "Signatory removed" in words_of(reader, record)
    assert "Dr Gone" in words_of(reader, record)


def test_what_happened_elsewhere_is_not_told(reader):
    record, other = AgreementFactory(), AgreementFactory(title="Quite another record")
    StatementFactory(agreement=other, summary="Said elsewhere")
    words = words_of(reader, record)
    assert "Quite another" not in words
    assert "Said elsewhere" not in words


class TestGate:
    def test_the_page_of_a_hidden_record_is_not_there(self, reader):
        record = AgreementFactory(title="Sentinel", restricted=True)
        address = reverse("admin:partnerships_agreement_history", args=[record.pk])
        response = reader.get(address, follow=True)
        assert response.redirect_chain
        assert "Sentinel" not in response.content.decode()

    def test_names_of_hidden_records_stay_hidden(self, reader):
        secret = AgreementFactory(title="Sentinel", restricted=True)
        record = AgreementFactory()
        AgreementRelation.objects.create(agreement=record, target=secret, kind="renews")
        words = words_of(reader, record)
        assert "Sentinel" not in words
        assert "(gone, or not open to you)" in words
        boss = Client()
        boss.force_login(administrator())
        assert "Sentinel" in words_of(boss, record)

    def test_a_stranger_is_sent_to_sign_in(self, client):
        record = AgreementFactory()
        assert (
            client.get(reverse("admin:partnerships_agreement_history", args=[record.pk])).status_code == 302
        )


def test_what_was_typed_is_shown_as_text(reader):
    record = AgreementFactory(title="<script>alert(1)</script>")
    with acting(reason="<b>bold</b>"):
        Agreement.objects.filter(pk=record.pk).update(summary="<img src=x onerror=alert(1)>")
    page = reader.get(reverse("admin:partnerships_agreement_history", args=[record.pk])).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>bold" not in page


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999999999999", "\x00"])
def test_any_page_number_is_answered(reader, page):
    record = AgreementFactory()
    assert "Agreement created" in words_of(reader, record, p=page)


def test_strange_facts_in_a_context_do_no_harm(reader):
    record = AgreementFactory()
    with acting(reason=["not", "text"], token="zz", request_id={"a": 1}):
        Agreement.objects.filter(pk=record.pk).update(title="x")
    assert "token no. zz" in words_of(reader, record)


def test_a_long_text_is_shown_around_the_difference(reader):
    record = AgreementFactory(summary="same " * 500 + "old ending")
    with acting(reason="x"):
        Agreement.objects.filter(pk=record.pk).update(summary="same " * 500 + "new ending")
    words = words_of(reader, record)
    assert re.search(r"…[same ]{20,80} removed: old added: new ending", words)


def test_the_statements_do_not_grow_with_the_changes(reader, counted_queries):
    record = AgreementFactory()
    with acting(reason="0"):
        StatementFactory(agreement=record)
        SignatoryFactory(party=record.parties.first())
        Agreement.objects.filter(pk=record.pk).update(title="title")
    address = reverse("admin:partnerships_agreement_history", args=[record.pk])
    with counted_queries("GET /admin/partnerships/agreement/<id>/history/"):
        reader.get(address)
    for number in range(60):
        with acting(user=UserFactory(), reason=str(number)):
            StatementFactory(agreement=record)
            Agreement.objects.filter(pk=record.pk).update(title=f"title {number}")
    with CaptureQueriesContext(connection) as few:
        reader.get(address, {"p": 2})
    with CaptureQueriesContext(connection) as many:
        response = reader.get(address)
    assert len(response.context["entries"]) == 50
    assert len(many) <= len(few) + 1, "one more at most: the names of those who acted"
