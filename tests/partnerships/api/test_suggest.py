"""``/api/v1/suggest/``."""

import pytest

from tests.factories import InstitutionFactory, PersonFactory, make_public

pytestmark = pytest.mark.django_db


@pytest.fixture
def kaist():
    institution = InstitutionFactory(name="Korea Advanced Institute", country_id="KR", visibility="public")
    institution.names.create(value="카이스트", kind="alias", language="ko")
    return institution


def test_the_answer(api, kaist):
    address = f"http://testserver/{{}}institutions/{kaist.uid}/"
    assert api.read("suggest/?q=카이") == {
        "results": [
            {
                "resource": "institutions",
                "id": kaist.uid,
                "name": "Korea Advanced Institute",
                "country": "KR",
                "url": address.format("api/v1/"),
                "html_url": address.format(""),
                "matched": {"name": "카이스트", "kind": "alias", "language": "ko", "similar": False},
            }
        ]
    }


def test_a_country_by_the_code_that_filters_take(api, kaist):
    [found] = api.read("suggest/?q=kr&resource=countries&limit=1")["results"]
    assert found == {
        "resource": "countries",
        "id": "KR",
        "name": "South Korea",
        "country": "KR",
        "url": "http://testserver/api/v1/countries/KR/",
        "html_url": "http://testserver/countries/KR/",
        "matched": {"name": "KR", "kind": "code", "language": None, "similar": False},
    }
    assert api.get(found["url"]).json()["id"] == found["id"]
    assert api.get(found["html_url"]).status_code == 200
    assert [row["id"] for row in api.rows(f"institutions/?country={found['id']}")] == [kaist.uid]


def test_a_country_in_another_language(api):
    [found] = api.read("suggest/?q=대한민국")["results"]
    assert found["matched"] == {"name": "대한민국", "kind": "label", "language": "ko", "similar": False}


def test_only_of_some_resources(api, kaist):
    person = PersonFactory(name="Korea Kim")
    make_public(person)
    found = {row["id"] for row in api.read("suggest/?q=korea")["results"]}
    assert found == {kaist.uid, person.uid, "KR", "KP"}
    assert [row["id"] for row in api.read("suggest/?q=korea&resource=people")["results"]] == [person.uid]
    both = api.read("suggest/?q=korea&resource=people&resource=institutions&limit=1")["results"]
    assert len(both) == 1


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", ["q"]),
        ("q=", ["q"]),
        ("q=%20", ["q"]),
        ("q=" + "x" * 201, ["q"]),
        ("q=a%00b", [None]),
        ("q=a&limit=0", ["limit"]),
        ("q=a&limit=21", ["limit"]),
        ("q=a&limit=many", ["limit"]),
        ("q=a&resource=agreements", ["resource"]),
        ("q=a&bogus=1&page=2", ["bogus", "page"]),
    ],
)
def test_bad_questions_name_the_field(api, query, fields):
    assert api.bad_fields(f"suggest/?{query}") == fields


@pytest.mark.parametrize(
    "text",
    [
        "%",
        "_",
        "\\",
        "'",
        '"',
        "&|!():*<->",
        "\u202e\u200b",
        "a" * 200,
        "x " * 100,
        "가" * 200,
        "{a,b}",
        "🦜",
        "٠",
    ],
)
def test_any_text_is_answered(api, kaist, text):
    response = api.get("/api/v1/suggest/", {"q": text})
    assert response.status_code in (200, 400)


def test_statements_do_not_grow_with_what_is_found(api, counted_queries):
    for number in range(3):
        InstitutionFactory(name=f"College {number}", visibility="public")
    with counted_queries("GET /api/v1/suggest/?q=college"):
        api.read("suggest/?q=college")
    for number in range(30):
        InstitutionFactory(name=f"College {number}", visibility="public")
        make_public(PersonFactory(name=f"Person College {number}"))
    with counted_queries("GET /api/v1/suggest/?q=college of two kinds"):
        api.read("suggest/?q=college&limit=20")
    with counted_queries("GET /api/v1/suggest/?q=united, countries"):
        api.read("suggest/?q=united&limit=20")
