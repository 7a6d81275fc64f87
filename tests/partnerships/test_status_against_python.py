"""The status that SQL derives equals the rules written out in Python, on a thousand random records."""

import random
from datetime import date, timedelta

import pytest

from partnerships.models import Agreement, Period
from partnerships.partial_dates import PartialDate
from partnerships.status import ENDING_SOON

DAY = date(2024, 6, 15)


def some_date(rng: random.Random, chance: float = 0.6) -> PartialDate | None:
    if rng.random() > chance:
        return None
    day = DAY + timedelta(days=rng.choice([-900, -400, -120, -1, 0, 1, 89, 90, 91, 120, 400]))
    return PartialDate(*(day.year, day.month, day.day)[: rng.randint(1, 3)])


def some_end(rng: random.Random) -> dict:
    kind = rng.choice(["unknown", "open_ended", "date", "date"])
    return {"end_kind": kind, "ends_on": some_date(rng, 1) if kind == "date" else None}


def expected(record: Agreement, periods: list[Period]) -> str:
    """The table of ``partnerships/status.py``, without a supersession."""
    last = periods[-1] if periods else record
    effective = record.effective_from is not None and record.effective_from.last_day <= DAY

    def runs(term) -> bool:
        return term.end_kind != "date" or term.ends_on.last_day >= DAY

    def started(period) -> bool:
        return period.starts_on.last_day <= DAY if period.starts_on else effective

    in_force = (effective and runs(record)) or any(started(term) and runs(term) for term in periods)
    if record.terminated_on and record.terminated_on.first_day <= DAY:
        return "terminated"
    if last.end_kind == "date" and last.ends_on.last_day < DAY:
        return "ended"
    if in_force and last.end_kind == "date" and last.ends_on.first_day <= DAY + ENDING_SOON:
        return "ending_soon"
    if in_force:
        return "in_force"
    if record.signed_on and record.signed_on.first_day <= DAY:
        return "signed"
    return "announced" if record.announced_on and record.announced_on.first_day <= DAY else "unknown"


def possible(record: Agreement) -> bool:
    """Whether the constraints allow the record: nothing ends certainly before it begins."""
    pairs = ((record.effective_from, record.ends_on), (record.signed_on, record.ends_on),
             (record.signed_on, record.terminated_on))  # fmt: skip
    return all(not before or not after or after.last_day >= before.first_day for before, after in pairs)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_sql_and_python_agree(seed):
    rng = random.Random(seed)
    drawn = [
        Agreement(
            title=str(number),
            type="other",
            announced_on=some_date(rng),
            signed_on=some_date(rng),
            effective_from=some_date(rng),
            terminated_on=some_date(rng, 0.1),
            **some_end(rng),
        )
        for number in range(1000)
    ]
    records = Agreement.objects.bulk_create(record for record in drawn if possible(record))
    periods: dict[int, list[Period]] = {record.pk: [] for record in records}
    for record in records:
        for number in range(1, rng.choice([1, 1, 2, 3])):
            period = Period(agreement=record, number=number, starts_on=some_date(rng), **some_end(rng))
            begins, ends = period.starts_on, period.ends_on
            if not begins or not ends or ends.last_day >= begins.first_day:
                periods[record.pk].append(period)
    Period.objects.bulk_create(period for rows in periods.values() for period in rows)

    derived = dict(Agreement.objects.with_status(None, DAY).values_list("pk", "status"))
    wrong = {record.pk: (derived[record.pk], expected(record, periods[record.pk])) for record in records
             if derived[record.pk] != expected(record, periods[record.pk])}  # fmt: skip
    assert not wrong
    assert len(set(derived.values())) == 7, "every status but superseded occurs"
