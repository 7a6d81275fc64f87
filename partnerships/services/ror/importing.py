"""The import of a ROR dump, from the file to the report."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from partnerships.models import Country

from .mapping import Record, claimed_id, map_record
from .reading import Dump, DumpError, open_dump
from .relations import Statements, write_relations
from .report import Refusal, Report
from .values import Refused
from .writing import write_batch

BATCH = 500
_LOCK = "partnerships.import_ror"


def import_ror(
    *,
    path: Path,
    on_refusal: Callable[[Refusal], None] | None = None,
    on_progress: Callable[[int, float], None] | None = None,
) -> Report:
    """Bring the institutions of the registry in step with a ROR v2 dump.

    Batches are transactions of their own and relations come last; an import that was cut off is
    completed by the next one. Doing it again without news writes nothing.

    Args:
        path: a ``.json``, ``.json.gz`` or ``.zip`` dump.
        on_refusal: called with each record or relation that is not taken.
        on_progress: called now and then with the number of records and the fraction of the file.

    Raises:
        DumpError: the file is no ROR v2 dump, is damaged, or another import is running.
    """
    report = Report(on_refusal=on_refusal)
    statements = Statements()
    reason = f"ROR import of {path.name}"
    with alone(), open_dump(path) as dump:
        for batch in _batches(_records(dump, report), BATCH):
            write_batch(batch, report, reason=reason)
            for record in batch:
                statements.collect(record)
            if on_progress:
                on_progress(report.read, dump.fraction)
        write_relations(statements, report, reason=reason)
    return report


def _records(dump: Dump, report: Report) -> Iterator[Record]:
    """Yield the records that can be taken; report the others."""
    countries = frozenset(Country.objects.values_list("code", flat=True))
    seen: set[str] = set()
    for raw in dump:
        report.read += 1
        try:
            record = _mapped(raw, countries, seen)
        except Refused as refusal:
            report.refuse("record", claimed_id(raw), str(refusal), report.read)
            continue
        record.position = report.read
        for reason in record.refused_relations:
            report.refuse("relation", record.ror_id, reason, report.read)
        yield record


def _mapped(raw: Any, countries: frozenset[str], seen: set[str]) -> Record:
    record = map_record(raw, countries)
    if record.ror_id in seen:
        raise Refused("the same id stands earlier in the file")
    seen.add(record.ror_id)
    return record


def _batches(records: Iterator[Record], size: int) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def alone() -> Iterator[None]:
    """Let no second import run beside this one: each would add what the other is about to add."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        if not cursor.fetchone()[0]:
            raise DumpError("Another import from ROR is running; wait until it has ended.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])
