"""Which part of the map is looked at."""

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
    def around(cls, left: float, top: float, right: float, bottom: float) -> "Window":
        """The deepest window that shows a box of the map, with some room about it."""
        zoom = DEEPEST
        while zoom and max(right - left, (bottom - top) / RATIO) * 1.25 > WIDTH / 2**zoom:
            zoom -= 1
        longitude, latitude = on_globe((left + right) / 2, (top + bottom) / 2)
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
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        left, top = self.corner
        return left, top, left + self.width, top + self.height

    def holds(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.box
        return left <= x <= right and top <= y <= bottom

    def meets(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a box of the map lies in the window, in part at least."""
        left, top, right, bottom = self.box
        return box[0] <= right and box[2] >= left and box[1] <= bottom and box[3] >= top

    def on_earth(self) -> tuple[float, float, float, float]:
        """West, south, east and north in degrees of a box that holds the window."""
        left, top, right, bottom = self.box
        corners = [on_globe(x, y) for x in (left, right) for y in (top, (top + bottom) / 2, bottom)]
        return (
            min(one[0] for one in corners),
            min(one[1] for one in corners),
            max(one[0] for one in corners),
            max(one[1] for one in corners),
        )

    # --- from here to another one --------------------------------------------------------------------

    def centred(self) -> "Window":
        """The same window, named by the middle that it has since it stays on the map."""
        left, top, right, bottom = self.box
        longitude, latitude = on_globe((left + right) / 2, (top + bottom) / 2)
        return Window(round(longitude, 3), round(latitude, 3), self.zoom)

    def nearer(self) -> "Window | None":
        here = self.centred()
        return Window(here.longitude, here.latitude, self.zoom + 1) if self.zoom < DEEPEST else None

    def farther(self) -> "Window | None":
        here = self.centred()
        return Window(here.longitude, here.latitude, self.zoom - 1) if self.zoom else None

    def moved(self, right: float, down: float) -> "Window | None":
        """The window beside this one, by shares of its width and height; None at the edge of the map."""
        left, top, _right, _bottom = self.box
        longitude, latitude = on_globe(left + self.width * (0.5 + right), top + self.height * (0.5 + down))
        beside = Window(round(longitude, 3), round(latitude, 3), self.zoom)
        same = all(abs(a - b) < self.width / 100 for a, b in zip(beside.corner, self.corner, strict=True))
        return None if same else beside.centred()
