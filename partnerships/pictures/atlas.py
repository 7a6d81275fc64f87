"""The map as a drawing: shapes, lines, circles and names, each where it stands and how large.

Shapes and lines stand in the units of the map, of which the window shows a part. Circles and names stand
at shares of the window in percent and are as large on a small screen as on a large one.
"""

from dataclasses import dataclass, field
from math import sqrt

from partnerships.search.answers import Count, Question

from .clusters import LINES, Cluster, Clusters, Line, clustered
from .places import Places, places
from .projection import WIDTH, great_circle, on_map
from .ramp import place_of, step_of
from .window import RATIO, Window
from .world import Shape, grid, shapes

#: Steps of the ramp, from few to many.
STEPS = (1, 2, 3, 5, 6)
#: Radius of circles in pixels: of one agreement, and of the most.
SMALLEST, LARGEST = 4.5, 15.0
#: A circle of this radius has room for its number.
_ROOM = 8.5
#: So many names are written at most, of the largest circles.
_NAMES = 18


@dataclass(eq=False)
class Land:
    """A country as it is drawn.

    Args:
        step: of the ramp; 0 where no agreement has a party there, or where the country has no code.
    """

    shape: Shape
    path: str
    count: Count
    step: int


@dataclass(eq=False)
class Circle:
    """A circle: place in percent of the window, radius in pixels.

    Args:
        label: its name stands beside it.
    """

    cluster: Cluster
    x: float
    y: float
    radius: float
    label: bool = False

    @property
    def has_room(self) -> bool:
        return self.radius >= _ROOM

    @property
    def label_x(self) -> float:
        """Where the name begins, in pixels from the middle."""
        return self.radius + 4


@dataclass(eq=False)
class Stroke:
    """A line as it is drawn: one to five, the more the stronger."""

    line: Line
    path: str
    strength: int


@dataclass
class Atlas:
    """A map.

    Args:
        undrawn: countries with agreements that are too small to be drawn, or of which no shape is known.
    """

    window: Window
    found: Places
    shown: Clusters
    lands: list[Land] = field(default_factory=list)
    circles: list[Circle] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    undrawn: int = 0

    @property
    def has_lands(self) -> bool:
        return bool(self.lands)

    @property
    def view_box(self) -> str:
        left, top = self.window.corner
        return f"{left:.3f} {top:.3f} {self.window.width:.3f} {self.window.height:.3f}"

    @property
    def upright(self) -> str:
        """The SVG transformation that makes meridians in the middle of the window stand upright."""
        slope = self.window.slope
        return f"matrix(1 0 {-slope:.6f} 1 {slope * self.window.middle[1]:.4f} 0)"

    @property
    def land_scale(self) -> float:
        """What turns the numbers of the shapes into units of the map."""
        return WIDTH / grid(self.window)

    @property
    def institutions(self) -> int:
        """Institutions in the window whose place is known."""
        return sum(len(one.sites) for one in self.shown.clusters)


def atlas(question: Question, window: Window | None = None, *, lines: int = LINES) -> Atlas:
    """Draw the agreements that answer ``question``.

    Args:
        window: the part of the map that is shown; all of it where none is given.
        lines: how many lines are drawn at most.
    """
    window = window or Window()
    found = places(question, window)
    shown = clustered(found, window, lines=lines)
    drawing = Atlas(window, found, shown)
    drawing.lands = _lands(found, window)
    drawing.undrawn = (
        len(found.countries.keys() - {land.shape.code for land in drawing.lands}) if window.is_whole else 0
    )
    drawing.circles = _circles(shown, window)
    drawing.strokes = [_stroke(line, shown.lines[0].count.value, window) for line in reversed(shown.lines)]
    return drawing


def _lands(found: Places, window: Window) -> list[Land]:
    highest = max((count.value for count in found.countries.values()), default=0)
    nothing = Count.exact(0)
    lands = []
    for shape in shapes(window):
        if path := shape.path(window):
            count = found.countries.get(shape.code, nothing)
            lands.append(Land(shape, path, count, step_of(count.value, highest, STEPS)))
    return lands


def bounds(highest: int) -> list[tuple[int, int, int]]:
    """The steps of the ramp that occur, each with the first and last number that it stands for."""
    found = []
    for place, name in enumerate(STEPS):
        first = max(1, _least(place, highest))
        last = highest if place == len(STEPS) - 1 else _least(place + 1, highest) - 1
        if first <= min(last, highest) and step_of(first, highest, STEPS) == name:
            found.append((name, first, min(last, highest)))
    return found


def _least(place: int, highest: int) -> int:
    """The least number of a step."""
    number = int((place / len(STEPS)) ** 2 * highest)
    while number and place_of(number - 1, highest, STEPS) >= place:
        number -= 1
    while place_of(number, highest, STEPS) < place:
        number += 1
    return number


def _circles(shown: Clusters, window: Window) -> list[Circle]:
    left, top, _right, _bottom = window.box
    most = max((one.number for one in shown.clusters), default=1)
    circles = []
    for cluster in shown.clusters:
        x, y = window.upright(cluster.seed.x, cluster.seed.y)
        share = sqrt(cluster.number / most)
        circles.append(
            Circle(
                cluster,
                round((x - left) / window.width * 100, 3),
                round((y - top) / window.height * 100, 3),
                round(SMALLEST + (LARGEST - SMALLEST) * share, 1) if most > 1 else 6.0,
            )
        )
    _name(circles)
    return circles


def _name(circles: list[Circle]) -> None:
    """Choose the circles whose names find room on a map ``WIDTH`` pixels wide."""
    taken = [(*_middle(one), one.radius) for one in circles]
    boxes: list[tuple[float, float, float, float]] = []
    named = 0
    for circle in circles:
        if named == _NAMES:
            return
        x, y = _middle(circle)
        box = (
            x + circle.radius + 2,
            y - 8,
            x + circle.label_x + 7.2 * len(circle.cluster.seed.name) + 2,
            y + 8,
        )
        free = box[2] < WIDTH and not any(
            box[0] < cx + r and box[2] > cx - r and box[1] < cy + r and box[3] > cy - r
            for cx, cy, r in taken
            if (cx, cy) != (x, y)
        )
        if free and not any(
            box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1] for b in boxes
        ):
            circle.label = True
            boxes.append(box)
            named += 1


def _middle(circle: Circle) -> tuple[float, float]:
    return circle.x * WIDTH / 100, circle.y * WIDTH * RATIO / 100


def _stroke(line: Line, most: int, window: Window) -> Stroke:
    ends = [(one.seed.longitude, one.seed.latitude) for one in (line.one, line.other)]
    strength = 1 + min(4, int(sqrt(line.count.value / max(most, 1)) * 5)) if most > 1 else 2
    return Stroke(line, _along(great_circle(*ends, step=max(1, 4 / window.scale)), window), strength)


def _along(points: list[tuple[float, float]], window: Window) -> str:
    """The way as an SVG path, as far as it is near the window; taken up again where it leaves the map."""
    left, top, right, bottom = window.box
    across, down = window.width, window.height
    path, before, was_near = [], None, False
    for longitude, latitude in points:
        x, y = on_map(longitude, latitude)
        drawn_x, _y = window.upright(x, y)
        near = left - across < drawn_x < right + across and top - down < y < bottom + down
        leaves = before is None or abs(longitude - before[0]) > 180
        if near or was_near:
            if not was_near and not leaves:
                path.append(f"M{before[1]:.3f} {before[2]:.3f}")
            path.append(f"{'M' if leaves else 'L'}{x:.3f} {y:.3f}")
        before, was_near = (longitude, x, y), near
    return "".join(path)
