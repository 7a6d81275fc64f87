"""``/api/v1/snapshots/`` and ``manage.py snapshot``."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pyarrow import parquet

from partnerships.api import snapshots
from partnerships.api.changes import LONGEST, MOST, Question
from partnerships.api.lasting import KEYS
from partnerships.models import Agreement, Event, Institution, PendingChange, ToldRecord
from partnerships.querysets.feed import KINDS, RESOURCES
from partnerships.services.feed import tell_all
from partnerships.services.publication import withdraw
from partnerships.services.snapshots import FORMATS, SCHEMA_VERSION, Still, ndjson, standing_still
from partnerships.services.snapshots.formats import Digesting
from tests.factories import (
    AgreementFactory,
    EventFactory,
    InstitutionFactory,
    PersonFactory,
    SignatoryFactory,
    SubjectFactory,
    administrator,
    make_public,
    publish_now,
)
from tests.partnerships.api.conftest import ApiClient

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).resolve().parents[3] / "docs" / "integrators"


@pytest.fixture
def record():
    found = AgreementFactory(title="Taken along", signed_on="2024-05", notice_amount=3, notice_unit="months")
    SignatoryFactory(party=found.parties.first(), person=PersonFactory(name="Kim"))
    SubjectFactory(agreement=found)
    Agreement.objects.filter(pk=found.pk).update(event=EventFactory())
    publish_now(found)
    AgreementFactory(title="quetzal", visibility="internal", published=True)
    AgreementFactory(title="quetzal draft")
    tell_all()
    return found


def lines(body: bytes) -> list[dict]:
    return [json.loads(line) for line in body.decode().splitlines()]


def test_what_there_is(api):
    told = api.read("snapshots/")
    assert told["resources"] == KEYS
    assert told["cursor"] == api.read("changes/")["next"]
    for file in told["files"]:
        response = api.get(file["url"])
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith(file["media_type"])
        assert b"".join(response.streaming_content)
    assert len(told["files"]) == 16


def test_everything_as_lines(api, record):
    body = api.body("snapshots/all.ndjson")
    head, *rows, end = lines(body)
    assert head["snapshot"]["cursor"] == api.read("changes/?limit=500")["next"]
    assert head["snapshot"]["resources"] == list(RESOURCES)
    before = body[: body.rindex(b'{"end"')]
    assert end["end"]["sha256"] == sha256(before).hexdigest()
    numbers = {name: sum(row["resource"] == name for row in rows) for name in RESOURCES}
    assert end["end"]["rows"] == numbers
    assert numbers["agreements"] == numbers["people"] == numbers["events"] == numbers["focus-areas"] == 1
    for row in rows:
        whole = api.read(f"{row['resource']}/{row['record']['id']}/")
        assert row["record"] == {key: whole[key] for key in KEYS[row["resource"]]}
    assert b"quetzal" not in body


def test_as_a_table(api, record):
    response = api.get("/api/v1/snapshots/agreements.csv")
    body = b"".join(response.streaming_content)
    [row] = csv.DictReader(io.StringIO(body.decode()))
    assert (row["title"], row["signed_on"], row["signatories"]) == ("Taken along", "2024-05", "Dr Kim")
    assert "status" not in row
    assert response.headers["X-Snapshot-SHA256"] == sha256(body).hexdigest()
    assert response.headers["X-Snapshot-Rows"] == "1"
    assert int(response.headers["Content-Length"]) == len(body)
    assert response.headers["X-Snapshot-Cursor"] == api.read("changes/?limit=500")["next"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_as_parquet(api, record, resource):
    body = api.body(f"snapshots/{resource}.parquet")
    table = parquet.read_table(io.BytesIO(body))
    rows = [row["record"] for row in lines(api.body(f"snapshots/{resource}.ndjson"))[1:-1]]
    assert table.to_pylist() == rows, "types and values are those of the record"
    assert table.column_names == KEYS[resource]
    about = json.loads(table.schema.metadata[b"entente"])
    assert about["resource"] == resource and about["schema_version"] == "1"


def test_what_was_hidden_a_moment_ago_is_left_out(api, record):
    withdraw(agreement=record, by=administrator(), reason="Wrong.")
    # Nobody has told it yet.
    waiting = list(PendingChange.objects.values_list("pk", flat=True))
    assert waiting
    body = b"".join(ndjson(Still("0", record.created_at, str), ["agreements"]))
    assert b"Taken along" not in body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("countries.csv", 404),
        ("agreements.xlsx", 404),
        ("all.csv", 404),
        ("agreements", 404),
        ("agreements.csv?q=x", 400),
        ("all.ndjson?after=0", 400),
        ("?page=2", 400),
    ],
)
def test_bad_addresses(api, path, status):
    assert api.get(f"/api/v1/snapshots/{path}").status_code == status


def test_accept_does_not_matter_and_headers_alone_are_cheap(api, record, django_assert_max_num_queries):
    assert api.body("snapshots/agreements.csv", headers={"accept": "image/png"})
    with django_assert_max_num_queries(0):
        response = api.head("/api/v1/snapshots/all.ndjson")
    assert response.status_code == 200 and response.headers["X-Snapshot-Schema"] == "1"


def test_too_many_at_once(api, record, monkeypatch):
    monkeypatch.setattr(snapshots, "PLACES", threading.BoundedSemaphore(1))
    unread = api.get("/api/v1/snapshots/all.ndjson")
    refused = api.get("/api/v1/snapshots/agreements.csv")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert b"".join(unread.streaming_content)
    for _ in range(3):
        assert api.body("snapshots/agreements.csv")
        assert api.body("snapshots/agreements.ndjson")


@pytest.mark.django_db(transaction=True)
def test_one_moment_whatever_is_written_meanwhile(monkeypatch):
    monkeypatch.setattr("partnerships.services.snapshots.formats.PIECE", 1)
    monkeypatch.setattr("partnerships.services.snapshots.still.CHUNK", 1)
    make_public(*InstitutionFactory.create_batch(20, name="Before"))
    tell_all()
    with_one = ndjson_over_http()
    begun = [next(with_one), next(with_one)]

    def write() -> None:
        Institution.objects.update(name="After")
        make_public(InstitutionFactory(name="After"))
        tell_all()
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(20)
    assert not PendingChange.objects.exists()
    body = b"".join([*begun, *with_one])
    assert body.count(b"Before") == 20 and b"After" not in body
    later = b"".join(ndjson_over_http())
    assert later.count(b'"name":"After"') == 21 and b"Before" not in later
    assert lines(body)[0]["snapshot"]["cursor"] != lines(later)[0]["snapshot"]["cursor"]


def ndjson_over_http():
    return iter(ApiClient().get("/api/v1/snapshots/institutions.ndjson").streaming_content)


# --- memory ---------------------------------------------------------------------------------------------


class Nowhere:
    """A file that keeps nothing."""

    def write(self, piece) -> int:
        return len(piece)


def _peak(kind: str) -> int:
    """The most memory that Python holds while all agreements are written."""
    write = FORMATS[kind][0]
    tracemalloc.start()
    try:
        with standing_still() as still:
            rows = write(Digesting(Nowhere()), still, "agreements")
        assert rows == ToldRecord.objects.filter(resource="agreements", seen="public").count()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", FORMATS)
def test_memory_does_not_grow_with_the_rows(record, kind, monkeypatch):
    monkeypatch.setattr("partnerships.services.snapshots.formats.ROW_GROUP", 200)
    monkeypatch.setattr("partnerships.services.snapshots.still.CHUNK", 100)
    one = ToldRecord.objects.get(resource="agreements", key=record.pk)
    # As if there were so many agreements: rows of another kind are made in no time.
    monkeypatch.setitem(RESOURCES, "agreements", ("partnerships", "Event"))
    ToldRecord.objects.all().delete()

    def fill(number: int) -> None:
        made = Event.objects.bulk_create([Event(name="E", visibility="public") for _ in range(number)])
        told = (ToldRecord(resource="agreements", key=row.pk, uid=row.uid, seen="public") for row in made)
        ToldRecord.objects.bulk_create(told)
        ToldRecord.objects.update(public=one.public)

    fill(400)
    few = _peak(kind)
    fill(1_200)
    many = _peak(kind)
    assert many < few * 1.3, f"{few:,} bytes for 400 rows, {many:,} for 1,600"


# --- files ----------------------------------------------------------------------------------------------


def _checked(folder: Path) -> dict:
    """The manifest of a folder, after every file that it names was held against it."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["files"]:
        body = (folder / file["name"]).read_bytes()
        assert (len(body), sha256(body).hexdigest()) == (file["bytes"], file["sha256"])
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        *(file["name"] for file in manifest["files"]),
    }
    return manifest


