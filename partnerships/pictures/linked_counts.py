"""Links as they stand ready: of all agreements that everybody may see, between institutions."""

from django.db import connection
from django.utils import timezone

from partnerships.models import Facet
from partnerships.search.answers import Count

#: The column of the counts, by the column of the cards from which triggers make it.
_COLUMNS = {"parties": "agreements", "roots": "rolled_up"}

#: Who has most agreements by the tallies. A few more are taken than asked for, as who is no party itself,
#: but stands above parties, is joined to nobody.
_STRONGEST = """
    WITH ranked AS MATERIALIZED (
        SELECT heading.value, sum(tally.change) AS number, count(*) OVER () AS of_all
          FROM partnerships_heading heading JOIN partnerships_tally tally ON tally.heading = heading.id
         WHERE heading.facet = 'institution' AND tally.day <= %s
         GROUP BY heading.id HAVING sum(tally.change) > 0
         ORDER BY number DESC, heading.value LIMIT %s
    )
    SELECT value, number, of_all FROM ranked
     WHERE EXISTS (SELECT 1 FROM partnerships_partnershipcount AS pair
                    WHERE pair.first_id = value::bigint AND {column} > 0)
        OR EXISTS (SELECT 1 FROM partnerships_partnershipcount AS pair
                    WHERE pair.second_id = value::bigint AND {column} > 0)
     ORDER BY number DESC, value LIMIT %s
"""
_AMONG = """
    SELECT first_id, second_id, {column} FROM partnerships_partnershipcount
     WHERE first_id = ANY(%s) AND second_id = ANY(%s) AND {column} > 0
     ORDER BY {column} DESC, first_id DESC, second_id DESC LIMIT %s
"""
_AROUND = """
    SELECT first_id, second_id, {column} FROM (
        SELECT first_id, second_id, {column} FROM partnerships_partnershipcount
         WHERE first_id = ANY(%s) AND {column} > 0
         UNION
        SELECT first_id, second_id, {column} FROM partnerships_partnershipcount
         WHERE second_id = ANY(%s) AND {column} > 0
    ) AS found ORDER BY {column} DESC, first_id DESC, second_id DESC LIMIT %s
"""
_TALLIES = """
    SELECT heading.value, sum(tally.change)
      FROM partnerships_heading heading JOIN partnerships_tally tally ON tally.heading = heading.id
     WHERE heading.facet = %s AND heading.value = ANY(%s) AND tally.day <= %s GROUP BY heading.id
"""

Pair = tuple[str, str]


def standing_strongest(side: str, size: int, most: int) -> tuple[dict[str, Count], dict[Pair, Count], int]:
    """The ``size`` institutions with most agreements, the ``most`` strongest links among them, and of how
    many institutions they are.

    Args:
        side: ``parties``, or ``roots`` for the topmost institutions above them.
    """
    column = _COLUMNS[side]
    rows = _asked(_STRONGEST, column, timezone.localdate(), size + size // 5 + 20, size)
    nodes = {value: Count.exact(int(number)) for value, number, _ in rows}
    keys = [int(value) for value in nodes]
    return nodes, _links(_asked(_AMONG, column, keys, keys, most)), rows[0][2] if rows else 0


def standing_around(side: str, nodes: list[str], most: int) -> dict[Pair, Count]:
    """The ``most`` strongest links of which one end is among ``nodes``."""
    keys = [int(key) for key in nodes]
    return _links(_asked(_AROUND, _COLUMNS[side], keys, keys, most))


def tallies_of(facet: Facet, values: list[str]) -> dict[str, int]:
    """How many public agreements stand under each of the headings ``values``."""
    return {value: int(number) for value, number in _asked(_TALLIES, "", facet, values, timezone.localdate())}


def _links(rows: list[tuple]) -> dict[Pair, Count]:
    found = {}
    for first, second, number in rows:
        one, other = sorted((str(first), str(second)))
        found[one, other] = Count.exact(number)
    return found


def _asked(statement: str, column: str, *parameters) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{column}", column), list(parameters))
        return cursor.fetchall()
