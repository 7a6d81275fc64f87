"""Pages, cursors and the choice of fields."""

from urllib.parse import quote

import pytest

from tests.factories import AgreementFactory, InstitutionFactory, make_public

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven():
    """Agreements with all kinds of signing dates, some unknown and some alike."""
    dates = ["2024", None, "2024-05", "2010-01-01", None, "2024-05", "1999"]
    return [
        AgreementFactory(title=f"Title {number}", signed_on=date, published=True)
        for number, date in enumerate(dates)
    ]


def follow(api, path: str) -> list[dict]:
    """Return the answers from ``path`` on, as far as ``next`` leads."""
    answers = [api.read(path)]
    while address := answers[-1]["next"]:
        answers.append(api.read(address.removeprefix("http://testserver/api/v1/")))
        assert len(answers) < 20
    return answers


def test_the_envelope(api, seven):
    answer = api.read("agreements/")
    assert list(answer) == ["count", "next", "previous", "results"]
    assert (answer["count"], answer["next"], answer["previous"]) == (7, None, None)


def test_pages_lead_to_one_another(api, seven):
    answers = follow(api, "agreements/?page_size=3&ordering=title")
    assert [[row["title"][-1] for row in answer["results"]] for answer in answers] == [
        ["0", "1", "2"],
        ["3", "4", "5"],
        ["6"],
    ]
    assert answers[0]["previous"] is None
    assert answers[1]["previous"] == "http://testserver/api/v1/agreements/?ordering=title&page_size=3"
    assert answers[2]["previous"].endswith("?ordering=title&page=2&page_size=3")


def test_a_list_is_cut_at_25(api):
    make_public(*InstitutionFactory.create_batch(26))
    answer = api.read("institutions/")
    assert (answer["count"], len(answer["results"])) == (26, 25)


def test_an_empty_list_has_a_first_page(api):
    assert api.read("agreements/") == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("page=0", ["page"]),
        ("page=-1", ["page"]),
        ("page=two", ["page"]),
        ("page=1.5", ["page"]),
        (f"page={'9' * 5000}", ["page"]),
        ("page=²", ["page"]),
        ("page_size=0", ["page_size"]),
        ("page_size=101", ["page_size"]),
        ("page_size=many", ["page_size"]),
        ("cursor=&page=1", ["page"]),
        ("cursor=nonsense", ["cursor"]),
        ("cursor=a:b:c", ["cursor"]),
        ("fields=colour", ["fields"]),
        ("fields=title,colour&omit=shape", ["fields", "omit"]),
        ("fields=title&omit=title", ["omit"]),
    ],
)
def test_a_wrong_shape_is_refused_by_name(api, question, fields):
    assert api.bad_fields(f"agreements/?{question}") == fields


def test_behind_the_last_page_there_is_nothing(api, seven):
    problem = api.read("agreements/?page=2", status=404)
    assert problem["detail"] == "There is no page 2; the last one is 1."
    assert api.read("agreements/?page=999999999", status=404)


ORDERS = [
    "", "signed_on", "-signed_on", "announced_on", "ends_on", "-ends_on", "title", "-title", "-created_at",
    "signed_on,-title", "-signed_on,title",
]  # fmt: skip


@pytest.mark.parametrize("ordering", ORDERS)
def test_a_cursor_reads_the_same_list(api, seven, ordering):
    whole = [row["id"] for row in api.rows(f"agreements/?ordering={ordering}")]
    answers = follow(api, f"agreements/?ordering={ordering}&page_size=2&cursor=")
    assert [row["id"] for answer in answers for row in answer["results"]] == whole
    assert {answer["count"] for answer in answers} == {7}
    assert {answer["previous"] for answer in answers} == {None}


@pytest.mark.parametrize(
    "path",
    [
        "institutions/?x", "institutions/?ordering=-agreements", "countries/?q=land", "sources/?x",
        "partnerships/?x", "partnerships/?ordering=first_on", "partnerships/?ordering=-latest_on",
        "partnerships/?ordering=-agreements",
    ],
)  # fmt: skip
def test_every_resource_can_be_read_by_cursor(api, seven, path):
    path = path.removesuffix("x")
    whole = [row["id"] for row in api.rows(f"{path}&page_size=100")]
    answers = follow(api, f"{path}&page_size=5&cursor=")
    assert [row["id"] for answer in answers for row in answer["results"]] == whole


def test_a_cursor_stands_where_it_was_put(api, seven):
    first = api.read("agreements/?ordering=title&page_size=3&cursor=")
    AgreementFactory(title="Title !", published=True)
    second = api.read(first["next"].removeprefix("http://testserver/api/v1/"))
    assert [row["title"][-1] for row in second["results"]] == ["3", "4", "5"]


def test_a_cursor_belongs_to_its_order(api, seven):
    address = api.read("agreements/?ordering=title&page_size=3&cursor=")["next"]
    cursor = address.split("cursor=")[1].split("&")[0]
    problem = api.read(f"agreements/?ordering=-title&cursor={cursor}", status=400)
    assert problem["detail"] == "This cursor belongs to another order."
    assert api.bad_fields(f"agreements/?ordering=title&cursor={cursor[:-2]}") == ["cursor"]


class TestSelection:
    @pytest.mark.parametrize(
        "question", ["fields=id,title", "fields=id&fields=title", "fields=%20title%20,,id,"]
    )
    def test_fields(self, api, seven, question):
        assert list(api.rows(f"agreements/?{question}")[0]) == ["id", "title"]
        assert list(api.read(f"agreements/{seven[0].uid}/?{question}")) == ["id", "title"]

    def test_omit(self, api, seven):
        whole = api.rows("agreements/")[0]
        short = api.rows("agreements/?omit=parties,sources")[0]
        assert set(whole) - set(short) == {"parties", "sources"}
        assert "title" not in api.rows("agreements/?fields=id,title&omit=title")[0]

    def test_a_choice_of_a_prepared_record_takes_no_more_statements(
        self, api, seven, django_assert_max_num_queries
    ):
        api.rows("agreements/")
        with django_assert_max_num_queries(3):
            api.rows("agreements/?fields=id,title,status")

    def test_what_is_left_out_is_not_fetched(self, staff, seven, django_assert_max_num_queries):
        with django_assert_max_num_queries(7):
            staff.rows("agreements/?fields=id,title,status")
        with django_assert_max_num_queries(10):
            staff.rows("agreements/?fields=id,parties")

    def test_a_detail_knows_no_other_parameters(self, api, seven):
        path = f"agreements/{seven[0].uid}/"
        assert api.bad_fields(f"{path}?status=signed&page=1") == ["page", "status"]
        assert api.bad_fields(f"{path}?fields=colour") == ["fields"]


@pytest.mark.parametrize(
    "written",
    ["035dkdb55", "035DKDB55", "ror.org/035dkdb55", "https://ror.org/035dkdb55", "http://www.ror.org/035dkdb55/"],
)  # fmt: skip
def test_a_ror_id_in_any_form_is_an_institutions_id(api, written):
    institution = InstitutionFactory(ror_id="035dkdb55")
    make_public(institution)
    for path in (written, quote(written, safe=""), written.replace("://", ":/")):
        assert api.read(f"institutions/{path}/")["id"] == institution.uid
