"""What a cell says: dates, countries, words of closed lists. Nothing is ever guessed into precision."""

from .countries import CountryNames
from .dates import Ambiguous, DateOrder, orders_shown, read_date
from .words import NotUnderstood, is_blank, read_choice, read_notice, tidied

__all__ = [
    "Ambiguous",
    "CountryNames",
    "DateOrder",
    "NotUnderstood",
    "is_blank",
    "orders_shown",
    "read_choice",
    "read_date",
    "read_notice",
    "tidied",
]
