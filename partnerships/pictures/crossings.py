"""The matrix: how many agreements stand under each of two headings at once.

Each cell is the number of agreements that the list finds with both headings as further filters. Where both sides
are countries, a cell is the number of those with parties in both, and the diagonal that of those whose
parties are, as far as known, in that country alone.
"""

from dataclasses import dataclass, field

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import TextField, Value
from django.http import QueryDict

from partnerships.models import Facet, Heading
from partnerships.querysets.agreements import sees_public_only
from partnerships.search.answers import Count, Question
from partnerships.search.facets import facets_of

from .drawn import Drawn, drawn
from .headings import Dimension, Line, Lines, lines_of
from .narrowing import narrowed_to, narrowed_to_alone, narrowed_to_both

#: Rows and columns that are shown at most.
MOST = 30


@dataclass
class Crossing:
    """Agreements counted by rows and columns.

    Args:
        total: all agreements that answer the question.
        cells: numbers by the keys of row and column; what has none there is 0.
        share: one card in so many was looked at; 1 where all were.
    """

    rows: Lines
    columns: Lines
    total: Count
    cells: dict[tuple[str, str], Count] = field(default_factory=dict)
    share: int = 1

    @property
    def is_exact(self) -> bool:
        return self.share == 1

    @property
    def is_symmetric(self) -> bool:
        """Whether both sides are countries, so that the diagonal is one country alone."""
        return self.rows.dimension == self.columns.dimension

    @property
    def highest(self) -> int:
        return max((number.value for number in self.cells.values()), default=0)

    def cell(self, row: Line, column: Line) -> Count:
        return self.cells.get((row.key, column.key), Count.exact(0))

    def asked(self, query: QueryDict, row: Line, column: Line) -> QueryDict:
        """Return the query of the list that finds what a cell counts."""
        if self.is_symmetric:
            if row.key == column.key:
                return narrowed_to_alone(query, row.value)
            return narrowed_to_both(query, row.value, column.value)
        return narrowed_to(
            narrowed_to(query, self.rows.dimension, row.value), self.columns.dimension, column.value
        )


def crossing(
    question: Question, rows: Dimension, columns: Dimension, *, chosen: dict | None = None, most: int = MOST
) -> Crossing:
    """Count the agreements that answer ``question`` by ``rows`` and ``columns``.

    Args:
        chosen: by the name of a filter the keys that the question asks for; ``chosen_of`` reads them.
        most: how many rows and columns are shown at most.

    Raises:
        ValueError: rows and columns are the same, and not countries.
    """
    if rows == columns and rows.facet != Facet.COUNTRY:
        raise ValueError("Only countries can be crossed with themselves.")
    source = drawn(question)
    counted, without, found = _counted(source, [rows, columns], question)
    sides = []
    for side in (rows, columns):
        # A country is asked for together with those that were chosen; so all are shown.
        asked = () if side.facet == Facet.COUNTRY else (chosen or {}).get(side.facet, ())
        lines = lines_of(side, counted[side.facet], question.user, most=most, chosen=asked)
        lines.without = without[side.facet]
        sides.append(lines)
    cells = _cells(source, *sides, question.user) if all(side.lines for side in sides) else {}
    total = question.count if source.is_exact else found
    return Crossing(*sides, total, cells, source.share)


def chosen_of(filters) -> dict[str, list]:
    """What ``filters``, an ``AgreementFilterSet`` that is valid, asks of each facet: keys by its name."""
    values = filters.form.cleaned_data
    return {facet: values[facet] for facet in Facet.values if values.get(facet)}


#: One pass over the cards: how many stand under each heading, under any of a facet, and at all.
_MARGINS = """
    WITH found AS MATERIALIZED (SELECT row_number() OVER () AS card, keys, status FROM ({cards}) AS card),
    heading AS MATERIALIZED (SELECT id, facet, value FROM partnerships_heading WHERE facet = ANY(%s)),
    stands AS MATERIALIZED (
        SELECT found.card, heading.facet, heading.value
          FROM (SELECT card, unnest(keys) AS key FROM found) AS found JOIN heading ON heading.id = found.key
         UNION ALL
        SELECT card, 'status', status FROM found WHERE status IS NOT NULL
    )
    SELECT facet, value, count(*) FROM stands GROUP BY facet, value
     UNION ALL SELECT facet, NULL, count(DISTINCT card) FROM stands GROUP BY facet
     UNION ALL SELECT NULL, NULL, count(*) FROM found
"""


