"""Whatever stands behind the question mark is answered, or refused with a 400 that names the parameter.

Either is done soon, and what is refused takes no statement for each of its values.
"""

import re
import time
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.api_router import RESOURCES
from partnerships.api.suggest import Question
from partnerships.filtersets.base import MOST_VALUES
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    SubjectFactory,
    publish_now,
)

pytestmark = pytest.mark.django_db

#: Webhooks are lists of one's own, without filters.
FILTERS = {
    name: list(view.filterset_class.base_filters)
    for name, (_, view) in RESOURCES.items()
    if view.filterset_class
}
LISTS = list(FILTERS)
PAGES = ["agreements", "partnerships", "institutions", "people", "focus-areas", "events", "countries"]
SHAPES = ["page", "page_size", "cursor", "fields", "omit", "format"]
SECONDS = 1
TOO_MANY = f"At most {MOST_VALUES} values."

#: Parameters that take several values, as a list understands them: an example.
SEVERAL = {
    "agreements": {
        "country": "KR", "institution": "035dkdb55", "person": "x", "type": "exchange", "status": "signed",
        "focus_area": "x", "activity": "secondments", "event": "x", "year": "2024",
    },
    "institutions": {"country": "KR", "type": "education", "state": "active", "parent": "035dkdb55"},
    "focus-areas": {"parent": "x"},
    "activities": {"agreement": "x", "kind": "secondments"},
    "events": {"country": "KR"},
    "sources": {"agreement": "x", "kind": "press_release"},
    "documents": {"agreement": "x"},
}  # fmt: skip
SEVERAL["partnerships"] = SEVERAL["agreements"]

#: What a search box may be sent, with the kinds of answer that make sense.
WORDS = {
    "10,000 characters": ("x" * 10_000, {400}),
    "10,000 characters in words": ("x " * 5_000, {400}),
    "10,000 quotation marks": ('"' * 10_000, {400}),
    "operators only": ("OR | - -- || OR", {200}),
    "one operator": ("-", {200}),
    "exclusions only": ("-quantum -data", {200}),
    "filters without values": ("country: type: -status:", {200, 400}),
    "many filters": ("country:KR " * 27, {200, 302}),
    "unbalanced quotes": ('"data "science "" "', {200}),
    "quotes of every kind": ("“data „science «x»", {200}),
    "control characters": ("\x01\x02\x07\x1b\x7f\x85", {200}),
    "signs of direction": ("\u202e\u2066korea\u2069\u200b", {200}),
    "signs alone": ("\u202e\u200b\ufeff", {200, 400}),
    "signs of LIKE": ("%_\\%", {200}),
    "a backslash": ("\\", {200}),
    "signs of tsquery": ("a & !b <-> (c):*'", {200}),
    "too many words": ("ab OR " * 40 + "ab", {200, 400}),
    "a null character": ("a\x00b", {400}),
}

#: What any parameter may be sent that no filter understands.
STRANGE = [
    "\u202e", "\x01", "%", "\\", '"', "-", "x" * 10_000, "٢٠٢٤", "0" * 5_000, f"000002024{'0' * 5_000}",
    "1e5", "{}", "2024-02-30",
]  # fmt: skip


@pytest.fixture
def registry():
    """Something to find, so that a wrong answer shows."""
    one, two = InstitutionFactory(name="100% Lab", country_id="KR"), InstitutionFactory(name="a_b Lab")
    record = AgreementFactory(title="Data science", parties=[one, two], signed_on="2024")
    SubjectFactory(agreement=record, focus_area=FocusAreaFactory(name="Data"))
    publish_now(record)
    AgreementFactory(title="Data quantum", published=True)
    return record


def ask(path: str):
    """Fetch a path; it must not take long (a second look forgives a busy machine)."""
    for _ in range(2):
        started = time.perf_counter()
        response = Client().get(path)
        if time.perf_counter() - started < SECONDS:
            return response
    raise AssertionError(f"{path[:80]} takes more than {SECONDS} s")


def named(response) -> set[str]:
    """The parameters that a problem names."""
    assert response.headers["Content-Type"] == "application/problem+json"
    return {error["field"] for error in response.json()["errors"]}


def statements(path: str) -> int:
    """How many a path takes when it is asked again: what is read for the first time is prepared."""
    ask(path)
    with CaptureQueriesContext(connection) as captured:
        ask(path)
    return len(captured)


def api_and_pages(name: str) -> list[str]:
    return [f"/api/v1/{name}/", *([f"/{name}/"] if name in PAGES else [])]


# --- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*LISTS, "suggest"])
def test_words(registry, name):
    for case, (words, expected) in WORDS.items():
        for path in api_and_pages(name):
            response = ask(f"{path}?q={quote(words)}")
            if name == "suggest":
                expected = {400} if len(words) > 200 else {200, 400}
            elif "q" not in FILTERS[name]:
                expected = {400} if path.startswith("/api/") or "\x00" in words else {200}
            elif name not in ("agreements", "partnerships") and 400 not in expected:
                expected = {200}
            assert response.status_code in expected, (path, case)
            if response.status_code == 400 and path.startswith("/api/") and "\x00" not in words:
                assert named(response) == {"q"}, (path, case)


