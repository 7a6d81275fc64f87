"""CSV, XLSX and NDJSON: all rows of a question, safe to open."""

import csv
import io
import json
import re

import pytest
from openpyxl import load_workbook

from partnerships.api import base, exports, renderers
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    InstitutionFactory,
    SignatoryFactory,
    make_public,
    publish_now,
)

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RESOURCES = [
    "agreements", "partnerships", "institutions", "people", "focus-areas", "activities", "events",
    "sources", "documents", "countries",
]  # fmt: skip


def table(body: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


@pytest.fixture
def agreement():
    record = AgreementFactory(
        title="Énergie — 에너지",
        parties=[
            InstitutionFactory(name="One", ror_id="035dkdb55"),
            InstitutionFactory(name="Two", country_id="KR"),
        ],
        signed_on="2024-05",
        end_kind="open_ended",
        notice_amount=6,
        notice_unit="months",
    )
    SignatoryFactory(party=record.parties.first(), name_as_printed="Dr One")
    ActivityFactory(agreement=record, kind="events")
    ActivityFactory(agreement=record, kind="training", position=1)
    publish_now(record)
    return record


def test_csv(api, agreement):
    response = api.get("/api/v1/agreements/?format=csv&country=KR")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert re.fullmatch(
        r'attachment; filename="agreements-\d{4}-\d\d-\d\d\.csv"', response.headers["Content-Disposition"]
    )
    body = b"".join(response.streaming_content)
    assert body.startswith(b"id,"), "no byte order mark"
    [row] = table(body)
    assert list(row) == [column.name for column in exports.AGREEMENTS]
    assert {
        "id": agreement.uid,
        "title": "Énergie — 에너지",
        "signed_on": "2024-05",
        "announced_on": "",
        "end_kind": "open_ended",
        "ends_on": "",
        "notice": "6 months",
        "terminated_on": "",
        "event": "",
        "parties": "One; Two",
        "party_ror_ids": "https://ror.org/035dkdb55; ",
        "party_countries": "GB; KR",
        "signatories": "Dr One",
        "speakers": "",
        "activities": "events; training",
        "source_urls": "",
    }.items() <= row.items()


def test_ndjson_is_the_json_record_a_line(api, agreement):
    AgreementFactory(published=True)
    lines = api.body("agreements/?format=ndjson").decode().splitlines()
    assert [json.loads(line) for line in lines] == api.rows("agreements/")


def test_xlsx(api, agreement):
    response = api.get("/api/v1/agreements/?format=xlsx")
    assert response.headers["Content-Type"] == XLSX
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    [names, row] = book.active.iter_rows(values_only=True)
    assert dict(zip(names, row, strict=True))["title"] == "Énergie — 에너지"


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ndjson"])
def test_every_list_has_every_format(api, agreement, resource, kind):
    assert api.get(f"/api/v1/{resource}/?format={kind}").status_code == 200


@pytest.mark.parametrize("resource", RESOURCES)
def test_columns_are_made_from_keys_of_the_record(api, agreement, resource):
    from config.api_router import RESOURCES as VIEWS

    view = VIEWS[resource][1]
    known = set(view.serializer_class._declared_fields)
    assert {column.key for column in view.columns} <= known
    names = [column.name for column in view.columns]
    assert len(names) == len(set(names))


def test_a_format_gives_all_rows_whatever_the_page(api, monkeypatch):
    monkeypatch.setattr(base, "CHUNK", 10)
    make_public(*InstitutionFactory.create_batch(32))
    for question in ("", "&page_size=5&page=2", "&cursor="):
        assert len(table(api.body(f"institutions/?format=csv{question}"))) == 32


def test_partnerships_are_complete_in_every_chunk(api, monkeypatch):
    monkeypatch.setattr(base, "CHUNK", 2)
    AgreementFactory(parties=InstitutionFactory.create_batch(4), published=True)
    rows = table(api.body("partnerships/?format=csv"))
    assert sorted(row["id"] for row in rows) == sorted(row["id"] for row in api.rows("partnerships/"))


def test_columns_follow_the_choice_of_fields(api, agreement):
    [row] = table(api.body("agreements/?format=csv&fields=title,end"))
    assert row == {"title": "Énergie — 에너지", "end_kind": "open_ended", "ends_on": ""}
    [row] = table(api.body("agreements/?format=csv&omit=parties"))
    assert not {"parties", "party_ids", "party_ror_ids"} & set(row)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(api, begin):
    hostile = f'{begin}HYPERLINK("http://evil.example")'
    AgreementFactory(title=hostile, published=True)
    [row] = table(api.body("agreements/?format=csv"))
    assert row["title"] == f"'{hostile}"
    book = load_workbook(io.BytesIO(api.body("agreements/?format=xlsx")))
    cell = [row[2] for row in book.active.iter_rows()][1]
    # Whether a carriage return comes back as one depends on the XML library that is installed.
    assert (cell.data_type, cell.value[:2].replace("\r", "\n")) == ("s", f"'{begin}".replace("\r", "\n"))


def test_numbers_stay_numbers(api):
    make_public(InstitutionFactory(latitude=-33.9, longitude=18.4))
    [row] = table(api.body("institutions/?format=csv"))
    assert (row["latitude"], row["longitude"]) == ("-33.9", "18.4")


def test_characters_that_a_workbook_cannot_hold_are_left_out(api):
    AgreementFactory(title="bell\x07", published=True)
    assert load_workbook(io.BytesIO(api.body("agreements/?format=xlsx"))).active["C2"].value == "bell"


def test_a_workbook_that_would_be_too_large_is_refused(api, agreement, monkeypatch):
    AgreementFactory(published=True)
    monkeypatch.setattr(renderers.XlsxRenderer, "limit", 1)
    problem = api.read("agreements/?format=xlsx", status=400)
    assert problem["errors"][0]["code"] == "too_many_rows"
    assert "csv or ndjson" in problem["detail"]
    assert api.get("/api/v1/agreements/?format=xlsx&country=KR").status_code == 200


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        (XLSX, XLSX),
        ("application/x-ndjson", "application/x-ndjson"),
    ],
)
def test_accept_chooses_the_format(api, agreement, accept, kind):
    response = api.get("/api/v1/agreements/", headers={"accept": accept})
    assert response.headers["Content-Type"] == kind


def test_format_goes_before_accept(api, agreement):
    response = api.get("/api/v1/agreements/?format=json", headers={"accept": "text/csv"})
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("format", ["csv", "xlsx", "ndjson"])
@pytest.mark.parametrize("question", ["count=bogus", "page=0", "page=10001", "page_size=x"])
def test_what_makes_no_sense_is_refused_though_it_does_not_apply(api, format, question):
    assert api.get(f"/api/v1/agreements/?format={format}&{question}").status_code == 400


def test_unknown_formats_are_refused(api, agreement):
    assert api.bad_fields("agreements/?format=pdf") == ["format"]
    assert api.bad_fields(f"agreements/{agreement.uid}/?format=csv") == ["format"]
    problem = api.read("agreements/", status=406, headers={"accept": "image/png"})
    assert "json, csv, xlsx, ndjson" in problem["detail"]


def test_a_wrong_question_is_a_problem_in_every_format(api):
    for kind in ("csv", "xlsx", "ndjson"):
        response = api.get(f"/api/v1/agreements/?bogus=1&format={kind}")
        assert response.status_code == 400
        assert response.headers["Content-Type"] == "application/problem+json"
