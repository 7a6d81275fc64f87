"""Links as they stand ready: of all agreements that everybody may see, between institutions."""

from django.db import connection
from django.utils import timezone

from partnerships.search.answers import Count

#: The column of the counts, by the column of the cards from which triggers make it.
_COLUMNS = {"parties": "agreements", "roots": "rolled_up"}

#: Who has most agreements by the tallies.
_STRONGEST = """
    SELECT heading.value, sum(tally.change) AS number, count(*) OVER () AS of_all
      FROM partnerships_heading heading JOIN partnerships_tally tally ON tally.heading = heading.id
     WHERE heading.facet = 'institution' AND tally.day <= %s
     GROUP BY heading.id HAVING sum(tally.change) > 0
     ORDER BY number DESC, heading.value LIMIT %s
"""
#: Which of these are joined to anybody. Who stands above parties and is none itself is not. Written so that
#: each is looked up by the index of its end, where ``EXISTS`` would read all pairs.
_JOINED = """
    SELECT id::text FROM unnest(%s::bigint[]) AS id
     WHERE (SELECT true FROM partnerships_partnershipcount
             WHERE first_id = id AND {column} + 0 > 0 LIMIT 1)
        OR (SELECT true FROM partnerships_partnershipcount
             WHERE second_id = id AND {column} + 0 > 0 LIMIT 1)
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

Nodes = dict[str, Count]
Pairs = dict[tuple[str, str], Count]


def standing_strongest(side: str, size: int, most: int) -> tuple[Nodes, Pairs, int] | None:
    """The ``size`` institutions with most agreements, all links among them, and of how many they are.

    None where there are more links than ``most``: too many to be read for a page.

    Args:
        side: ``parties``, or ``roots`` for the topmost institutions above them.
    """
    column = _COLUMNS[side]
    # A few more than asked for, as some may turn out to be joined to nobody.
    rows = _asked(_STRONGEST, column, timezone.localdate(), size + size // 5 + 20)
    keys = [int(value) for value, *_ in rows]
    links = standing_among(side, [value for value, *_ in rows], most + 1)
    if len(links) > most:
        return None
    joined = {key for pair in links for key in pair}
    if apart := _apart(keys, links):
        joined |= {key for (key,) in _asked(_JOINED, column, apart)}
    kept = [(value, number) for value, number, _ in rows if value in joined][:size]
    nodes = {value: Count.exact(int(number)) for value, number in kept}
    of_all = rows[0][2] if len(kept) == size else len(kept)
    return nodes, {pair: one for pair, one in links.items() if nodes.keys() >= set(pair)}, of_all


def _apart(keys: list[int], links: Pairs) -> list[int]:
    """Those of ``keys`` that none of ``links`` ends at."""
    joined = {key for pair in links for key in pair}
    return [key for key in keys if str(key) not in joined]


def standing_among(side: str, nodes: list[str], most: int) -> Pairs:
    """The ``most`` strongest links of which both ends are among ``nodes``."""
    keys = [int(key) for key in nodes]
    return _links(_asked(_AMONG, _COLUMNS[side], keys, keys, most))


def standing_around(side: str, nodes: list[str], most: int) -> Pairs:
    """The ``most`` strongest links of which one end is among ``nodes``."""
    keys = [int(key) for key in nodes]
    return _links(_asked(_AROUND, _COLUMNS[side], keys, keys, most))


def _links(rows: list[tuple]) -> Pairs:
    found = {}
    for first, second, number in rows:
        one, other = sorted((str(first), str(second)))
        found[one, other] = Count.exact(number)
    return found


def _asked(statement: str, column: str, *parameters) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{column}", column), list(parameters))
        return cursor.fetchall()
