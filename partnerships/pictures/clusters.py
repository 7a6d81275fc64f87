"""Places drawn together where they would lie on each other, and the lines between them."""

from collections import Counter
from dataclasses import dataclass, field

from partnerships.search.answers import Count

from .headings import NOTHING
from .places import Place, Places, Site, joined
from .projection import WIDTH
from .window import Window

#: Circles are drawn for a map so many pixels wide; their middles are at least so far apart.
APART = 27
#: So many lines are drawn at most, the strongest.
LINES = 200


@dataclass(eq=False)
class Cluster:
    """A circle of the map: a place, with those that lie too near to be told apart.

    Args:
        places: the one with most agreements first; the circle is drawn there.
        number: how many of the agreements looked at have a party there.
        count: what that says of all.
    """

    places: list[Place] = field(default_factory=list)
    number: int = 0
    count: Count = NOTHING

    @property
    def seed(self) -> Place:
        return self.places[0]

    @property
    def sites(self) -> list[Site]:
        return [site for place in self.places for site in place.sites]

    @property
    def only(self) -> Site | None:
        """The institution, where it is one alone."""
        return self.seed.sites[0] if len(self.places) == 1 and len(self.seed.sites) == 1 else None


@dataclass(eq=False)
class Line:
    """Agreements that join two circles."""

    one: Cluster
    other: Cluster
    count: Count


@dataclass
class Clusters:
    """The circles in a window and the lines that touch it.

    Args:
        outside: places that lie outside.
        more_lines: there are others, of fewer agreements.
        within: agreements all of whose known places are in one circle: no line shows them.
    """

    clusters: list[Cluster]
    lines: list[Line]
    outside: int = 0
    more_lines: int = 0
    within: Count = NOTHING


def clustered(found: Places, window: Window, *, lines: int = LINES) -> Clusters:
    """Draw places together that would lie on each other in ``window``."""
    apart = APART * window.width / WIDTH
    clusters: list[Cluster] = []
    cells: dict[tuple[int, int], list[int]] = {}
    group_of: list[int] = []
    drawn: list[tuple[float, float]] = []
    for place in found.places:
        x, y = window.upright(place.x, place.y)
        cell = int(x // apart), int(y // apart)
        group = _near((x, y), cell, cells, drawn, apart)
        if group is None:
            group = len(clusters)
            clusters.append(Cluster())
            drawn.append((x, y))
            cells.setdefault(cell, []).append(group)
        clusters[group].places.append(place)
        group_of.append(group)
    _count(found, clusters, group_of)
    inside = {n for n, one in enumerate(clusters) if window.holds(one.seed.x, one.seed.y)}
    joins = joined(found.cards, group_of)
    seen = [(pair, number) for pair, number in joins.items() if inside.intersection(pair)]
    strongest = sorted(seen, key=lambda one: (-one[1], one[0]))[:lines]
    return Clusters(
        clusters=sorted((clusters[n] for n in inside), key=lambda one: -one.number),
        lines=[Line(clusters[a], clusters[b], found.source.number(n)) for (a, b), n in strongest],
        outside=sum(len(one.places) for n, one in enumerate(clusters) if n not in inside),
        more_lines=len(seen) - len(strongest),
        within=found.source.number(_within(found, group_of, inside)),
    )


def _near(point, cell, cells, drawn: list, apart: float) -> int | None:
    """The nearest circle that a place at ``point`` would lie on."""
    best, nearest = None, apart * apart
    for x in range(cell[0] - 1, cell[0] + 2):
        for y in range(cell[1] - 1, cell[1] + 2):
            for group in cells.get((x, y), ()):
                x_of, y_of = drawn[group]
                distance = (x_of - point[0]) ** 2 + (y_of - point[1]) ** 2
                if distance < nearest:
                    best, nearest = group, distance
    return best


def _count(found: Places, clusters: list[Cluster], group_of: list[int]) -> None:
    numbers: Counter = Counter()
    for card in found.cards:
        numbers.update({group_of[place] for place in card})
    for group, cluster in enumerate(clusters):
        cluster.number = numbers[group]
        cluster.count = found.source.number(numbers[group])


def _within(found: Places, group_of: list[int], inside: set[int]) -> int:
    groups = ({group_of[place] for place in card} for card in found.cards)
    return sum(len(one) == 1 and one <= inside for one in groups)
