"""Dates as COPY reads them: days, months and years, spread over the decades."""

from datetime import date, timedelta
from random import Random

from partnerships.partial_dates import PartialDate

FIRST_YEAR, LAST_YEAR = 1985, 2027
#: Rows were recorded between these days, whatever today is: the same seed gives the same rows.
_RECORDED = date(2019, 1, 1).toordinal(), date(2026, 6, 30).toordinal()


class Dates:
    """Draws partial dates; what was written once is kept, as there are not many."""

    def __init__(self) -> None:
        self._written: dict[tuple, str] = {}

    def written(self, year: int, month: int | None = None, day: int | None = None) -> str:
        """Return the partial date as a range literal."""
        key = (year, month, day)
        if key not in self._written:
            value = PartialDate(*key)
            self._written[key] = f"[{value.first_day},{value.day_after})"
        return self._written[key]

    def drawn(self, chance: Random, year: int) -> str:
        """Return a date in ``year``: mostly to the day, sometimes only to the month or the year."""
        precision = chance.random()
        if precision < 0.12:
            return self.written(year)
        month = 1 + int(12 * chance.random())
        if precision < 0.30:
            return self.written(year, month)
        return self.written(year, month, 1 + int(28 * chance.random()))


def begin_year(chance: Random) -> int:
    """Return a year of signing or announcement; recent ones are likelier."""
    return LAST_YEAR - 1 - int((LAST_YEAR - FIRST_YEAR) * chance.random() ** 2)


def recorded(chance: Random) -> str:
    """Return the moment at which a row was recorded or changed."""
    first, last = _RECORDED
    day = date.fromordinal(first + int((last - first) * chance.random()))
    second = int(86_400 * chance.random())
    return f"{day} {timedelta(seconds=second)}.{int(1_000_000 * chance.random()):06d}+00"
