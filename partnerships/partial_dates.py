"""Dates known to the year, the month or the day.

A partial date is an interval: ``2024`` is every day of that year, and nobody invents the rest.
Written form: EDTF level 0 dates, the profile of ISO 8601 in ISO 8601-2:2019, annex A
(https://www.loc.gov/standards/datetime/): ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext, pgettext

MIN_YEAR, MAX_YEAR = 1000, 2999
_EDTF = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year or a day.

    Raises:
        ValueError: there is no such date, or its year lies outside ``MIN_YEAR``–``MAX_YEAR``.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self):
        if not MIN_YEAR <= self.year <= MAX_YEAR:
            limits = {"first": MIN_YEAR, "last": MAX_YEAR}
            raise ValueError(gettext("The year must lie between %(first)s and %(last)s.") % limits)
        if self.day is not None and self.month is None:
            raise ValueError(gettext("A day needs a month."))
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(gettext("There is no month %(month)s.") % {"month": f"{self.month:02d}"})
        if self.day is not None and not 1 <= self.day <= calendar.monthrange(self.year, self.month)[1]:
            told = {"month": spoken(PartialDate(self.year, self.month)), "day": self.day}
            raise ValueError(gettext("%(month)s has no day %(day)s.") % told)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read ``2024``, ``2024-05`` or ``2024-05-21``; raise ValueError for anything else."""
        match = _EDTF.fullmatch(text.strip())
        if not match:
            raise ValueError(gettext("Write a year, a month or a day: 2024, 2024-05 or 2024-05-21."))
        return cls(*(int(part) if part else None for part in match.groups()))

    @classmethod
    def from_interval(cls, first: date, day_after: date) -> "PartialDate":
        """Return the partial date that covers ``first`` up to, not including, ``day_after``."""
        candidates = (cls(first.year, first.month, first.day), cls(first.year, first.month), cls(first.year))
        for candidate in candidates:
            if candidate.first_day == first and candidate.day_after == day_after:
                return candidate
        raise ValueError(f"{first} to {day_after} is neither a day, a month nor a year.")

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def day_after(self) -> date:
        return self.last_day + timedelta(days=1)

    @property
    def precision(self) -> str:
        """``year``, ``month`` or ``day``."""
        return "day" if self.day else "month" if self.month else "year"

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join(parts)

    def __lt__(self, other: "PartialDate") -> bool:
        """Order as the database orders the intervals: by the first day, then by the last."""
        if not isinstance(other, PartialDate):
            return NotImplemented
        return (self.first_day, self.last_day) < (other.first_day, other.last_day)


def spoken(value: PartialDate | date) -> str:
    """Write a date as people read it, as far as it is known: 2024, May 2024 or 21 May 2024.

    Every language has its own forms: 2024년, 2024년 5월, 2024년 5월 21일.
    """
    if value.day:
        # Translators: the form of a date, in the letters of Django's filter "date": j day, F month, Y year.
        form = pgettext("form of a day", "j F Y")
    elif value.month:
        # Translators: as the form of a day.
        form = pgettext("form of a month", "F Y")
    else:
        # Translators: as the form of a day.
        form = pgettext("form of a year", "Y")
    return formatted(date(value.year, value.month or 1, value.day or 1), form)
