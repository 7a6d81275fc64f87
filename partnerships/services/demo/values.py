"""Single values of the facts files: each function returns the value it was given, or says why not."""

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices

from partnerships.partial_dates import PartialDate
from partnerships.ror import parse_ror


def text(value: Any) -> str:
    """Return text that is more than white space, without it at either end."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is not a text")
    return value.strip()


def prose(value: Any) -> str:
    """Return text in which line breaks of the file count for no more than a space."""
    return " ".join(text(value).split())


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("is not a whole number")
    return value


def degrees(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is not a number")
    return float(value)


def partial_date(value: Any) -> PartialDate:
    """Return a date known to the year, the month or the day.

    Written as text, because TOML's own dates know only whole days.
    """
    if not isinstance(value, str):
        raise ValueError("is not a text such as “2024”, “2024-05” or “2024-05-21”")
    return PartialDate.parse(value)


def ror_id(value: Any) -> str:
    """Return the bare ROR id of any written form."""
    bare = parse_ror(text(value))
    if bare is None:
        raise ValueError("is not a ROR id (its check digits do not fit)")
    return bare


def one_of(choices: type[TextChoices]) -> Callable[[Any], str]:
    """Return a function that takes the words of a closed list."""

    def word(value: Any) -> str:
        if value not in choices.values:
            raise ValueError(f"is not one of {', '.join(choices.values)}")
        return value

    return word


def each(convert: Callable[[Any], Any]) -> Callable[[Any], tuple]:
    """Return a function that takes a list, every member through ``convert``."""

    def members(value: Any) -> tuple:
        if not isinstance(value, list):
            raise ValueError("is not a list")
        return tuple(convert(member) for member in value)

    return members
