"""What cards say of links: who stands on each card together, and how many cards each stands on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from partnerships.models import Heading
from partnerships.search.samples import Drawn


@dataclass
class Members:
    """Who stands on cards together.

    Args:
        groups: keys of those on a card, and how many cards have exactly these.
        numbers: how many cards are listed under each key: of an institution, those of its units too.
    """

    groups: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def joining(self) -> set[str]:
        """Keys that stand on a card with another one."""
        return set(chain.from_iterable(members for members, _ in self.groups if len(members) > 1))


#: The cards are read once, for both.
_MEMBERS = """
    WITH found AS MATERIALIZED ({cards}), by_key AS (
        SELECT key, count(*) AS number FROM (SELECT unnest(keys) AS key FROM found) AS key GROUP BY key
    )
    SELECT {members} AS members, NULL AS value, count(*) FROM found GROUP BY 1
     UNION ALL
    SELECT NULL, heading.value, number
      FROM by_key JOIN partnerships_heading AS heading ON heading.id = by_key.key AND heading.facet = %s
"""
_IN_KEYS = "ARRAY(SELECT key::bigint FROM unnest(keys) AS key WHERE key = ANY(%s) ORDER BY 1)"


def members_of(source: Drawn, facet: str, side: str) -> Members:
    """Read who stands together on the cards of ``source``.

    Args:
        facet: under which cards are counted for a key.
        side: the column that holds the members: ``parties``, ``roots`` or, under their headings, ``keys``.
    """
    names = _codes(facet) if side == "keys" else None
    cards = source.cards.order_by().values(*dict.fromkeys(("keys", side)))
    statement = _MEMBERS.replace("{members}", _IN_KEYS if names is not None else side)
    own = [list(names)] if names is not None else []
    found = Members()
    for members, value, number in source.rows(statement, *own, facet, cards=cards):
        if value is not None:
            found.numbers[value] = number
        elif members:
            keys = (names[one] if names is not None else str(one) for one in members)
            found.groups.append((tuple(keys), number))
    return found


#: Headings are joined last: most of the keys of a card are of other facets.
_NUMBERS = """
    SELECT heading.value, by_key.number
      FROM (SELECT unnest(keys) AS key, count(*) AS number FROM ({cards}) AS found GROUP BY 1) AS by_key
      JOIN partnerships_heading AS heading ON heading.id = by_key.key AND heading.facet = %s
"""


def numbers_under(source: Drawn, facet: str, values: Iterable[str] | None = None) -> dict[str, int]:
    """How many cards of ``source`` stand under each value of ``facet``, or under some ``values`` of it."""
    statement, own = _NUMBERS, [facet]
    if values is not None:
        statement, own = f"{_NUMBERS} AND heading.value = ANY(%s)", [facet, list(values)]
    return dict(source.rows(statement, *own, cards=source.cards.order_by().values("keys")))


def headings_of(facet: str, values: Iterable[str]) -> list[int]:
    """Ids of the headings of ``values``."""
    return list(Heading.objects.filter(facet=facet, value__in=list(values)).values_list("pk", flat=True))


def _codes(facet: str) -> dict[int, str]:
    return dict(Heading.objects.filter(facet=facet).values_list("pk", "value"))
