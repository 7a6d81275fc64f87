"""The command: files of every packing, and one clear line for what is no dump."""

import gzip
import itertools
import json
import tracemalloc
from io import StringIO
from pathlib import Path

import ijson
import pytest
from django.core.management import CommandError, call_command

from partnerships.models import Institution
from partnerships.services.ror.reading import open_dump

from .records import dump, record, related, ror

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[5] / "shared/data/ror/ror_records_v2.json.gz"


def run(path: Path, **options) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_ror", path, no_progress=True, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.zip"])
def test_every_packing_is_read(tmp_path, name):
    out, _ = run(dump(tmp_path, record("5abcde"), name=name))
    assert "1 records read: 1 added, 0 changed, 0 unchanged, 0 refused." in out
    assert Institution.objects.get().ror_id == ror("5abcde")


def test_refusals_are_shown_and_kept(tmp_path):
    bad = [record("5abcde", status=None, names=[]) for _ in range(25)]
    report = tmp_path / "refused.ndjson"
    _, err = run(dump(tmp_path, record("5abcdf"), *bad), report=report)
    assert err.count("Refused: record") == 20
    assert "… and 5 more refusals" in err
    rows = [json.loads(line) for line in report.read_text().splitlines()]
    assert len(rows) == 25
    assert rows[0] == {
        "what": "record",
        "position": 2,
        "ror_id": f"https://ror.org/{ror('5abcde')}",
        "reason": "has no display name",
    }


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"{}", "is a JSON object"),
        (b"hello", "is no JSON"),
        (b"[]", "holds no records"),
        (b'[{"a": 1}]', "holds no ROR records"),
        (b'[{"id": "https://ror.org/05apxxy63", "name": "X"}]', "schema 1"),
        (gzip.compress(b'[{"id": "a", "names"', mtime=0)[:-4], "damaged"),
        (b"PK\x03\x04 no archive", "cannot be opened"),
    ],
)
def test_what_is_no_dump_is_one_clear_line(tmp_path, content, why):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=why):
        run(path)


def test_a_missing_file_is_one_clear_line(tmp_path):
    with pytest.raises(CommandError, match="cannot be opened"):
        run(tmp_path / "nothing.json")
    with pytest.raises(CommandError, match="directory"):
        run(tmp_path)


def test_a_file_cut_short_keeps_what_came_before(tmp_path):
    """The next run completes it."""
    rows = [record(f"5abc{a}{b}") for a in "0123456789" for b in "0123456789abcdefghjkmnpqrstvwxyz"]
    rows += [record(f"5abd{a}{b}") for a in "0123456789" for b in "0123456789abcdefghjkmnpqrstvwxyz"]
    rows[-1]["relationships"] = [related("parent", "5abc00")]
    whole = dump(tmp_path, *rows)
    cut = tmp_path / "cut.json"
    cut.write_bytes(whole.read_bytes()[:-300])
    with pytest.raises(CommandError, match="cut short"):
        run(cut)
    assert 0 < Institution.objects.count() < len(rows)
    out, _ = run(whole)
    assert "0 refused" in out
    assert Institution.objects.count() == len(rows)


@pytest.mark.skipif(
    not REAL.exists(), reason="the ROR records lie beside the checkout of its developers only"
)
def test_real_records_are_taken(tmp_path):
    with gzip.open(REAL) as file:
        rows = list(itertools.islice(ijson.items(file, "item", use_float=True), 400))
    out, err = run(dump(tmp_path, *rows))
    assert "400 added, 0 changed, 0 unchanged, 0 refused." in out
    assert "Refused: record" not in err


def test_reading_takes_little_memory_however_long_the_file(tmp_path):
    """Records are streamed: ten times as many take no more room."""
    peaks = []
    for count in (1_000, 10_000):
        path = dump(tmp_path, *[record("5abcde")] * count, name=f"{count}.json.gz")
        tracemalloc.start()
        with open_dump(path) as opened:
            assert sum(1 for _ in opened) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
