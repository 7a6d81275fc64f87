"""Citations, as programs read them that are not ours."""

import json

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from django.test import Client

from tests.factories import AgreementFactory, InstitutionFactory, SubjectFactory, publish_now
from tests.partnerships.api.conftest import ApiClient

pytestmark = pytest.mark.django_db

HOSTILE = [
    "}, author = {Nobody}, x = {",
    r"50% of A & B_C #1 ~ ^ \ { unbalanced",
    "]]> </script> @misc{evil, }",
    "TI  - not\r\nER  - \r\nTY  - JOUR",
    "한국과학기술원 — „Énergie“ \u202eRTL\u202c",
    'a "quoted" $x$',
]


def cited(record, end: str) -> str:
    response = Client().get(f"/agreements/{record.uid}/cite.{end}")
    assert response.status_code == 200
    assert f'filename="entente-{record.uid}.{end}"' in response["Content-Disposition"]
    return response.content.decode()


def in_bibtex(text: str) -> list:
    library = bibtexparser.parse_string(
        text, append_middleware=[SeparateCoAuthors(), LatexDecodingMiddleware()]
    )
    assert not library.failed_blocks
    return library.entries


def agreement(**facts):
    parties = [InstitutionFactory(name="The Alan Turing Institute"), InstitutionFactory(name="R and D, Ltd")]
    record = AgreementFactory(parties=parties, **facts)
    SubjectFactory(agreement=record)
    publish_now(record)
    return record


def test_bibtex_is_read_by_others():
    record = agreement(title="Memorandum", signed_on="2024-05", signed_place="Seoul")
    [entry] = in_bibtex(cited(record, "bib"))
    fields = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, entry.key) == ("misc", f"entente-{record.uid}")
    assert fields["year"] == "2024" and fields["date"] == "2024-05" and fields["month"] == "may"
    assert fields["author"] == ["{The Alan Turing Institute}", "{R and D, Ltd}"]
    assert fields["url"] == f"http://testserver/agreements/{record.uid}/"


def test_ris_is_read_by_others():
    record = agreement(title="Memorandum", signed_on="2024-05-21", summary="On AI.", languages=["en", "ko"])
    [entry] = rispy.loads(cited(record, "ris"))
    assert entry["title"] == "Memorandum" and entry["authors"][0] == "The Alan Turing Institute"
    assert (entry["year"], entry["date"]) == ("2024", "2024/05/21/")
    assert entry["abstract"] == "On AI." and entry["urls"] == [f"http://testserver/agreements/{record.uid}/"]


def test_csl_is_read_by_others(tmp_path):
    record = agreement(title="Memorandum", signed_on="2024-05")
    items = json.loads(cited(record, "json"))
    assert items[0]["issued"] == {"date-parts": [[2024, 5]]}
    source = CiteProcJSON(items)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    [line] = bibliography.bibliography()
    assert "Memorandum" in str(line) and "The Alan Turing Institute" in str(line) and "2024" in str(line)


def test_what_is_not_known_is_in_no_citation():
    record = agreement()
    [entry] = in_bibtex(cited(record, "bib"))
    assert not {"year", "date", "month", "address"} & {field.key for field in entry.fields}
    [item] = json.loads(cited(record, "json"))
    assert not {"issued", "abstract", "language"} & set(item)
    [entry] = rispy.loads(cited(record, "ris"))
    assert not {"year", "date", "abstract", "language"} & set(entry)


@pytest.mark.parametrize(
    "date, ris, parts", [("2024", "2024///", [2024]), ("2024-05", "2024/05//", [2024, 5])]
)
def test_dates_stay_as_exact_as_they_are(date, ris, parts):
    record = agreement(announced_on=date)
    [entry] = rispy.loads(cited(record, "ris"))
    [item] = json.loads(cited(record, "json"))
    assert entry["date"] == ris and item["issued"]["date-parts"] == [parts]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_stay_titles(title):
    record = agreement(title=title)
    plain = " ".join(title.split())
    [entry] = in_bibtex(cited(record, "bib"))
    assert len(entry.fields_dict["author"].value) == 2
    told, typed = ([one for one in text if one.isalnum() and one != "ˆ"] for text in (title, plain))
    assert [one for one in entry.fields_dict["title"].value if one.isalnum() and one != "ˆ"] == told == typed
    [item] = json.loads(cited(record, "json"))
    assert item["title"] == title
    [entry] = rispy.loads(cited(record, "ris"))
    assert entry["title"] == plain and entry["type_of_reference"] == "GEN"


@pytest.mark.parametrize("form", ["ris", "bibtex", "csl"])
def test_a_filtered_list_is_a_bibliography(form):
    records = [agreement(title=title, signed_on="2024") for title in HOSTILE]
    agreement(title="Other", signed_on="2020")
    body = ApiClient().body(f"agreements/?signed_after=2023&format={form}").decode()
    if form == "ris":
        found = [entry["id"] for entry in rispy.loads(body)]
    elif form == "bibtex":
        found = [entry.key for entry in in_bibtex(body)]
    else:
        found = [item["id"] for item in json.loads(body)]
    assert sorted(found) == sorted(f"entente-{record.uid}" for record in records)


def test_an_empty_bibliography_and_one_of_one_record():
    api = ApiClient()
    assert json.loads(api.body("agreements/?format=csl")) == []
    record = agreement(title="Memorandum")
    one = Client().get(f"/api/v1/agreements/{record.uid}/", headers={"accept": "application/x-bibtex"})
    assert one["Content-Type"].startswith("application/x-bibtex")
    assert one.content.decode().strip() == cited(record, "bib").strip()


def test_a_bibliography_is_made_of_whole_records():
    api = ApiClient()
    assert api.bad_fields("agreements/?format=ris&fields=id") == ["fields"]
    assert api.bad_fields("agreements/?format=ris&bogus=1") == ["bogus"]
    assert api.bad_fields("institutions/?format=ris") == ["format"]


def test_hidden_records_have_no_citation():
    record = AgreementFactory()
    for end in ("ris", "bib", "json"):
        assert Client().get(f"/agreements/{record.uid}/cite.{end}").status_code == 404
    assert Client().get(f"/agreements/{agreement().uid}/cite.exe").status_code == 404


def test_the_page_leads_to_its_citations():
    record = agreement()
    text = Client().get(f"/agreements/{record.uid}/").content.decode()
    assert all(f"/agreements/{record.uid}/cite.{end}" in text for end in ("ris", "bib", "json"))