def test_signs_of_like_stand_for_themselves(registry):
    def found(text: str) -> list[str]:
        rows = ask(f"/api/v1/institutions/?q={quote(text)}").json()["results"]
        return sorted(row["name"] for row in rows)

    assert found("%") == found("0%") == ["100% Lab"]
    assert found("_") == ["a_b Lab"]
    assert found("\\") == found("1%b") == []


@pytest.mark.parametrize("name", ["agreements", "partnerships"])
def test_words_without_a_letter_find_nothing_and_blank_ones_ask_nothing(registry, name):
    def count(text: str) -> int:
        return ask(f"/api/v1/{name}/?q={quote(text)}").json()["count"]

    assert count("data") > 0
    for text in ("...", "%", "\\", "(&)", "-", "OR", "||", '""'):
        assert count(text) == 0, text
    for text in (" ", "\u202e\u200b", "\x01"):
        assert count(text) == count(""), text


# --- any parameter ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_strange_value_of_any_parameter_is_refused_by_name(name):
    for parameter in [*FILTERS[name], *SHAPES, "facets", "bogus"]:
        for value in STRANGE if parameter != "q" else ():
            response = ask(f"/api/v1/{name}/?{parameter}={quote(value)}")
            assert response.status_code == 400, (parameter, value[:20])
            if parameter != "format":
                assert named(response) == {parameter}, (parameter, value[:20])


@pytest.mark.parametrize("name", PAGES)
def test_pages_show_the_error(registry, name):
    for parameter in FILTERS[name]:
        for value in ("\u202e", f"000002024{'0' * 5_000}") if parameter != "q" else ():
            response = ask(f"/{name}/?{parameter}={quote(value)}")
            assert response.status_code == 400, (parameter, value[:20])
            assert "There is a problem" in response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_value_asks_nothing(registry, name):
    whole = ask(f"/api/v1/{name}/").json()["count"]
    for parameter in FILTERS[name]:
        for value in ("", "%20", *((",", ",,") if parameter == "ordering" else ())):
            response = ask(f"/api/v1/{name}/?{parameter}={value}")
            assert response.status_code == 200, (parameter, value)
            assert response.json()["count"] == whole, (parameter, value)


def test_an_order_names_each_field_once():
    for order in ("title,title", "title,-title", ",".join(["title", "-title"] * 500)):
        for path in api_and_pages("agreements"):
            response = ask(f"{path}?ordering={order}&cursor=")
            assert response.status_code == 400
            assert "Name each field once." in response.content.decode()


# --- very many values ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_thousand_values_are_refused_by_name(name):
    for parameter in FILTERS[name]:
        value = SEVERAL.get(name, {}).get(parameter, "x")
        for path in api_and_pages(name):
            response = ask(f"{path}?" + "&".join(f"{parameter}={value}" for _ in range(1_000)))
            assert response.status_code == 400, parameter
            assert TOO_MANY in response.content.decode()
            if path.startswith("/api/"):
                assert named(response) == {parameter}
            else:
                assert len(response.content) < 300_000, "no link for each of them"


@pytest.mark.parametrize("name", LISTS)
def test_what_is_refused_takes_no_statement(name):
    for parameter in FILTERS[name]:
        for number in (MOST_VALUES + 1, 1_000):
            values = "&".join(f"{parameter}={value}" for value in range(number))
            assert statements(f"/api/v1/{name}/?{values}") == 0, parameter


@pytest.mark.parametrize("name", SEVERAL)
def test_as_many_as_are_looked_at_take_no_more_statements_than_two(registry, name):
    for parameter in SEVERAL[name]:
        for value in (SEVERAL[name][parameter], registry.parties.first().institution.uid):
            many, two = (
                "&".join(f"{parameter}={value}" for _ in range(number)) for number in (MOST_VALUES, 2)
            )
            assert statements(f"/api/v1/{name}/?{many}") == statements(f"/api/v1/{name}/?{two}"), parameter


def test_different_identifiers_are_looked_up_together(registry):
    uids = [institution.uid for institution in InstitutionFactory.create_batch(40, visibility="public")]
    uids.append(registry.parties.first().institution.uid)
    path = "/api/v1/agreements/?"
    for right in ("", "&institution=nobody"):
        few, many = ("&".join(f"institution={uid}" for uid in found) + right for found in (uids[-2:], uids))
        assert statements(path + many) == statements(path + few)
    many = "&".join(f"institution={uid}" for uid in uids)
    assert [row["id"] for row in ask(path + many).json()["results"]] == [registry.uid]
    problem = ask(f"{path}{many}&institution=nobody").json()
    assert problem["detail"] == "“nobody” is no institution known here."
    assert "Institution:</span>" in ask(f"/agreements/?{many}").content.decode()


