"""Reading on from a row: a key, not an offset, so that the thousandth page costs what the first does.

A cursor says where one stands in a list: the values of a row in the list's order, and whether one
reads on behind it or back before it. It is signed, as its values return to the database, and bound
to the order and to the question that it was made for.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import blake2s

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Case, Count, F, Field, Func, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from partnerships.partial_dates import PartialDate

_SALT = "entente.cursor"


class BadCursor(ValueError):
    """The cursor was not made here, or for another order or question."""


@dataclass(frozen=True)
class Term:
    """One column (or annotation) of an order."""

    name: str
    field: Field
    descending: bool
    nullable: bool
    nulls_first: bool
    #: No two rows are alike in it.
    unique: bool = False

    def turned(self) -> "Term":
        """The same column in the opposite order."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    @property
    def missing(self) -> Q:
        return Q(**{f"{self.name}__isnull": True})

    def equals(self, value) -> Q:
        return self.missing if value is None else Q(**{self.name: value})

    def behind(self, value) -> Q | None:
        """Rows that come after ``value``; None where nothing does."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.nulls_first else None
        further = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return further | self.missing if self.nullable and not self.nulls_first else further

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.name}{'^' if self.nulls_first else ''}"


@dataclass(frozen=True)
class Place:
    """Where one stands: at a row (its values in the order), looking on or back.

    Without values it is the beginning of the list, or its end for whoever looks back.
    """

    values: list
    backward: bool = False


def settled(queryset: QuerySet) -> QuerySet:
    """Return ``queryset`` in an order that leaves no two rows alike: by its own, then by primary key.

    Rows that are groups have no key; their order must name what they are grouped by.
    """
    terms = terms_of(queryset)
    if isinstance(queryset.query.group_by, tuple) or any(term.unique for term in terms):
        return queryset
    return queryset.order_by(*_entries(queryset), "-pk" if terms and terms[0].descending else "pk")


def terms_of(queryset: QuerySet) -> list[Term]:
    """Read the order of a queryset: names, ``F("…").desc(nulls_last=True)`` and the like.

    An order by an expression must be annotated first and named by its annotation.
    """
    terms = [_term(queryset, entry) for entry in _entries(queryset)]
    return terms if queryset.query.standard_ordering else [term.turned() for term in terms]


def encode(terms: list[Term], row, question: str = "", *, backward: bool = False) -> str:
    """Return the cursor that stands at ``row`` (an instance, or a dict of values; None for either end).

    Args:
        question: what identifies the question whose answer is read.
        backward: one reads back from there, not on.
    """
    values = [] if row is None else [_plain(_value(row, term.name)) for term in terms]
    content = [int(backward), _digest(terms), question, values]
    return signing.Signer(salt=_SALT).sign_object(content, serializer=_Compact, compress=True)


def decode(terms: list[Term], cursor: str, question: str = "") -> Place:
    """Return the place at which ``cursor`` stands; an empty one stands at the beginning.

    Raises:
        BadCursor: it is none of ours, or it belongs to another order or question.
    """
    if not cursor:
        return Place([])
    try:
        content = signing.Signer(salt=_SALT).unsign_object(cursor, serializer=_Compact)
        backward, order, asked, values = content
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadCursor(gettext("This cursor was not made here.")) from error
    if order != _digest(terms):
        raise BadCursor(gettext("This cursor belongs to another order."))
    if asked != question:
        raise BadCursor(gettext("This cursor belongs to another question; begin again with an empty one."))
    return Place(values, bool(backward))


def behind(terms: list[Term], values: list) -> list[Q]:
    """Return conditions for the rows that come after ``values``, to be asked one after the other.

    Each is one stretch of the order, and an index in that order is entered where the stretch
    begins: “below this date, or without any” in a single condition would be read from the top.
    All rows of one stretch come before those of the next, so most pages ask the first alone.
    """
    first, value = terms[0], values[0]
    if value is None:
        rest = behind(terms[1:], values[1:]) if len(terms) > 1 else []
        stretches = [first.missing & condition for condition in rest]
        return [*stretches, Q(**{f"{first.name}__isnull": False})] if first.nulls_first else stretches
    stretches = [_beyond(terms, values)]
    return [*stretches, first.missing] if first.nullable and not first.nulls_first else stretches


def _beyond(terms: list[Term], values: list) -> Q:
    """Rows after ``values`` in which the first column has a value."""
    one_way = all(term.descending == terms[0].descending for term in terms)
    if one_way and not any(term.nullable for term in terms[1:]):
        known = [Value(value, output_field=term.field) for term, value in zip(terms, values, strict=True)]
        columns = [F(term.name) for term in terms]
        return Q(_Further(*columns, *known, sign="<" if terms[0].descending else ">"))
    found, same = None, Q()
    for position, (term, value) in enumerate(zip(terms, values, strict=True)):
        further = replace(term, nullable=term.nullable and position > 0).behind(value)
        if further is not None:
            found = (same & further) if found is None else found | (same & further)
        same &= term.equals(value)
    # Says again what the whole implies, in a form for which an index can be entered.
    return Q(**{f"{terms[0].name}__{'lte' if terms[0].descending else 'gte'}": values[0]}) & found


class _Further(Func):
    """``(a, b) < (x, y)``: rows compared as a whole, as an index over both columns holds them."""

    output_field = BooleanField()
    conditional = True

    def as_sql(self, compiler, connection, **extra):
        parts = [compiler.compile(part) for part in self.source_expressions]
        half = len(parts) // 2
        columns, values = (", ".join(sql for sql, _ in side) for side in (parts[:half], parts[half:]))
        parameters = [value for _, given in parts for value in given]
        return f"({columns}) {self.extra['sign']} ({values})", parameters


def _entries(queryset: QuerySet):
    query = queryset.query
    return query.order_by or (queryset.model._meta.ordering if query.default_ordering else ())


def _term(queryset: QuerySet, entry) -> Term:
    if isinstance(entry, OrderBy):
        name, descending = entry.expression.name, entry.descending
        nulls_first = bool(entry.nulls_first or (descending and not entry.nulls_last))
    else:
        # PostgreSQL holds what is unknown for the greatest, unless told otherwise.
        name, descending = entry.lstrip("-"), entry.startswith("-")
        nulls_first = descending
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return Term(name, annotation.output_field, descending, not _always_known(annotation), nulls_first)
    field, nullable = _field(queryset.model, name)
    unique = field.unique and not nullable and field.model is queryset.model
    return Term(name, field, descending, nullable, nulls_first, unique)


def _always_known(expression) -> bool:
    """True where an expression certainly has a value, whatever the row."""
    if isinstance(expression, Value):
        return expression.value is not None
    if isinstance(expression, Coalesce):
        return any(map(_always_known, expression.source_expressions))
    if isinstance(expression, Case):
        results = [*(case.result for case in expression.cases), expression.default]
        return all(map(_always_known, results))
    return isinstance(expression, Count)


def _field(model, path: str) -> tuple[Field, bool]:
    """Return the field at the end of ``path``, and whether it may be unknown."""
    nullable = False
    for name in path.split("__"):
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            field = next(field for field in model._meta.concrete_fields if field.attname == name)
        nullable = nullable or field.null
        model = field.related_model
    return field, nullable


def _value(row, path: str):
    if isinstance(row, dict):
        return row[path]
    if hasattr(row, path):
        return getattr(row, path)
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row


def _plain(value):
    if isinstance(value, PartialDate | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _digest(terms: list[Term]) -> str:
    return short_digest([f"{getattr(term.field, 'model', '')} {term}" for term in terms])


def short_digest(parts) -> str:
    """Return twelve letters that stand for ``parts`` (whatever JSON can write)."""
    return blake2s(_Compact().dumps(parts), digest_size=6).hexdigest()


class _Compact:
    """JSON in UTF-8: a title in Hangul takes half the room that it takes in escapes."""

    def dumps(self, content) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")

    def loads(self, data: bytes):
        return json.loads(data)
