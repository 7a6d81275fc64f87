"""Words inside of documents: found by whoever may see the document, and by nobody else."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client

from partnerships.models import DocumentText, IndexCard
from partnerships.querysets import document_texts
from partnerships.search.agreements import matching
from partnerships.services.texts.keeping import read_text
from people.services.tokens import issue_token
from tests import files
from tests.factories import AgreementFactory, MembershipFactory, OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/agreements/"


def with_text(text: str, visibility: str = "public", record=None, **facts):
    """A published record with a document that says ``text``."""
    record = record or AgreementFactory(published=True)
    document = files.document_with(text.encode(), agreement=record, visibility=visibility, **facts)
    assert read_text(document_id=document.pk) == "done"
    return record


def found(client: Client, words: str, **filters) -> list[str]:
    answer = client.get(LIST, {"q": words, **filters}).json()
    assert len(answer["results"]) == answer["count"]
    return [row["title"] for row in answer["results"]]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The arbitration clause", "arbitration"),
        ("The arbitration clause", "arbitrations"),
        ("Die Schiedsklausel für Körper", "korper"),
        ("카이스트와 공동연구를 한다", "공동연구"),
        ("The arbitration clause", '"arbitration clause"'),
        ("The arbitration clause", "arbitr*"),
        ("x " * 20_000 + "further inside", "inside"),
    ],
)
def test_a_word_is_found_in_each_of_its_forms(client, text, asked):
    record = with_text(text)
    assert found(client, asked) == [record.title]


def test_words_may_stand_in_the_record_and_in_its_document(client):
    record = AgreementFactory(title="Kelp treaty", published=True)
    with_text("The arbitration clause", record=record)
    assert found(client, "kelp arbitration") == ["Kelp treaty"]
    assert found(client, "kelp -arbitration") == ["Kelp treaty"], "what is left out is asked of the record"
    assert found(client, "arbitration -kelp") == []
    assert found(client, "arbitration OR nothing") == ["Kelp treaty"]
    assert found(client, "arbitration nothing") == []


@pytest.mark.parametrize(
    ("visibility", "seeing"),
    [
        ("public", {"anonymous", "account", "public token", "internal token", "other office", "office"}),
        ("internal", {"internal token", "other office", "office"}),
        ("restricted", {"office"}),
    ],
)
def test_who_finds_the_words_of_a_document(visibility, seeing):
    office = OfficeFactory()
    record = AgreementFactory(office=office, published=True)
    with_text("The arbitration clause", visibility, record)
    visitors = {"anonymous": Client()}
    for name, user in (
        ("account", UserFactory(is_staff=False)),
        ("other office", MembershipFactory(role="reviewer").user),
        ("office", MembershipFactory(office=office, role="viewer").user),
    ):
        visitors[name] = Client()
        visitors[name].force_login(user)
    for scope in ("public", "internal"):
        _, secret = issue_token(name=scope, scopes=[f"read:{scope}"])
        visitors[f"{scope} token"] = Client(headers={"authorization": f"Bearer {secret}"})
    assert {name for name, client in visitors.items() if found(client, "arbitration")} == seeing
    # Nor is it proposed for a slip.
    for name, client in visitors.items():
        answer = client.get(LIST, {"q": "arbitratoin"}).json()
        assert "arbitration" not in str(answer), name


def test_the_words_of_a_draft_are_for_those_who_see_it(client):
    with_text("The arbitration clause", "public", AgreementFactory())
    assert found(client, "arbitration") == []
    client.force_login(MembershipFactory().user)
    assert len(found(client, "arbitration")) == 1


def test_the_reason_says_where_with_an_extract(client):
    record = with_text("a " * 3_000 + "The  arbitration\nclause " + "b " * 3_000, title="MoU (scan).pdf")
    [row] = client.get(LIST, {"q": "arbitration"}).json()["results"]
    [reason] = row["matched"]
    assert (reason["in"], reason["of"]) == ("document", "MoU (scan).pdf")
    assert reason["why"] == "in the document “MoU (scan).pdf”"
    [[start, end]] = reason["ranges"]
    assert reason["text"][start:end] == "arbitration"
    assert "The arbitration clause" in reason["text"]
    assert len(reason["text"]) < 450
    page = client.get("/agreements/", {"q": "arbitration"}).content.decode()
    assert "In the document “MoU (scan).pdf”" in page
    assert "<mark>arbitration</mark>" in page
    assert record.title in page


def test_the_reason_names_no_document_that_is_hidden(client):
    record = AgreementFactory(title="Kelp arbitration", published=True)
    with_text("Kelp of the secret clause", "internal", record, title="Secret paper")
    answer = client.get(LIST, {"q": "kelp"}).json()
    assert "ecret" not in str(answer)


def test_what_stands_too_far_inside_is_said_without_its_words(client, monkeypatch):
    monkeypatch.setattr("partnerships.search.inside._OF_ONE", 100)
    with_text("beginning " * 100 + "arbitration", title="Long paper")
    [row] = client.get(LIST, {"q": "arbitration"}).json()["results"]
    assert row["matched"][0]["of"] == "Long paper"


def test_names_rank_before_documents(client):
    with_text("Kelp everywhere")
    AgreementFactory(title="Kelp treaty", published=True)
    inside = AgreementFactory(title="Newest", summary="Kelp", signed_on="2025", published=True)
    assert found(client, "kelp")[0] == "Kelp treaty"
    assert inside.title in found(client, "kelp")


def test_counts_facets_and_filters_know_it(client):
    record = with_text("The arbitration clause", record=AgreementFactory(type="exchange", published=True))
    assert found(client, "arbitration", type="exchange") == [record.title]
    assert found(client, "arbitration", type="other") == []
    answer = client.get(LIST, {"q": "arbitration", "facets": "type"}).json()
    assert [(row["value"], row["count"]) for row in answer["facets"]["type"]] == [("exchange", 1)]


def test_where_very_many_answer_they_are_found_in_the_same_way(client, monkeypatch):
    monkeypatch.setattr("partnerships.search.answers.COUNTED", -1)
    monkeypatch.setattr("partnerships.search.answers._known_cards", lambda: 1)
    with_text("Kelp everywhere")
    AgreementFactory(title="Kelp treaty", published=True)
    rows = client.get(LIST, {"q": "kelp"}).json()["results"]
    assert rows[0]["title"] == "Kelp treaty"
    assert len(rows) == 2


def test_the_list_of_the_admin_looks_into_documents():
    record = with_text("The arbitration clause", "restricted", AgreementFactory(office=OfficeFactory()))
    member = MembershipFactory(office=record.office).user
    rows = type(record).objects.all()
    assert list(matching(rows, "arbitration", member)) == [record]
    assert not matching(rows, "arbitration", MembershipFactory().user)
    assert not matching(rows, "arbitration", AnonymousUser())


def test_a_search_pays_nothing_where_there_is_no_text(client, counted_queries):
    AgreementFactory(title="Kelp treaty", published=True)
    client.get(LIST, {"q": "kelp"})
    with counted_queries("GET /api/v1/agreements/?q=… without texts of documents") as without:
        client.get(LIST, {"q": "kelp"})
    assert not [one for one in without.captured_queries if "documenttext" in one["sql"]]


@pytest.mark.parametrize("documents", [1, 5])
def test_looking_inside_takes_one_statement_more(client, counted_queries, monkeypatch, documents):
    for number in range(documents):
        with_text(f"The arbitration clause {number}")
    client.get(LIST, {"q": "arbitration"})
    with counted_queries("GET /api/v1/agreements/?q=… by texts of documents"):
        monkeypatch.setattr(document_texts, "_known", (0.0, True))
        client.get(LIST, {"q": "arbitration"})


def test_texts_and_cards_are_both_entered_by_an_index():
    with_text("The arbitration clause")
    query = "'arbitration'"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert "document_words" in DocumentText.objects.filter(words__answers=query).explain()
    plan = IndexCard.objects.answering(query, AnonymousUser()).order_by().explain()
    assert "BitmapOr" in plan
    assert "card_words" in plan
