"""Dates as people write them, read into partial dates. A date never becomes more precise than written."""

import re
import unicodedata
from datetime import date, timedelta

from django.db.models import TextChoices

from partnerships.partial_dates import PartialDate

from .words import NotUnderstood


class DateOrder(TextChoices):
    """What 03/04/2024 means."""

    DAY_FIRST = "day_first", "Day first: 03/04/2024 is 3 April"
    MONTH_FIRST = "month_first", "Month first: 03/04/2024 is March 4"


class Ambiguous(NotUnderstood):
    """The date could be two; only whoever made the file knows which."""


#: Names of months in English, German, French, Spanish, Italian, Portuguese and Dutch, without accents.
_MONTHS = [
    "january januar janvier enero gennaio janeiro januari janner jan janv ene",
    "february februar fevrier febrero febbraio fevereiro februari feb fev fevr",
    "march marz maerz mars marzo marco maart mar mrz mrt",
    "april avril abril aprile apr avr abr",
    "may mai mayo maggio maio mei mag",
    "june juni juin junio giugno junho jun giu",
    "july juli juillet julio luglio julho jul juil lug",
    "august aout agosto augustus aug ago",
    "september septembre septiembre settembre setembro sep sept set",
    "october oktober octobre octubre ottobre outubro oct okt ott out",
    "november novembre noviembre novembro nov",
    "december dezember decembre diciembre dicembre dezembro dec dez dic",
]
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
#: Days that Excel counts from, with its belief in 29 February 1900; the serials of 1930 to 2099.
_EXCEL_DAY_ZERO, _SERIALS = date(1899, 12, 30), range(10959, 73051)

#: A month of a year, or two years of a course of studies.
_SLASHED = re.compile(r"\d{4}\s*/\s*\d{1,2}")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|[ap]\.?m\.?)?$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})(?:\s*[-/.]\s*(\d{1,2}))?(?:\s*[-/.]\s*(\d{1,2}))?\.?")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[년年](?:\s*(\d{1,2})\s*[월月])?(?:\s*(\d{1,2})\s*[일日])?")
_COMPACT = re.compile(r"(1[5-9]\d{2}|2[0-2]\d{2})(\d{2})(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})\.?")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{4})")
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*([-/.])\s*\d{1,2}\s*\1\s*\d{2}")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_FILLERS = {"de", "del", "di", "do", "of", "the", "st", "nd", "rd", "th", "er", "le", "den", "el", "o"}
_WEEKDAY = re.compile(
    r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\b|^(mo|di|mi|do|fr|sams|sonn)\w*tag\b|^mittwoch\b"
)


def read_date(text: str, order: str | None = None) -> PartialDate:
    """Read a date in a common written form.

    Args:
        order: a ``DateOrder`` for forms such as 03/04/2024; dots always mean day first.

    Raises:
        Ambiguous: two readings are possible and no order is given.
        NotUnderstood: it is no date, or there is no such day.
    """
    plain = _TIME.sub("", unicodedata.normalize("NFKC", text).strip()).strip()
    try:
        parts = _parts(plain, order)
        if parts is not None:
            return PartialDate(*parts)
    except NotUnderstood:
        raise
    except ValueError as error:
        raise NotUnderstood(str(error)) from error
    if _SHORT_YEAR.fullmatch(plain):
        raise NotUnderstood("The year has two digits only; write four.")
    raise NotUnderstood("This is not a date in a form that is understood, such as 21 May 2024 or 2024-05.")


def orders_shown(text: str) -> set[str]:
    """Which orders of day and month this cell allows: none where it is not of that form, one, or both."""
    match = _NUMBERS.fullmatch(_TIME.sub("", text.strip()).strip())
    if not match or match[2] == "." or match[1] == match[3]:
        return set()
    first, second = int(match[1]), int(match[3])
    orders = {DateOrder.DAY_FIRST.value} if second <= 12 else set()
    return orders | ({DateOrder.MONTH_FIRST.value} if first <= 12 else set())


def _parts(text: str, order: str | None) -> tuple | None:
    if _SLASHED.fullmatch(text):
        raise NotUnderstood("This may be a month or two years; write a month as 2024-05.")
    for form in (_YEAR_FIRST, _EAST_ASIAN, _COMPACT):
        if match := form.fullmatch(text):
            return tuple(int(part) if part else None for part in match.groups())
    if match := _NUMBERS.fullmatch(text):
        return _by_order(int(match[1]), int(match[3]), int(match[4]), match[2], order)
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return int(match[2]), int(match[1])
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in _SERIALS:
        day = _EXCEL_DAY_ZERO + timedelta(days=int(match[1]))
        return day.year, day.month, day.day
    return _in_words(text)


def _by_order(first: int, second: int, year: int, separator: str, order: str | None) -> tuple:
    if separator == "." or first == second:
        return year, second, first
    if order is None and first <= 12 and second <= 12:
        raise Ambiguous("Day or month first? Say so for this column.")
    month_first = second > 12 if order is None else order == DateOrder.MONTH_FIRST
    return (year, first, second) if month_first else (year, second, first)


def _in_words(text: str) -> tuple | None:
    """A date with the name of its month: 21. Mai 2024, May 21, 2024, mai 2024."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = [word for word in _WORD.findall(_WEEKDAY.sub("", plain)) if word not in _FILLERS]
    if re.sub(r"[\w\s.,/'’º°-]", "", plain):
        return None
    months = [_MONTH[word] for word in words if word in _MONTH]
    numbers = [word for word in words if word.isdecimal()]
    if len(months) != 1 or len(months) + len(numbers) != len(words):
        return None
    years = [int(number) for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) <= 2]
    if len(years) != 1 or len(days) > 1 or len(years) + len(days) != len(numbers):
        return None
    return years[0], months[0], *days
