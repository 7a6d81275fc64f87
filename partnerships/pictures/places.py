"""The map: where the parties of agreements are, and which places agreements join.

An institution is where its record says. Institutions of a town that come from the Research Organization
Registry share the point that GeoNames gives to the town; every such point is a place. What has no known
place is counted and told, and never guessed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from partnerships.models import Facet, Institution
from partnerships.querysets.readers_names import names_of
from partnerships.search.answers import Count, Question
from partnerships.search.samples import Drawn

from .drawn import drawn, is_tallied
from .linked_cards import headings_of, numbers_under
from .projection import on_map
from .window import Window

#: Of a sample at least so many agreements are looked at for a map, and fewer than twice as many.
ENOUGH = 3_000
#: A part of the map with at most so many institutions is asked for by itself, where all of it is too much.
FEW = 2_000


@dataclass(eq=False)
class Site:
    """An institution that the agreements name, and its number of agreements.

    Args:
        number: how many of the agreements looked at it is a party to.
    """

    key: int
    uid: str
    name: str
    city: str
    country: str
    number: int = 0


@dataclass(eq=False)
class Place:
    """A point of the globe, and the institutions there, those with most agreements first.

    Args:
        number: how many of the agreements looked at have a party there.
    """

    longitude: float
    latitude: float
    x: float
    y: float
    sites: list[Site] = field(default_factory=list)
    number: int = 0

    @property
    def country(self) -> str:
        return self.sites[0].country

    @property
    def name(self) -> str:
        """The town; of an institution without one, its own name."""
        return next((site.city for site in self.sites if site.city), self.sites[0].name)


@dataclass
class Places:
    """What a map shows.

    Args:
        total: all agreements that answer the question.
        countries: agreements by ISO 3166-1 code; of a country without any there is none.
        places: where institutions are, those with most agreements first.
        cards: the places of each agreement looked at, by their position in ``places``.
        source: what was looked at for places.
        counted: what was looked at for countries.
        unplaced: institutions whose place is not known.
    """

    total: Count
    countries: dict[str, Count]
    places: list[Place]
    cards: list[tuple[int, ...]]
    source: Drawn
    counted: Drawn
    unplaced: int = 0

    @property
    def is_exact(self) -> bool:
        return self.source.is_exact

    @property
    def share(self) -> int:
        return self.source.share

    @property
    def busiest_countries(self) -> list[tuple[str, Count]]:
        """Countries and their agreements, those with most first."""
        return sorted(self.countries.items(), key=lambda one: (-one[1].value, one[0]))


def places(question: Question, window: Window | None = None) -> Places:
    """Find where the parties of the agreements that answer ``question`` are.

    Args:
        window: the part of the map that is wanted. Of very many agreements, those with a party there are
            looked at, where its institutions are few enough to be asked for.
    """
    source = counted = drawn(question, ENOUGH)
    if not source.is_exact and window and not window.is_whole and (near := _near(window, question.user)):
        source = drawn(question.under_any(near), ENOUGH)
    parties = _parties(source)
    sites, sited, unplaced = _sites(set().union(*parties), question.user)
    found: list[Place] = list({id(place): place for place in sited.values()}.values())
    numbers = {id(place): number for number, place in enumerate(found)}
    cards = []
    for card in parties:
        here = set()
        for key in card:
            if key in sites:
                sites[key].number += 1
                if key in sited:
                    here.add(numbers[id(sited[key])])
        for number in here:
            found[number].number += 1
        cards.append(tuple(here))
    for place in found:
        place.sites.sort(key=lambda site: (-site.number, site.name, site.key))
    order = sorted(range(len(found)), key=lambda n: (-found[n].number, found[n].longitude, found[n].latitude))
    moved = {old: new for new, old in enumerate(order)}
    return Places(
        total=question.count,
        countries=_of_parties(source, parties, sites)
        if source is counted and not is_tallied(question)
        else _countries(counted, question),
        places=[found[number] for number in order],
        cards=[tuple(sorted(moved[number] for number in card)) for card in cards],
        source=source,
        counted=counted,
        unplaced=unplaced,
    )


def _near(window: Window, user) -> list[int]:
    """Headings of the institutions in the window; none where they are too many."""
    west, south, east, north = window.on_earth(room=0.1)
    inside = (
        Institution.objects.visible_to(user)
        .order_by()
        .filter(longitude__gte=west, longitude__lte=east, latitude__gte=south, latitude__lte=north)
    )
    keys = list(inside.values_list("pk", flat=True)[: FEW + 1])
    if len(keys) > FEW:
        return []
    return headings_of(Facet.INSTITUTION, map(str, keys)) or [0]


def _parties(source: Drawn) -> list[list[str]]:
    """The keys of the parties of each agreement, as text: one string a row is read fastest."""
    statement = "SELECT array_to_string(parties, ',') FROM ({cards}) AS found"
    rows = source.rows(statement, cards=source.cards.order_by().values("parties"))
    return [row.split(",") if row else [] for (row,) in rows]


def _sites(keys: set[str], user) -> tuple[dict[str, Site], dict[str, Place], int]:
    """Institutions that ``user`` may see and their places, by key as text; and how many have none."""
    sites, sited, at, unplaced = {}, {}, {}, 0
    local = names_of("partnerships.Institution", map(int, keys))
    for key, uid, name, city, country, longitude, latitude in _rows(keys, user):
        site = sites[str(key)] = Site(key, uid, local.get(key, name), city, country or "")
        if longitude is None or latitude is None:
            unplaced += 1
            continue
        place = at.get((longitude, latitude))
        if place is None:
            place = at[longitude, latitude] = Place(longitude, latitude, *on_map(longitude, latitude))
        place.sites.append(site)
        sited[str(key)] = place
    return sites, sited, unplaced


def _rows(keys: set[str], user):
    """What is told of institutions, as far as ``user`` may see them."""
    wanted = RawSQL("SELECT unnest(%s::bigint[])", [sorted(map(int, keys))])
    rows = Institution.objects.visible_to(user).order_by().filter(pk__in=wanted)
    return rows.values_list("pk", "uid", "name", "city", "country_id", "longitude", "latitude")


def _of_parties(source: Drawn, parties: list[list[str]], sites: dict[str, Site]) -> dict[str, Count]:
    """Agreements by country, from parties at hand: as many as stand under the country's heading."""
    numbers: Counter = Counter()
    for card in parties:
        numbers.update({site.country for key in card if (site := sites.get(key)) and site.country})
    return {code: source.number(number) for code, number in numbers.items()}


_TALLIED = """
    SELECT heading.value, sum(tally.change)
      FROM partnerships_heading AS heading JOIN partnerships_tally AS tally ON tally.heading = heading.id
     WHERE heading.facet = 'country' AND tally.day <= %s
     GROUP BY heading.value HAVING sum(tally.change) > 0
"""


def _countries(source: Drawn, question: Question) -> dict[str, Count]:
    """Agreements by country: exact where all are looked at, or where tallies know it."""
    if is_tallied(question):
        with connection.cursor() as cursor:
            cursor.execute(_TALLIED, [timezone.localdate()])
            return {code: Count.exact(number) for code, number in cursor.fetchall()}
    numbers = numbers_under(source, Facet.COUNTRY)
    return {code: source.number(number) for code, number in numbers.items()}


def joined(cards: Iterable[tuple[int, ...]], group_of: list[int]) -> Counter:
    """How many agreements join two groups of places, by the two numbers of the groups, the smaller first.

    Args:
        cards: ``Places.cards``.
        group_of: the group of each place.
    """
    lines: Counter = Counter()
    for card in cards:
        if len(card) > 1:
            lines.update(combinations(sorted({group_of[place] for place in card}), 2))
    return lines
