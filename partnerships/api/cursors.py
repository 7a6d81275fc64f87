"""Reading on from a row: a key, not an offset, so that the thousandth page costs what the first does.

A cursor says which order it belongs to and the values of the last row in that order. It is
signed: its values come back to the database as it gave them.
"""

from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.db.models.expressions import OrderBy

from partnerships.partial_dates import PartialDate

_SALT = "entente.api.cursor"


class BadCursor(ValueError):
    """The cursor was not made here, or for another order."""


@dataclass(frozen=True)
class Term:
    """One column of an order."""

    name: str
    descending: bool
    nullable: bool

    def equals(self, value) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def behind(self, value) -> Q | None:
        """Rows that come after ``value``; None where nothing does. Unknown values come last."""
        if value is None:
            return None
        further = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return further | Q(**{f"{self.name}__isnull": True}) if self.nullable else further

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.name}"


def terms_of(queryset) -> list[Term]:
    """Read the order of a queryset, down to a column that is unique."""
    terms = []
    for entry in queryset.query.order_by or queryset.model._meta.ordering:
        if isinstance(entry, OrderBy):
            name, descending = entry.expression.name, entry.descending
        else:
            name, descending = entry.lstrip("-"), entry.startswith("-")
        terms.append(Term(name, descending, _nullable(queryset.model, name)))
    return terms


def encode(terms: list[Term], row) -> str:
    """Return the cursor that stands behind ``row`` (an instance, or a dict of values)."""
    values = [row[term.name] if isinstance(row, dict) else getattr(row, term.name) for term in terms]
    return signing.dumps([[str(term) for term in terms], [_plain(value) for value in values]], salt=_SALT)


def behind(terms: list[Term], cursor: str) -> Q:
    """Return the condition for the rows behind ``cursor``.

    Raises:
        BadCursor: it is none of ours, or it belongs to another order.
    """
    try:
        order, values = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadCursor("This cursor was not made here.") from error
    if order != [str(term) for term in terms]:
        raise BadCursor("This cursor belongs to another order.")
    found, same = None, Q()
    for term, value in zip(terms, values, strict=True):
        if (further := term.behind(value)) is not None:
            found = (same & further) if found is None else found | (same & further)
        same &= term.equals(value)
    return _bounded(terms[0], values[0]) & found


def _bounded(first: Term, value) -> Q:
    # Says again what the whole condition implies, in a form for which an index can be entered.
    if first.nullable:
        return Q()
    return Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": value})


def _nullable(model, name: str) -> bool:
    if name == "pk":
        return False
    try:
        return model._meta.get_field(name).null
    except FieldDoesNotExist:
        return True


def _plain(value):
    if isinstance(value, PartialDate):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
