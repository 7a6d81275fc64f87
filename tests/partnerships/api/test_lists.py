"""Pages and the choice of fields."""

from urllib.parse import quote

import pytest

from tests.factories import InstitutionFactory, make_public

from .conftest import follow

pytestmark = pytest.mark.django_db


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
        ("page=401", ["page"]),
        ("page=101&page_size=100", ["page"]),
        ("page=999999999", ["page"]),
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
    assert api.read("agreements/?page=400", status=404)


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
