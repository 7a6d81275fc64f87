"""What of a map stands in a part of it: places drawn together where they would lie on one another."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .geography import WIDTH, Box, Point, placed, projected
from .places import Place, Places

#: How often the map can be made twice as large: at the last step a part is some 20 km wide.
DEEPEST = 11
#: A part of the map is so much wider than high.
ASPECT = 1.9
#: So many dots fit side by side into a part without touching.
ACROSS = 36
#: Lines that are drawn at most, those of most agreements.
LINES = 200
#: What is not drawn of the whole world: the ice of the south, and the sea of the north.
_TOP, _BOTTOM = projected(0, 84).y, projected(0, -58).y


@dataclass(frozen=True)
class View:
    """A part of the map.

    Args:
        middle: in units of the map.
        zoom: how often the world was made twice as large, 0 to ``DEEPEST``.
    """

    middle: Point
    zoom: int

    @property
    def width(self) -> float:
        return WIDTH / 2**self.zoom

    @property
    def box(self) -> Box:
        high = self.width / ASPECT
        return Box(
            self.middle.x - self.width / 2,
            self.middle.y - high / 2,
            self.middle.x + self.width / 2,
            self.middle.y + high / 2,
        )

    @property
    def written(self) -> str:
        """As it stands in an address: longitude, latitude and zoom; empty for the whole world."""
        if self == WORLD:
            return ""
        longitude, latitude = placed(self.middle)
        decimals = 1 + self.zoom // 3
        return f"{longitude:.{decimals}f},{latitude:.{decimals}f},{self.zoom}"

    def moved(self, across: float, down: float) -> "View":
        """Beside this one, by shares of its width and height; never off the map."""
        high = self.width / ASPECT
        x = min(max(self.middle.x + across * self.width, 0), WIDTH)
        y = min(max(self.middle.y + down * high, _TOP), _BOTTOM)
        return View(Point(x, y), self.zoom)

    def closer(self, steps: int, to: Point | None = None) -> "View":
        """With ``steps`` more of zoom (or fewer), around ``to``."""
        zoom = min(max(self.zoom + steps, 0), DEEPEST)
        return View(to or self.middle, zoom) if zoom else WORLD


WORLD = View(Point(WIDTH / 2, (_TOP + _BOTTOM) / 2), 0)


def read_view(written: str) -> View:
    """Return the part that an address asks for.

    Raises:
        ValueError: it is no longitude, latitude and zoom.
    """
    if not written.strip():
        return WORLD
    longitude, latitude, zoom = (float(part) for part in written.split(","))
    if not (abs(longitude) <= 180 and abs(latitude) <= 90 and 0 <= zoom <= DEEPEST and zoom == int(zoom)):
        raise ValueError(written)
    return View(projected(longitude, latitude), int(zoom)) if zoom else WORLD


def view_around(points: Iterable[Point]) -> View:
    """The closest part that holds all ``points`` with some room around them; the world where there are none."""
    points = list(points)
    if not points:
        return WORLD
    left, right = min(point.x for point in points), max(point.x for point in points)
    top, bottom = min(point.y for point in points), max(point.y for point in points)
    needed = max(right - left, (bottom - top) * ASPECT, WIDTH / 2**6) * 1.25
    zoom = min(max(math.floor(math.log2(WIDTH / needed)), 0), DEEPEST)
    return View(Point((left + right) / 2, (top + bottom) / 2), zoom) if zoom else WORLD


@dataclass
class Cluster:
    """Places that are drawn as one dot, the busiest first.

    Args:
        counted: agreements of its institutions, one that joins two of them counted twice.
    """

    places: list[Place]
    point: Point
    counted: int

    @property
    def is_one_spot(self) -> bool:
        """Whether all stand at the very same place, so that no zoom parts them."""
        return len({place.point for place in self.places}) == 1


@dataclass
class Line:
    """Agreements between the places of two dots."""

    first: Cluster
    second: Cluster
    counted: int

    @property
    def pair(self) -> tuple[Place, Place] | None:
        """The two institutions, where it joins no others."""
        one, other = self.first.places, self.second.places
        return (one[0], other[0]) if len(one) == len(other) == 1 else None


@dataclass
class Part:
    """What stands in a part of the map.

    Args:
        more_lines: lines that were left out, as others join more.
        within: agreements' pairs between places of one dot: lines too short to be seen.
    """

    clusters: list[Cluster]
    lines: list[Line]
    more_lines: int
    within: int


def part_of(found: Places, view: View) -> Part:
    """Draw together what would lie on one another in a part of the map, and join what agreements join."""
    cell = view.width / ACROSS
    grid: dict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in found.places.values():
        grid[math.floor(place.point.x / cell), math.floor(place.point.y / cell)].append(place)
    of_place: dict[int, Cluster] = {}
    clusters = [_cluster(places) for places in grid.values()]
    for cluster in clusters:
        for place in cluster.places:
            of_place[place.pk] = cluster
    seen = [cluster for cluster in clusters if view.box.holds(cluster.point)]
    lines, more, within = _lines(found, of_place, view)
    seen.sort(key=lambda one: (-one.counted, one.places[0].name))
    return Part(seen, lines, more, within)


def _cluster(places: list[Place]) -> Cluster:
    """One dot, in the middle of its agreements."""
    counted = sum(place.counted for place in places)
    weigh = counted or 1
    x = sum(place.point.x * place.counted for place in places) / weigh
    y = sum(place.point.y * place.counted for place in places) / weigh
    return Cluster(places, places[0].point if len(places) == 1 else Point(x, y), counted)


def _lines(found: Places, of_place: dict[int, Cluster], view: View) -> tuple[list[Line], int, int]:
    numbers: Counter[tuple[int, int]] = Counter()
    by_id: dict[int, Cluster] = {}
    within = 0
    for pair in found.pairs:
        one, other = of_place[pair.first], of_place[pair.second]
        if one is other:
            within += pair.counted if view.box.holds(one.point) else 0
        elif view.box.holds(one.point) or view.box.holds(other.point):
            by_id[id(one)], by_id[id(other)] = one, other
            numbers[min(id(one), id(other)), max(id(one), id(other))] += pair.counted
    lines = [Line(by_id[one], by_id[other], number) for (one, other), number in numbers.items()]
    lines.sort(key=lambda line: (-line.counted, line.first.places[0].pk, line.second.places[0].pk))
    return lines[:LINES], max(0, len(lines) - LINES), within