def test_files_with_a_manifest(record, tmp_path, capsys):
    folder = tmp_path / "out" / "of here"
    call_command("snapshot", str(folder), "--format", "ndjson", "--format", "csv", "--format", "parquet")
    first = _checked(folder)
    rows = {(file["resource"], file["format"]): file["rows"] for file in first["files"]}
    assert len(rows) == 15 and rows["agreements", "csv"] == rows["agreements", "parquet"] == 1
    assert "agreements-" in capsys.readouterr().out
    [name] = [
        file["name"]
        for file in first["files"]
        if (file["resource"], file["format"]) == ("agreements", "ndjson")
    ]
    [row] = [one["record"] for one in lines((folder / name).read_bytes()) if "record" in one]
    assert row["url"] == f"http://127.0.0.1:8000/api/v1/agreements/{record.uid}/"

    (folder / "half.ndjson.part").write_bytes(b"left by one that was killed")
    call_command("snapshot", str(folder), "--origin", "https://registry.example/")
    second = _checked(folder)
    assert len(second["files"]) == 5 and second["at"] > first["at"]


_SLOWLY = """
import sys, time
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from pathlib import Path
from partnerships.services.snapshots import formats, write_folder
write, media = formats.FORMATS["ndjson"]
def slowly(file, still, resource):
    rows = write(file, still, resource)
    print(resource, flush=True)
    if resource == "people":
        time.sleep(60)
    return rows
formats.FORMATS["ndjson"] = slowly, media
write_folder(folder=Path(sys.argv[2]), kinds=["ndjson"])
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_run_leaves_the_snapshot_before(tmp_path):
    make_public(InstitutionFactory())
    call_command("snapshot", str(tmp_path), verbosity=0)
    before = _checked(tmp_path)
    command = [sys.executable, "-c", _SLOWLY, connection.settings_dict["NAME"], str(tmp_path)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        while process.stdout.readline().strip() != "people":
            assert process.poll() is None
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest == before and all((tmp_path / file["name"]).exists() for file in before["files"])
    time.sleep(0.01)
    call_command("snapshot", str(tmp_path), verbosity=0)
    assert json.loads((tmp_path / "manifest.json").read_text())["at"] > before["at"]
    assert not list(tmp_path.glob("*.part"))


def test_the_page_for_integrators_lists_every_key():
    page = (DOCS / "snapshots.md").read_text()
    version, table = page.split("## Keys")[1].split("## ")[0].split("| resource | keys |\n|---|---|\n")
    assert f"`schema_version` is `{SCHEMA_VERSION}`" in version
    listed = {}
    for line in table.strip().splitlines():
        resource, keys = (re.findall("`([^`]+)`", cell) for cell in line.strip("| ").split(" | "))
        listed[resource[0]] = keys
    assert listed == KEYS, "a key was added or taken away: say so there, and move SCHEMA_VERSION"
    assert {f"`{kind}`" for kind in FORMATS} <= set(re.findall("`[^`\n]+`", page))


def test_the_page_about_changes_knows_the_feed():
    page = (DOCS / "changes.md").read_text()
    named = set(re.findall("`([^`\n]+)`", page))
    assert {*Question.base_fields, *RESOURCES, *KINDS} <= named
    assert f"up to {MOST};" in page and f"up to {LONGEST} seconds" in page
