"""Which part of the map is looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .projection import HEIGHT, WIDTH, on_globe, on_map

#: Height of a map for a width of 1.
RATIO = 0.45
#: Each step of the zoom halves the width. At the last one a large city fills the map.
DEEPEST = 9
#: Where the map ends in the south when all of it is seen: what lies below is ice.
_SOUTH = 450.0


@dataclass(frozen=True)
class Window:
    """A part of the map: its middle in degrees, and how far it is zoomed in.

    Args:
        zoom: 0 to ``DEEPEST``; the map is ``2 ** zoom`` times as large as at 0.
    """

    longitude: float = 0.0
    latitude: float = 0.0
    zoom: int = 0

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read ``longitude,latitude,zoom``.

        Raises:
            ValueError: the text is no such thing, or nowhere on earth.
        """
        longitude, latitude, zoom = text.split(",")
        window = cls(round(float(longitude), 4), round(float(latitude), 4), int(zoom))
        if not (
            -180 <= window.longitude <= 180 and -90 <= window.latitude <= 90 and 0 <= window.zoom <= DEEPEST
        ):
            raise ValueError(text)
        return window

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> "Window":
        """The deepest window that shows points of the map, with some room about them."""
        points = list(points)
        xs, ys = zip(*points, strict=True)
        longitude, latitude = on_globe((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        window = cls(round(longitude, 3), round(latitude, 3), DEEPEST)
        # As they stand upright: the middle may be another one then.
        xs, ys = zip(*(window.upright(*point) for point in points), strict=True)
        x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        longitude, latitude = on_globe(x + window.slope * (y - window.middle[1]), y)
        zoom = DEEPEST
        while zoom and max(max(xs) - min(xs), (max(ys) - min(ys)) / RATIO) * 1.2 > WIDTH / 2**zoom:
            zoom -= 1
        return cls(round(longitude, 3), round(latitude, 3), zoom)

    def __str__(self) -> str:
        return f"{self.longitude:g},{self.latitude:g},{self.zoom}"

    @property
    def is_whole(self) -> bool:
        return self.zoom == 0

    @property
    def scale(self) -> int:
        """How much larger things are than on the whole map."""
        return 2**self.zoom

    @property
    def width(self) -> float:
        return WIDTH / self.scale

    @property
    def height(self) -> float:
        return WIDTH * RATIO / self.scale

    @cached_property
    def corner(self) -> tuple[float, float]:
        """x and y of the upper left corner; the window never leaves the map."""
        x, y = on_map(self.longitude, self.latitude)
        south = _SOUTH if self.is_whole else HEIGHT
        return (
            max(0.0, min(x - self.width / 2, WIDTH - self.width)),
            max(0.0, min(y - self.height / 2, south - self.height)),
        )

    @property
    def middle(self) -> tuple[float, float]:
        left, top = self.corner
        return left + self.width / 2, top + self.height / 2

    @cached_property
    def slope(self) -> float:
        """By how much meridians in the middle of the window lean, as it would be seen on the whole map.

        A part of the map is drawn with its meridians upright: what is far from 0° would lean heavily. To
        do so shears it, which leaves areas as they are.
        """
        longitude, latitude = on_globe(*self.middle)
        latitude = max(-89.0, min(89.0, latitude))
        (x, y), (right, lower) = on_map(longitude, latitude + 1), on_map(longitude, latitude - 1)
        return (right - x) / (lower - y) * min(1.0, self.zoom / 3)

    def upright(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the map is drawn, in its units."""
        return x - self.slope * (y - self.middle[1]), y

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, as they are drawn."""
        left, top = self.corner
        return left, top, left + self.width, top + self.height

    def holds(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.box
        x, y = self.upright(x, y)
        return left <= x <= right and top <= y <= bottom

    def meets(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a box of the map lies in the window, in part at least."""
        left, top, right, bottom = self.box
        lean = abs(self.slope) * self.height / 2
        return box[0] <= right + lean and box[2] >= left - lean and box[1] <= bottom and box[3] >= top

    def on_earth(self, room: float = 0) -> tuple[float, float, float, float]:
        """West, south, east and north in degrees of a box that holds the window.

        Args:
            room: so much is added on every side, as a share of the window.
        """
        left, top, right, bottom = self.box
        left, right = left - room * self.width, right + room * self.width
        top, bottom = top - room * self.height, bottom + room * self.height
        middle = (top + bottom) / 2
        corners = [
            on_globe(x + self.slope * (y - middle), y) for x in (left, right) for y in (top, middle, bottom)
        ]
        return (
            min(one[0] for one in corners),
            min(one[1] for one in corners),
            max(one[0] for one in corners),
            max(one[1] for one in corners),
        )

    # --- from here to another one --------------------------------------------------------------------

    def centred(self) -> "Window":
        """The same window, named by the middle that it has since it stays on the map."""
        longitude, latitude = on_globe(*self.middle)
        return Window(round(longitude, 3), round(latitude, 3), self.zoom)

    def nearer(self) -> "Window | None":
        here = self.centred()
        return Window(here.longitude, here.latitude, self.zoom + 1) if self.zoom < DEEPEST else None

    def farther(self) -> "Window | None":
        here = self.centred()
        return Window(here.longitude, here.latitude, self.zoom - 1) if self.zoom else None

    def moved(self, right: float, down: float) -> "Window | None":
        """The window beside this one, by shares of its width and height; None at the edge of the map."""
        (x, y), lower = self.middle, self.height * down
        longitude, latitude = on_globe(x + self.width * right + self.slope * lower, y + lower)
        beside = Window(round(longitude, 3), round(latitude, 3), self.zoom)
        same = all(abs(a - b) < self.width / 100 for a, b in zip(beside.corner, self.corner, strict=True))
        return None if same else beside.centred()
