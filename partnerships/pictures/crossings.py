"""The matrix: how many agreements stand under each of two headings at once.

Each cell is the number of agreements that the list finds with both headings as further filters. Where
both sides are countries, a cell is the number of those with parties in both, and the diagonal that of
those whose parties are, as far as known, in that country alone.
"""

from dataclasses import dataclass, field

from django.db.models import TextField, Value
from django.http import QueryDict

from partnerships.models import Facet
from partnerships.search.answers import Count, Question
from partnerships.search.facets import facets_of
from partnerships.search.samples import Drawn

from .drawn import drawn, is_tallied
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
    facets = list(dict.fromkeys((rows.facet, columns.facet)))
    margins = _margins(source, facets, question.user)
    numbers = _numbers(margins, source, question)
    sides = []
    for side in (rows, columns):
        # A country is asked for together with those that were chosen; so all are shown.
        asked = () if side.facet == Facet.COUNTRY else (chosen or {}).get(side.facet, ())
        sides.append(lines_of(side, numbers[side.facet], question.user, most=most, chosen=asked))
    cells, without = _cells(source, sides, margins, question.user)
    for side, number in zip(sides, without, strict=True):
        side.without = source.number(number)
    exact = source.is_exact or is_tallied(question)
    return Crossing(
        *sides,
        total=question.count if exact else source.number(margins.found),
        cells={keys: source.number(number) for keys, number in cells.items()},
        share=source.share,
    )


def chosen_of(filters) -> dict[str, list]:
    """What ``filters``, an ``AgreementFilterSet`` that is valid, asks of each facet: keys by its name."""
    values = filters.form.cleaned_data
    return {facet: values[facet] for facet in Facet.values if values.get(facet)}


#: One pass over the cards: how many stand under each heading, and how many there are.
_MARGINS = """
    WITH found AS MATERIALIZED ({cards}), by_key AS MATERIALIZED (
        SELECT key, count(*) AS number FROM (SELECT unnest(keys) AS key FROM found) AS key GROUP BY key
    )
    SELECT heading.facet, heading.id, heading.value, by_key.number
      FROM by_key JOIN partnerships_heading AS heading ON heading.id = by_key.key
     WHERE heading.facet = ANY(%s)
     UNION ALL
    SELECT 'status', NULL, status, count(*) FROM found WHERE status IS NOT NULL GROUP BY status
     UNION ALL
    SELECT NULL, NULL, NULL, count(*) FROM found
"""


@dataclass
class _Margins:
    """Numbers of the cards looked at, by facet and key; the ids of headings by the same; and all."""

    counted: dict[str, dict[str, int]]
    headings: dict[str, dict[str, int]]
    found: int = 0


def _margins(source: Drawn, facets: list[str], user) -> _Margins:
    margins = _Margins({facet: {} for facet in facets}, {facet: {} for facet in facets})
    for facet, heading, key, number in _asked(_MARGINS, source, facets, user, [facets]):
        if facet is None:
            margins.found = number
            continue
        margins.counted[facet][key] = number
        margins.headings[facet][key] = heading if heading is not None else key
    return margins


def _numbers(margins: _Margins, source: Drawn, question: Question) -> dict[str, dict[str, Count]]:
    """The numbers of all agreements, by facet and key: from the tallies where nothing is asked."""
    numbers = {
        facet: {key: source.number(number) for key, number in values.items()}
        for facet, values in margins.counted.items()
    }
    if not source.is_exact and is_tallied(question):
        for facet, values in facets_of(question, numbers).items():
            numbers[facet] |= {one.value: one.count for one in values}
    return numbers


#: Numbers of cards under a heading of the rows and one of the columns; and of cards under none of a side.
_CROSSED = """
    WITH found AS MATERIALIZED ({cards}), side AS MATERIALIZED (
        SELECT {rows} AS rows, {columns} AS columns FROM found
    )
    SELECT one, other, count(*) FROM side, unnest(rows) AS one, unnest(columns) AS other
     WHERE one = ANY(%s) AND other = ANY(%s) AND {counts} GROUP BY 1, 2
     UNION ALL SELECT NULL, '0', count(*) FROM side WHERE rows = '{}'
     UNION ALL SELECT NULL, '1', count(*) FROM side WHERE columns = '{}'
"""
_UNDER = "ARRAY(SELECT key::text FROM unnest(keys) AS key WHERE key = ANY(%s))"
_OF_STATUS = "array_remove(ARRAY[status], NULL)"
#: A card of one country counts on the diagonal, another for every two of its own.
_TOGETHER = "(one <> other OR cardinality(rows) = 1)"


def _cells(source: Drawn, sides: list[Lines], margins: _Margins, user):
    """Numbers of cards looked at: by the keys of row and column, and of those under no row, no column."""
    facets = [side.dimension.facet for side in sides]
    parts, parameters = [], []
    for facet in facets:
        if facet == Facet.STATUS:
            parts.append(_OF_STATUS)
        else:
            parts.append(_UNDER)
            parameters.append(list(margins.headings[facet].values()))
    names = [
        {str(margins.headings[side.dimension.facet][line.key]): line.key for line in side.lines}
        for side in sides
    ]
    statement = _CROSSED.replace("{rows}", parts[0]).replace("{columns}", parts[1])
    statement = statement.replace("{counts}", _TOGETHER if facets[0] == facets[1] else "true")
    cells, without = {}, [0, 0]
    for one, other, number in _asked(statement, source, facets, user, [*parameters, *map(list, names)]):
        if one is None:
            without[int(other)] = number
        else:
            cells[names[0][one], names[1][other]] = number
    return cells, without


def _asked(statement: str, source: Drawn, facets: list[str], user, parameters: list) -> list[tuple]:
    """Run a statement over the cards of ``source``; their status only where a facet asks for it."""
    cards = source.cards.order_by()
    if Facet.STATUS in facets:
        cards = cards.with_status_seen(user).values("keys", "status")
    else:
        cards = cards.annotate(status=Value(None, TextField())).values("keys", "status")
    return source.rows(statement, *parameters, cards=cards)
