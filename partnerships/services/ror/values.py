"""Values of a JSON record, taken only when they are of the kind that they should be."""

import math
import unicodedata
from datetime import date
from typing import Any

#: Text that PostgreSQL cannot hold, or that breaks lines where a name is shown.
_FORBIDDEN = {"Cc", "Cs"}


class Refused(Exception):
    """The record cannot be taken; the message says which value is why."""


def text(value: Any, what: str, *, limit: int) -> str:
    """Return composed (NFC) text without outer white space; null is empty.

    Composed, because ``ō`` as one character and as two look alike and would not find each other.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(f"{what} is {_kind(value)}, not text")
    value = unicodedata.normalize("NFC", " ".join(value.split()))
    if len(value) > limit:
        raise Refused(f"{what} is longer than {limit} characters")
    if any(unicodedata.category(character) in _FORBIDDEN for character in value):
        raise Refused(f"{what} holds control characters")
    return value


def required_text(value: Any, what: str, *, limit: int) -> str:
    """Return text that is not empty."""
    found = text(value, what, limit=limit)
    if not found:
        raise Refused(f"{what} is empty")
    return found


def integer(value: Any, what: str, low: int, high: int) -> int | None:
    """Return a whole number within the limits; JSON may write it as 1999.0."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"{what} is {_kind(value)}, not a number")
    if not low <= value <= high or int(value) != value:
        raise Refused(f"{what} is {value}, not a whole number from {low} to {high}")
    return int(value)


def degrees(value: Any, what: str, limit: int) -> float | None:
    """Return an angle between ``-limit`` and ``limit``."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"{what} is {_kind(value)}, not a number")
    if not math.isfinite(value) or abs(value) > limit:
        raise Refused(f"{what} is {value}, not between -{limit} and {limit}")
    return float(value)


def day(value: Any, what: str) -> date | None:
    """Return the date of ``2024-05-21``."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refused(f"{what} is {_kind(value)}, not a date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refused(f"{what} is “{value[:40]}”, not a date") from None


def objects(record: dict, key: str) -> list[dict]:
    """Return the list of objects under ``key``; missing or null is an empty list."""
    found = listed(record, key)
    for row in found:
        if not isinstance(row, dict):
            raise Refused(f"{key} holds {_kind(row)} where an object belongs")
    return found


def listed(record: dict, key: str) -> list:
    """Return the list under ``key``; missing or null is an empty list."""
    found = record.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Refused(f"{key} is {_kind(found)}, not a list")
    return found


def inner(record: dict, key: str) -> dict:
    """Return the object under ``key``; missing or null is an empty object."""
    found = record.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Refused(f"{key} is {_kind(found)}, not an object")
    return found


def member(value: Any, allowed: frozenset[str], what: str) -> str:
    """Return a word of a closed list."""
    if not isinstance(value, str) or value not in allowed:
        shown = f"“{value[:40]}”" if isinstance(value, str) else _kind(value)
        raise Refused(f"{what} {shown} is not known")
    return value


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
