"""``/suggest/``: what a search box of the pages proposes."""

import pytest

from tests.factories import (
    AgreementFactory,
    EventFactory,
    InstitutionFactory,
    MembershipFactory,
    PersonFactory,
    make_public,
)

from .records import seed_agreement

pytestmark = pytest.mark.django_db


def suggested(client, q: str, code: int = 200, **query) -> dict:
    response = client.get("/suggest/", {"q": q, **query})
    assert response.status_code == code
    return response.json()


def items(answer: dict) -> list[dict]:
    return [item for group in answer["groups"] for item in group["items"]]


@pytest.fixture
def kaist():
    institution = InstitutionFactory(name="Korea Advanced Institute", country_id="KR", visibility="public")
    institution.names.create(value="한국과학기술원", kind="label", language="ko")
    return institution


def test_the_answer(client, kaist):
    AgreementFactory.create_batch(2, parties=[kaist, InstitutionFactory()], published=True)
    assert suggested(client, "한국과학") == {
        "groups": [
            {
                "resource": "institutions",
                "title": "Institutions",
                "items": [
                    {
                        "id": kaist.uid,
                        "name": "Korea Advanced Institute",
                        "address": f"/institutions/{kaist.uid}/",
                        "number": "2 agreements",
                        "what": "in another language · South Korea",
                        "found_as": {"name": "한국과학기술원", "language": "ko"},
                    }
                ],
            }
        ],
        "said": "1 suggestion",
    }


def test_kinds_stand_in_groups_and_a_group_leads_to_a_filter(client):
    record = seed_agreement()
    make_public(PersonFactory(name="Korea Kim"), EventFactory(name="Korea Forum"))
    answer = suggested(client, "korea")
    assert {group["resource"] for group in answer["groups"]} == {
        "institutions",
        "people",
        "events",
        "countries",
    }
    [korea] = [one for one in items(answer) if one["id"] == "KR"]
    assert (korea["number"], korea["address"]) == ("1 agreement", "/countries/KR/")
    assert record.title in client.get(f"/agreements/?country={korea['id']}").content.decode()


def test_only_of_some_kinds(client, kaist):
    assert {one["id"] for one in items(suggested(client, "korea", resource="countries"))} == {"KR", "KP"}


def test_numbers_are_those_that_the_visitor_may_see(client, kaist):
    AgreementFactory(parties=[kaist, InstitutionFactory()], published=True)
    AgreementFactory(parties=[kaist, InstitutionFactory()], visibility="internal", published=True)
    assert items(suggested(client, "korea advanced"))[0]["number"] == "1 agreement"
    client.force_login(MembershipFactory().user)
    assert items(suggested(client, "korea advanced"))[0]["number"] == "2 agreements"


def test_hidden_records_are_not_proposed(client):
    InstitutionFactory(name="Hidden Institute")
    assert suggested(client, "hidden inst") == {"groups": [], "said": "No suggestions"}


def test_nothing_typed_proposes_nothing(client, kaist):
    assert suggested(client, " ")["groups"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": "x" * 201}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "a", "resource": "agreements"}, "resource"),
        ({"q": "a", "bogus": "1"}, "bogus"),
        ({"q": "a", "resource": ["people"] * 51}, "resource"),
    ],
)
def test_a_bad_question_names_the_field(client, query, field):
    response = client.get("/suggest/", query)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'", "&|!():*", "\u202e\u200b", "가" * 200, "{a,b}", "🦜", "<b>"]
)
def test_any_text_is_answered(client, kaist, text):
    suggested(client, text)


def test_only_whoever_asked_may_keep_it(client, kaist):
    assert "private" in client.get("/suggest/?q=korea").headers["Cache-Control"]


def test_no_rate_limit_meets_a_typing_hand(client, kaist, settings):
    answers = [client.get(f"/suggest/?q=korea{'x' * number}") for number in range(5)]
    assert all("RateLimit" not in answer.headers for answer in answers)


@pytest.mark.parametrize("rows", [2, 9])
def test_statements_do_not_grow_with_what_is_found(client, counted_queries, rows):
    for number in range(rows):
        unit = InstitutionFactory(name=f"College {number}", country_id="KR", visibility="public")
        AgreementFactory(parties=[unit, InstitutionFactory()], published=True)
    with counted_queries("GET /suggest/?q=college"):
        suggested(client, "college")
    client.force_login(MembershipFactory().user)
    with counted_queries("GET /suggest/?q=college as staff"):
        suggested(client, "college")
