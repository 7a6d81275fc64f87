"""Reading by cursor: on and back, the same rows as by number, under whatever happens meanwhile."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from partnerships.models import Agreement
from tests.factories import AgreementFactory

from .conftest import BASE, follow

pytestmark = pytest.mark.django_db


def ids(answers: list[dict]) -> list[str]:
    return [row["id"] for answer in answers for row in answer["results"]]


ORDERS = [
    "", "signed_on", "-signed_on", "announced_on", "ends_on", "-ends_on", "title", "-title", "-created_at",
    "signed_on,-title", "-signed_on,title",
]  # fmt: skip


@pytest.mark.parametrize("ordering", ORDERS)
def test_a_cursor_reads_the_same_list(api, seven, ordering):
    whole = [row["id"] for row in api.rows(f"agreements/?ordering={ordering}")]
    answers = follow(api, f"agreements/?ordering={ordering}&page_size=2&cursor=")
    assert ids(answers) == whole
    assert {answer["count"] for answer in answers} == {7}
    assert [bool(answer["previous"]) for answer in answers] == [False, True, True, True]


@pytest.mark.parametrize("ordering", ORDERS)
def test_a_cursor_reads_back(api, seven, ordering):
    ahead = follow(api, f"agreements/?ordering={ordering}&page_size=2&cursor=")
    back = follow(api, ahead[-2]["next"].removeprefix(BASE), "previous")
    assert [answer["results"] for answer in back] == [answer["results"] for answer in reversed(ahead)]
    turned = follow(api, back[-2]["previous"].removeprefix(BASE))
    assert ids(turned) == ids(ahead)


@pytest.mark.parametrize(
    "path",
    [
        "institutions/?x", "institutions/?ordering=-agreements", "countries/?q=land", "sources/?x",
        "partnerships/?x", "partnerships/?ordering=first_on", "partnerships/?ordering=-latest_on",
        "partnerships/?ordering=-agreements", "people/?x", "events/?ordering=-starts_on", "documents/?x",
        "focus-areas/?ordering=agreements", "activities/?x",
    ],
)  # fmt: skip
def test_every_resource_can_be_read_by_cursor(api, seven, path):
    path = path.removesuffix("x")
    whole = [row["id"] for row in api.rows(f"{path}&page_size=100")]
    answers = follow(api, f"{path}&page_size=5&cursor=")
    assert ids(answers) == whole
    back = follow(api, answers[-2]["next"].removeprefix(BASE), "previous") if len(answers) > 1 else answers
    assert ids(reversed(back)) == whole


class TestBehindTheNumberedPages:
    @pytest.fixture(autouse=True)
    def few_are_numbered(self, monkeypatch):
        monkeypatch.setattr("partnerships.filtersets.reading.LAST_NUMBERED", 4)

    def test_next_leads_on_by_cursor(self, api, seven):
        answers = follow(api, "agreements/?ordering=title&page_size=2")
        assert "page=2" in answers[0]["next"] and "cursor" not in answers[0]["next"]
        assert "cursor=" in answers[1]["next"] and "page=" not in answers[1]["next"]
        assert [row["title"][-1] for answer in answers for row in answer["results"]] == list("0123456")

    def test_and_previous_leads_back(self, api, seven):
        answers = follow(api, "agreements/?ordering=title&page_size=2")
        back = follow(api, answers[-2]["next"].removeprefix(BASE), "previous")
        assert [answer["results"] for answer in back] == [answer["results"] for answer in reversed(answers)]

    def test_a_number_is_refused_with_the_way_on(self, api, seven):
        problem = api.read("agreements/?page=3&page_size=2", status=400)
        assert "read on by cursor" in problem["detail"]
        assert [(error["field"], error["code"]) for error in problem["errors"]] == [("page", "too_far")]


class TestWhereACursorStands:
    def test_new_rows_move_nothing(self, api, seven):
        first = api.read("agreements/?ordering=title&page_size=3&cursor=")
        for title in ("Title !", "Title 2+", "Title 9"):
            AgreementFactory(title=title, published=True)
        rest = follow(api, first["next"].removeprefix(BASE))
        assert [row["title"][6:] for answer in rest for row in answer["results"]] == ["2+", *"34569"]
        # Reading back brings what came in between, and nothing twice.
        back = follow(api, rest[0]["previous"].removeprefix(BASE), "previous")
        titles = [row["title"][6:] for answer in reversed(back) for row in answer["results"]]
        assert titles == ["!", "0", "1", "2"]

    def test_rows_that_went_leave_a_way_back(self, api, seven):
        first = api.read("agreements/?ordering=title&page_size=4&cursor=")
        hide(seven[4:])
        empty = api.read(first["next"].removeprefix(BASE))
        assert (empty["results"], empty["next"], empty["count"]) == ([], None, 4)
        back = api.read(empty["previous"].removeprefix(BASE))
        assert [row["title"][-1] for row in back["results"]] == list("0123")

    def test_rows_that_went_leave_a_way_on(self, api, seven):
        second = follow(api, "agreements/?ordering=title&page_size=4&cursor=")[1]
        hide(seven[:4])
        empty = api.read(second["previous"].removeprefix(BASE))
        assert (empty["results"], empty["previous"]) == ([], None)
        on = api.read(empty["next"].removeprefix(BASE))
        assert [row["title"][-1] for row in on["results"]] == list("456")


def hide(agreements):
    Agreement.objects.filter(pk__in=[row.pk for row in agreements]).update(visibility="internal")


class TestWhatACursorBelongsTo:
    @pytest.fixture
    def cursor(self, api, seven) -> str:
        address = api.read("agreements/?ordering=title&page_size=3&q=title&updated_since=2000-01-01&cursor=")[
            "next"
        ]
        return parse_qs(urlsplit(address).query)["cursor"][0]

    @pytest.mark.parametrize(
        "question",
        [
            "q=title&updated_since=2000-01-01&ordering=title",
            "ordering=title&updated_since=2000-01-01&type=&q=%20title%20&country=",
        ],
    )
    def test_the_same_question_in_other_words(self, api, cursor, question):
        for shape in ("", "&page_size=1", "&fields=id,title", "&omit=parties"):
            [first, *_] = api.rows(f"agreements/?{question}{shape}&cursor={quote(cursor)}")
            assert first["title"] == "Title 3"

    @pytest.mark.parametrize(
        ("question", "message"),
        [
            ("ordering=-title&q=title&updated_since=2000-01-01", "another order"),
            ("q=title&updated_since=2000-01-01", "another order"),
            ("ordering=title&q=title", "another question"),
            ("ordering=title&q=titles&updated_since=2000-01-01", "another question"),
            ("ordering=title&q=title&updated_since=2000-01-01&status=signed", "another question"),
        ],
    )
    def test_another_question(self, api, cursor, question, message):
        problem = api.read(f"agreements/?{question}&cursor={quote(cursor)}", status=400)
        assert message in problem["detail"]
        assert [error["field"] for error in problem["errors"]] == ["cursor"]

    def test_another_list(self, api, cursor):
        address = api.read("institutions/?page_size=1&cursor=")["next"]
        other = address.split("cursor=")[1].split("&")[0]
        assert api.bad_fields(f"events/?cursor={other}") == ["cursor"]

    def test_tampering(self, api, cursor):
        question = "agreements/?ordering=title&q=title&updated_since=2000-01-01"
        content, _, signature = cursor.rpartition(":")
        for bad in (cursor[:-2], cursor[1:], f".{cursor}", signature, content, f"{content}:", cursor * 2,
                    cursor.swapcase(), f"{content[:-4]}AAAA:{signature}", "." * 5_000):  # fmt: skip
            assert api.bad_fields(f"{question}&cursor={quote(bad)}") == ["cursor"], bad