def test_very_many_filters_in_the_search_box(registry):
    one, many = "country:KR country:GB", "country:KR country:GB " * 13
    for name in ("agreements", "partnerships"):
        path = f"/api/v1/{name}/?q="
        assert statements(path + quote(many)) == statements(path + quote(one))


def test_more_parameters_than_are_read():
    for name in LISTS:
        response = ask(f"/api/v1/{name}/?page=1&" + "&".join(["focus%5Farea=x"] * 1_001))
        assert response.status_code == 400
        assert named(response) == {"focus_area"}
    assert named(ask("/api/v1/agreements/?" + "&".join(f"x{n}=1" for n in range(1_001)))) == {None}
    for name in PAGES:
        assert ask(f"/{name}/?" + "&".join(["country=KR"] * 1_001)).status_code == 400


def test_suggestions():
    for parameter in Question.base_fields:
        value = {"q": "korea", "limit": "3", "resource": "people"}[parameter]
        many = "&".join(f"{parameter}={value}" for _ in range(900))
        assert named(ask(f"/api/v1/suggest/?q=korea&{many}")) == {parameter}
        for strange in STRANGE if parameter != "q" else ():
            assert named(ask(f"/api/v1/suggest/?q=korea&{parameter}={quote(strange)}")) == {parameter}


# --- facets, and names of fields ---------------------------------------------------------------------


@pytest.mark.parametrize("written", [",".join, lambda names: "&facets=".join(names)])
def test_facets(registry, written):
    path = "/api/v1/agreements/?facets="
    for names in (["country"] * 1_000, [f"x{number}" for number in range(900)]):
        response = ask(path + written(names[:900]))
        assert response.status_code == 400
        assert named(response) == {"facets"}
        assert response.json()["detail"] == TOO_MANY
    few, many = written(["country"]), written(["country"] * MOST_VALUES)
    assert ask(path + many).json()["facets"] == ask(path + few).json()["facets"]
    assert statements(path + many) == statements(path + few)


@pytest.mark.parametrize("value", ["nothing", "%", "\\", "\u202e", "country,nothing", "x" * 10_000])
def test_a_strange_facet(value):
    assert named(ask(f"/api/v1/agreements/?facets={quote(value)}")) == {"facets"}


def test_facets_belong_to_agreements():
    for name in LISTS[1:]:
        assert named(ask(f"/api/v1/{name}/?facets=country")) == {"facets"}
    for name in PAGES:
        html = ask(f"/{name}/?facets=country").content.decode()
        assert "“facets” shapes answers of the API" in html


@pytest.mark.parametrize("parameter", ["fields", "omit"])
def test_a_thousand_names_of_fields(parameter):
    for name in LISTS:
        response = ask(f"/api/v1/{name}/?{parameter}=" + ",".join(f"x{number}" for number in range(1_000)))
        assert named(response) == {parameter}
        assert response.json()["detail"] == TOO_MANY


# --- where to read on --------------------------------------------------------------------------------


def cursor_of(path: str) -> str:
    return re.search(r"cursor=([^&]+)", ask(path).json()["next"])[1]


def test_a_cursor_that_is_not_ours(registry):
    right = cursor_of("/api/v1/agreements/?page_size=1&cursor=&ordering=title")
    payload, _, signature = right.rpartition("%3A")
    forged = [
        right[:-1], f"{right}x", right.swapcase(), payload, f"{payload}%3A", f"%3A{signature}", f".{right}",
        "abc", "x" * 10_000, "%3A" * 5_000, "%25", "%F0%9F%92%A9", "..%2f", "e30%3Ax", "%01", "null",
    ]  # fmt: skip
    for cursor in forged:
        for path in api_and_pages("agreements"):
            response = ask(f"{path}?page_size=1&ordering=title&cursor={cursor}")
            assert response.status_code == 400, cursor[:30]
            assert not path.startswith("/api/") or named(response) == {"cursor"}


def test_a_cursor_of_another_question(registry):
    right = cursor_of("/api/v1/agreements/?page_size=1&cursor=&q=data")
    for question in ("q=quantum", "", "q=data&country=KR", "q=data&ordering=title", "ordering=-title"):
        for path in api_and_pages("agreements"):
            response = ask(f"{path}?{question}&cursor={right}")
            assert response.status_code == 400, question
            assert not path.startswith("/api/") or named(response) == {"cursor"}
    for name in LISTS[1:]:
        assert named(ask(f"/api/v1/{name}/?cursor={right}")) == {"cursor"}


@pytest.mark.parametrize("name", LISTS)
def test_pages_that_are_not_there(name):
    for path in api_and_pages(name):
        assert ask(f"{path}?page=99").status_code == 404
        assert ask(f"{path}?page=999999999").status_code == 400
    assert named(ask(f"/api/v1/{name}/?page=1&cursor=")) == {"page"}
