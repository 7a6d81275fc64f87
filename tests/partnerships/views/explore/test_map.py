"""The map as a page and as files: parts of it, ways on, and bad questions."""

import csv
import io

import pytest

from tests.factories import AgreementFactory, InstitutionFactory
from tests.partnerships.pictures.registry import furnish

pytestmark = pytest.mark.django_db

PAGE = "/explore/map/"
SEOUL = {"country_id": "KR", "city": "Seoul", "latitude": 37.57, "longitude": 126.98}
LONDON = {"country_id": "GB", "city": "London", "latitude": 51.51, "longitude": -0.13}


@pytest.fixture
def joined():
    sides = InstitutionFactory(name="KAIST", **SEOUL), InstitutionFactory(name="Turing", **LONDON)
    AgreementFactory(parties=sides, published=True)
    return sides


def test_an_empty_registry_says_that_there_is_nothing(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200 and b"nothing to draw" in answer.content


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("view=north", "view"),
        ("view=1,2", "view"),
        ("view=1,2,99", "view"),
        ("view=nan,1,1", "view"),
        ("at=XX", "at"),
        ("at=%00", "at"),
        ("lines=all", "lines"),
    ],
)
def test_a_bad_part_is_refused_by_name(client, joined, query, field):
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 400
    [fault] = page.context["errors"]
    assert field in str(fault)
    assert "data-map=" not in page.content.decode()
    file = client.get(f"/explore/map.json?{query}")
    assert file.status_code == 400 and field in file.content.decode()


def test_ways_on_lead_to_records_and_to_the_list(client, joined):
    html = client.get(PAGE).content.decode()
    kaist, turing = joined
    uid = "-".join(sorted((kaist.uid, turing.uid)))
    for address in (f"/institutions/{kaist.uid}/", f"/partnerships/{uid}/", "/agreements/?country=KR"):
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200


def test_a_part_of_the_map_shows_what_lies_there(client, joined):
    near = client.get(f"{PAGE}?at=KR").context["picture"]
    assert [one["name"] for one in near["institutions"]] == ["KAIST"]
    assert {one["name"]: bool(one["address"]) for one in near["controls"]}["whole"]


def test_a_file_holds_countries_places_and_lines(client, joined):
    text = client.get("/explore/map.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(row["What"] for row in rows) == ["country", "country", "line", "place", "place"]
    [line] = (row for row in rows if row["What"] == "line")
    assert {line["Name"], line["Joined to"]} == {"Seoul", "London"} and line["Agreements"] == "1"


def test_a_hostile_name_is_text(client):
    sides = InstitutionFactory(name="<script>alert(1)</script>", **SEOUL), InstitutionFactory(**LONDON)
    AgreementFactory(parties=sides, published=True)
    assert "<script>alert(1)" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("query", ["", "country=KR", "view=127,37.5,6"])
def test_statements_do_not_grow(client, counted_queries, query):
    furnish()
    for more in (0, 5):
        for _ in range(more):
            sides = InstitutionFactory(**SEOUL), InstitutionFactory(**LONDON)
            AgreementFactory(parties=sides, published=True)
        client.get(PAGE)
        with counted_queries(f"GET {PAGE}?{query}"):
            client.get(f"{PAGE}?{query}")
