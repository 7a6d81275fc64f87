"""Timeline, matrix and trends as pages and files: what they say, refuse, keep and link to."""

import csv
import io
import re
from html import unescape

import pytest
from django.urls import reverse

from tests.factories import AgreementFactory, InstitutionFactory, UserFactory
from tests.partnerships.pictures.registry import agreement, furnish

pytestmark = pytest.mark.django_db

PAGES = ("timeline", "matrix", "trends")


def get(client, name: str, query: str = ""):
    return client.get(reverse(f"partnerships:explore-{name}") + query)


def number_of_list(client, address: str) -> int:
    page = client.get(unescape(address)).content.decode()
    found = re.search(r'<h2[^>]*id="results"[^>]*>\s*([\d,]+)', page)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_registry_is_told(client, name):
    response = get(client, name)
    assert response.status_code == 200
    assert "nothing to draw" in response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_one_record_of_which_nothing_is_known(client, name):
    agreement("KR GB", [], title="Lonely")
    response = get(client, name)
    assert response.status_code == 200
    assert "1 agreement" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("matrix", "?rows=institution", "Choose one of"),
        ("matrix", "?rows=year&columns=year", "must differ"),
        ("trends", "?by=<script>", "Choose one of"),
        ("timeline", "?by=country&country=XX", "no ISO 3166-1 country code"),
        ("matrix", "?together=GB,XX", "no ISO 3166-1 country code"),
        ("trends", "?end_year=99", "Write a year"),
    ],
)
def test_a_bad_value_shows_the_error_and_no_picture(client, name, query, words):
    agreement("KR GB", [], title="Shown otherwise", signed_on="2020")
    response = get(client, name, query)
    page = response.content.decode()
    assert response.status_code == 400
    assert words in page
    assert "<figure" not in page and "<script>" not in page
    file = client.get(reverse(f"partnerships:explore-{name}-file", kwargs={"form": "csv"}) + query)
    assert file.status_code == 400
    assert words in file.content.decode()


def test_an_unknown_parameter_is_a_notice_and_the_own_ones_are_none(client):
    agreement("KR GB", [], signed_on="2020")
    page = get(client, "matrix", "?rows=type&columns=year&wrong=1").content.decode()
    assert page.count("was left out") == 1
    assert "wrong" in page


def test_the_choice_of_a_drawing_is_kept_when_filters_are_sent(client):
    agreement("KR GB", [], signed_on="2020")
    page = get(client, "trends", "?by=type").content.decode()
    assert re.search(r'<input type="hidden"\s+name="by"\s+value="type"\s+form="filters"', page)


def test_each_cell_leads_to_as_many_agreements(client):
    furnish()
    for query in ("", "?rows=type&columns=year", "?country=KR&rows=country&columns=year"):
        page = get(client, "matrix", query).content.decode()
        cells = re.findall(r'<td class="ramp-[1-7]">\s*<a href="([^"]+)"[^>]*>([\d,]+)</a>', page)
        assert len(cells) > 3
        for address, number in cells:
            assert number_of_list(client, address) == int(number), address


def test_each_bar_leads_to_as_many_agreements(client):
    furnish()
    for page in (get(client, "trends", "?by=type"), get(client, "timeline")):
        bars = re.findall(
            r'<a href="([^"]+)" class="bar-link">\s*<title>\s*\d+: (\d+) ', page.content.decode()
        )
        assert bars
        for address, number in dict(bars).items():
            assert number_of_list(client, address) == int(number), address


def test_a_hostile_name_is_text(client):
    name = "<script>alert(1)</script> \u202e مرحبا 🙂 " + "x" * 250
    parties = [InstitutionFactory(name=f"{name[:190]} {place}", country_id="KR") for place in "AB"]
    AgreementFactory(title=name, parties=parties, published=True, signed_on="2020")
    for query in ("", "?by=institution"):
        page = get(client, "timeline", query).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_file_holds_what_the_picture_shows_and_no_formula(client):
    agreement("KR GB", [], title="=HYPERLINK(1)", signed_on="2020-05", type="exchange")
    rows = read_csv(client, "timeline")
    assert rows[0]["Signed"] == "2020-05"
    assert rows[0]["Title"].startswith("'=")
    [cell] = read_csv(client, "matrix", "?rows=type&columns=year")
    assert (cell["Kind (id)"], cell["Year"], cell["Agreements"]) == ("exchange", "2020", "1")
    body = client.get(reverse("partnerships:explore-trends-file", kwargs={"form": "json"})).json()
    assert body["total"]["value"] == 1
    assert {row["year"]: row["signed"] for row in body["rows"]}[2020] == 1


def read_csv(client, name: str, query: str = "") -> list[dict]:
    response = client.get(reverse(f"partnerships:explore-{name}-file", kwargs={"form": "csv"}) + query)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_spans_come_in_pages_and_groups_in_bands(client):
    parties = [InstitutionFactory(country_id="KR"), InstitutionFactory(country_id="FR")]
    for number in range(3):
        AgreementFactory(title=f"Nr {number}", parties=parties, published=True, effective_from=f"201{number}")
    page = get(client, "timeline", "?page_size=2&by=country").content.decode()
    assert [title in page for title in ("Nr 2", "Nr 1", "Nr 0")] == [True, True, False]
    assert "In force at the end of each year" in page
    assert 'rel="next"' in page
    assert get(client, "timeline", "?page_size=2&page=3").status_code == 404


def test_what_may_not_be_seen_is_in_no_picture(client):
    agreement("MN KR", [], title="Hush", visibility="internal", signed_on="2020")
    agreement("KR GB", [], signed_on="2021")
    for name in PAGES:
        page = get(client, name, "?by=country" if name != "matrix" else "").content.decode()
        assert "Hush" not in page and "Mongolia" not in page
    client.force_login(UserFactory())
    assert "Hush" in get(client, "timeline").content.decode()
    assert get(client, "matrix").headers["Cache-Control"] == "private"


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("timeline", ""),
        ("timeline", "?by=country&page_size=2"),
        ("matrix", ""),
        ("matrix", "?rows=subject&columns=year"),
        ("trends", "?by=type"),
    ],
)
def test_statements_do_not_grow(client, counted_queries, name, query):
    furnish()
    with counted_queries(f"GET /explore/{name}/{query}"):
        assert get(client, name, query).status_code == 200
