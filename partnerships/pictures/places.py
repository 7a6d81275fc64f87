"""Where the parties of agreements are, and which of them agreements join.

An institution stands at its first location. One whose place nobody has told stands nowhere, and is counted
as such. Lines are drawn of agreements between few: a consortium of hundreds joins everybody with everybody,
and would hide what the others say.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from partnerships.models import Facet, Institution
from partnerships.querysets.agreements import sees_public_only
from partnerships.search.answers import Count, Question
from partnerships.search.clock import clock
from partnerships.search.facets import facets_of

from .drawn import Drawn, drawn
from .geography import Point, projected

#: Agreements between more than so many parties draw no lines.
FEW = 12
#: So many pairs of institutions are kept, those that most agreements join.
MOST_PAIRS = 20_000


class Place(NamedTuple):
    """An institution at its place.

    Args:
        counted: agreements that it is a party to, among those that were looked at.
    """

    pk: int
    uid: str
    name: str
    city: str
    country: str
    point: Point
    counted: int


class Pair(NamedTuple):
    """Two places that agreements join."""

    first: int
    second: int
    counted: int


@dataclass
class Places:
    """What a map of a question shows.

    Args:
        places: institutions by primary key, the busiest first.
        pairs: those that most agreements join first.
        unplaced: parties whose place is not known.
        unjoined: agreements between so many parties that no lines are drawn of them.
        by_country: numbers of agreements by the country of a party, of all agreements.
        share: one agreement in so many was looked at; 1 where all were.
    """

    places: dict[int, Place] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    unplaced: int = 0
    unjoined: int = 0
    by_country: dict[str, Count] = field(default_factory=dict)
    share: int = 1

    def number(self, counted: int) -> Count:
        """What ``counted`` agreements of those looked at say of all."""
        return Count.exact(counted) if self.share == 1 else Count.estimated(counted, share=self.share)


def places_of(question: Question, said: str = "") -> Places:
    """Find what a map of ``question`` shows: four statements, and one where nothing has changed.

    Args:
        said: the question as it was written. What everybody may see is kept under it until the registry
            changes, as a map is looked at part by part.
    """
    if said is None or not sees_public_only(question.user) or connection.in_atomic_block:
        return _found(question)
    kept = _Kept(said, question, clock(), timezone.localdate())
    return _kept(kept)


@dataclass(frozen=True)
class _Kept:
    """What a kept answer follows from; the question itself is told by its words."""

    said: str
    question: Question = field(compare=False, hash=False)
    moment: int
    day: object


@lru_cache(maxsize=8)
def _kept(asked: _Kept) -> Places:
    return _found(asked.question)


def _found(question: Question) -> Places:
    source = drawn(question)
    counted = _counted(source)
    rows = Institution.objects.visible_to(question.user).order_by().filter(pk__in=counted)
    named = rows.values_list("pk", "uid", "name", "city", "country_id", "latitude", "longitude")
    places = [
        Place(pk, uid, name, city, country or "", projected(longitude, latitude), counted[pk])
        for pk, uid, name, city, country, latitude, longitude in named
        if latitude is not None and longitude is not None
    ]
    places.sort(key=lambda one: (-one.counted, one.name, one.pk))
    by_pk = {one.pk: one for one in places}
    pairs = [pair for pair in _pairs(source) if pair.first in by_pk and pair.second in by_pk]
    return Places(
        by_pk,
        pairs,
        unplaced=len(counted) - len(by_pk),
        unjoined=_unjoined(source),
        by_country={one.value: one.count for one in facets_of(question, [Facet.COUNTRY])[Facet.COUNTRY]},
        share=source.share,
    )


_COUNTED = "SELECT party, count(*) FROM (SELECT unnest(parties) AS party FROM ({cards}) AS card) AS one GROUP BY party"
_PAIRS = """
    SELECT one, other, count(*) AS number
      FROM ({cards}) AS card
     CROSS JOIN LATERAL unnest(card.parties) AS one
     CROSS JOIN LATERAL unnest(card.parties) AS other
     WHERE cardinality(card.parties) <= %s AND one < other
     GROUP BY one, other ORDER BY number DESC, one, other LIMIT %s
"""
_UNJOINED = "SELECT count(*) FROM ({cards}) AS card WHERE cardinality(parties) > %s"


def _counted(source: Drawn) -> dict[int, int]:
    return dict(_asked(_COUNTED, source))


def _pairs(source: Drawn) -> list[Pair]:
    return [Pair(*row) for row in _asked(_PAIRS, source, FEW, MOST_PAIRS)]


def _unjoined(source: Drawn) -> int:
    return next(iter(_asked(_UNJOINED, source, FEW)), (0,))[0]


def _asked(statement: str, source: Drawn, *further) -> Iterable[tuple]:
    try:
        cards, parameters = source.cards.order_by().values("parties").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(cards=cards), [*parameters, *further])
        return cursor.fetchall()
