"""Exports of lists take as much memory for many rows as for few."""

import gc
import tracemalloc

import pytest

from partnerships.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def garbage_is_looked_for():
    """As often as where the registry runs: tests look less often (``tests/plugins/garbage.py``)."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def _peak(api, path: str) -> tuple[int, int]:
    """The most memory that Python holds while an export is read, and the length of the export."""
    tracemalloc.start()
    try:
        response = api.get(f"/api/v1/{path}")
        length = sum(map(len, response.streaming_content))
        return tracemalloc.get_traced_memory()[1], length
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["ndjson", "csv"])
def test_memory_does_not_grow_with_the_rows(api, kind, monkeypatch):
    monkeypatch.setattr("partnerships.api.base.CHUNK", 100)
    path = f"events/?format={kind}"

    def fill(number: int) -> None:
        rows = [Event(name=f"Event {'x' * 200}", visibility="public") for _ in range(number)]
        Event.objects.bulk_create(rows)

    fill(400)
    api.body(path)
    few, short = _peak(api, path)
    fill(1_200)
    many, long = _peak(api, path)
    assert long > 3.9 * short
    assert many < few * 1.3, f"{few:,} bytes for 400 rows, {many:,} for 1,600"
