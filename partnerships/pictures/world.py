"""The shapes of countries, as Natural Earth has them: read once a process from the npm package world-atlas.

The package is installed at set-up into ``.venv/browser``; without it maps have no countries, and all else
works. Borders are those that Natural Earth draws: de facto, and disputed in places.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pycountry
from django.conf import settings

from .projection import WIDTH, on_map
from .window import Window

#: Longitude and latitude in degrees.
Point = tuple[float, float]

#: From this zoom on shapes are drawn finely.
FINE_FROM = 3
#: How wide the world is in the whole numbers that paths are written in: coarse and fine shapes.
GRIDS = {"110m": 4_000, "50m": 50_000}


@dataclass(frozen=True, eq=False)
class Ring:
    """A closed line on the map, in its units; a hole lies within another ring of the shape."""

    points: tuple[tuple[float, float], ...]
    grid: int

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @cached_property
    def path(self) -> str:
        """The ring as an SVG path, in steps of the grid; empty where it is smaller than that."""
        scale = self.grid / WIDTH
        steps, last = [], None
        for x, y in self.points:
            here = (round(x * scale), round(y * scale))
            if last is None:
                start = f"M{here[0]} {here[1]}l"
            elif here != last:
                steps.append(f"{here[0] - last[0]} {here[1] - last[1]}")
            last = here
        return f"{start}{' '.join(steps)}z".replace(" -", "-") if len(steps) > 2 else ""


@dataclass(frozen=True, eq=False)
class Shape:
    """A country: its ISO 3166-1 code, empty where it has none, and its rings."""

    code: str
    name: str
    rings: tuple[Ring, ...]

    def path(self, window: Window) -> str:
        """The rings that lie in ``window``."""
        return "".join(ring.path for ring in self.rings if window.meets(ring.box))

    @property
    def main_ring(self) -> Ring:
        """The largest ring: what is far from it would make the country look small."""

        def size(ring: Ring) -> float:
            left, top, right, bottom = ring.box
            return (right - left) * (bottom - top)

        return max(self.rings, key=size)


def folder() -> Path:
    """Where the browser's packages are installed."""
    return settings.BROWSER_PACKAGES / "node_modules"


def is_installed() -> bool:
    return all((folder() / "world-atlas" / f"countries-{detail}.json").is_file() for detail in GRIDS)


def shapes(window: Window) -> tuple[Shape, ...]:
    """All countries, as finely as ``window`` needs them; none where the package is not installed."""
    return _shapes(_detail(window)) if is_installed() else ()


def grid(window: Window) -> int:
    """How wide the world is in the whole numbers of the paths that ``shapes`` gives."""
    return GRIDS[_detail(window)]


def _detail(window: Window) -> str:
    return "50m" if window.zoom >= FINE_FROM else "110m"


def window_of(code: str) -> Window | None:
    """The window that shows a country; None where its shape is not known."""
    if not is_installed():
        return None
    for shape in _shapes("50m"):
        if shape.code == code:
            return Window.around(shape.main_ring.points)
    return None


@cache
def sphere() -> str:
    """The edge of the world as an SVG path in the units of the map."""
    north = [90 - step * 3 for step in range(61)]
    edge = [(180, latitude) for latitude in north] + [(-180, latitude) for latitude in reversed(north)]
    return "M" + "L".join("{:.1f} {:.1f}".format(*on_map(*point)) for point in edge) + "z"


@cache
def _shapes(detail: str) -> tuple[Shape, ...]:
    text = (folder() / "world-atlas" / f"countries-{detail}.json").read_text(encoding="utf-8")
    topology = json.loads(text)
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    found = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        pieces = [piece for ring in _rings_of(geometry) for piece in cut(_ring(arcs, ring))]
        rings = tuple(Ring(tuple(on_map(*point) for point in piece), GRIDS[detail]) for piece in pieces)
        if rings:
            code = _code(geometry.get("id"))
            found.append(Shape(code, geometry["properties"]["name"], rings))
    return tuple(found)


def _arc(arc: list, transform: dict) -> list[Point]:
    """Points of an arc: TopoJSON writes each as the difference from the one before."""
    (east, north), (west, south) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for right, up in arc:
        x, y = x + right, y + up
        points.append((x * east + west, y * north + south))
    return points


def _rings_of(geometry: dict) -> Iterator[list[int]]:
    if geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def _ring(arcs: list, numbers: list[int]) -> list[Point]:
    """The arcs of a ring one after the other; ``~n`` is arc n backward. Each begins where the last ended."""
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _code(number: str | None) -> str:
    """The two letters of a country for its three digits; what ISO does not list has none."""
    country = pycountry.countries.get(numeric=number) if number else None
    return country.alpha_2 if country else ""


# --- rings that cross the edge of the map -------------------------------------------------------------


def cut(ring: list[Point]) -> list[list[Point]]:
    """Cut a closed line on the globe at the meridian of 180°, where the map ends.

    Args:
        ring: longitudes and latitudes; a step of more than 180° is one across that meridian.
    """
    points, turn, before = [], 0, ring[0][0]
    for longitude, latitude in ring:
        turn += 360 * ((before - longitude > 180) - (before - longitude < -180))
        before = longitude
        points.append((longitude + turn, latitude))
    if turn:  # it goes around a pole, which belongs to it
        pole = 90.0 if points[0][1] > 0 else -90.0
        points += [(points[-1][0], pole), (points[0][0], pole)]
    pieces = []
    for shift in (-360, 0, 360):
        moved = [(longitude + shift, latitude) for longitude, latitude in points]
        piece = _clipped(_clipped(moved, 180.0, 1), -180.0, -1)
        xs = [longitude for longitude, _latitude in piece]
        if piece and max(xs) > min(xs):
            pieces.append(piece)
    return pieces


def _clipped(points: list[Point], edge: float, side: int) -> list[Point]:
    """What of a closed line lies west (1) or east (-1) of a meridian: Sutherland and Hodgman's way (1974)."""
    if all(side * (longitude - edge) <= 0 for longitude, _latitude in points):
        return points
    kept: list[Point] = []
    for (a, b), (c, d) in zip(points, [*points[1:], *points[:1]], strict=True):
        is_in, goes_in = side * (a - edge) <= 0, side * (c - edge) <= 0
        if is_in:
            kept.append((a, b))
        if is_in != goes_in:
            kept.append((edge, b + (d - b) * (edge - a) / (c - a)))
    return kept