def _counted(source: Drawn, sides: list[Dimension], question: Question):
    """Numbers by facet and key, of agreements without the facet by facet, and of all."""
    facets = list(dict.fromkeys(side.facet for side in sides))
    counted: dict[str, dict[str, int]] = {facet: {} for facet in facets}
    standing, found = dict.fromkeys(facets, 0), 0
    for facet, value, number in _asked(_MARGINS, source, facets, question.user, [facets]):
        if facet is None:
            found = number
        elif value is None:
            standing[facet] = number
        else:
            counted[facet][value] = number
    numbers = {
        facet: {value: source.number(number) for value, number in values.items()}
        for facet, values in counted.items()
    }
    total = source.number(found)
    if not source.is_exact and not question.asked and sees_public_only(question.user):
        total = question.count
        for facet, values in facets_of(question, facets).items():
            numbers[facet] |= {one.value: one.count for one in values}
    return numbers, {facet: source.number(found - standing[facet]) for facet in facets}, total


#: Numbers of cards under a heading of the rows and one of the columns.
_CROSSED = """
    WITH found AS MATERIALIZED ({cards}),
    side AS MATERIALIZED (
        SELECT {row} AS rows, {column} AS columns FROM found
    )
    SELECT one, other, count(*) FROM side, unnest(rows) AS one, unnest(columns) AS other GROUP BY 1, 2
"""
#: The same of countries: a card of one country counts on the diagonal, another for every two of its own.
_TOGETHER = """
    WITH found AS MATERIALIZED ({cards}),
    side AS MATERIALIZED (
        SELECT ARRAY(SELECT key FROM unnest(keys) AS key WHERE key = ANY(%s)) AS countries FROM found
    )
    SELECT one, other, count(*) FROM side, unnest(countries) AS one, unnest(countries) AS other
     WHERE one <> other OR cardinality(countries) = 1 GROUP BY 1, 2
"""


def _cells(source: Drawn, rows: Lines, columns: Lines, user) -> dict[tuple[str, str], Count]:
    facets = [rows.dimension.facet, columns.dimension.facet]
    if rows.dimension == columns.dimension:
        keys = _headings(rows.dimension, None)
        found = _asked(_TOGETHER, source, facets, user, [list(keys)])
        return {(keys[one], keys[other]): source.number(number) for one, other, number in found}
    parts, ids, parameters = [], [], []
    for side in (rows, columns):
        if side.dimension.facet == Facet.STATUS:
            parts.append("ARRAY[status]")
            ids.append({line.key: line.key for line in side.lines})
        else:
            ids.append(_headings(side.dimension, [line.key for line in side.lines]))
            parts.append("ARRAY(SELECT key FROM unnest(keys) AS key WHERE key = ANY(%s))")
            parameters.append(list(ids[-1]))
    statement = _CROSSED.replace("{row}", parts[0]).replace("{column}", parts[1])
    found = _asked(statement, source, facets, user, parameters)
    return {
        (ids[0][row], ids[1][column]): source.number(number)
        for row, column, number in found
        if row in ids[0] and column in ids[1]
    }


def _headings(dimension: Dimension, keys: list[str] | None) -> dict[int, str]:
    """Keys of a dimension by the ids of their headings; all of them where ``keys`` is None."""
    rows = Heading.objects.filter(facet=dimension.facet)
    if keys is not None:
        rows = rows.filter(value__in=keys)
    return dict(rows.values_list("pk", "value"))


def _asked(statement: str, source: Drawn, facets: list[str], user, parameters: list) -> list[tuple]:
    """Run a statement over the cards of ``source``; their status only where a facet asks for it."""
    cards = source.cards.order_by()
    if Facet.STATUS in facets:
        cards = cards.with_status_seen(user).values("keys", "status")
    else:
        cards = cards.annotate(status=Value(None, TextField())).values("keys", "status")
    try:
        sql, given = cards.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{cards}", sql), [*given, *parameters])
        return cursor.fetchall()
