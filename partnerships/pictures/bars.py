"""The drawing of a trend: bars upward for what was signed, downward for what ended, and those in force.

Places along the years are in percent of the width, so that a drawing is as wide as its page; heights are in
pixels.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from partnerships.search.answers import Count

from .headings import NOTHING
from .years import Trend

#: Height of the drawing of what came and went, and of that of what stood.
HEIGHT, STANDING = 132, 72


class Bar(NamedTuple):
    """One bar: ``x`` and ``width`` in percent, ``y`` and ``height`` in pixels."""

    what: str
    year: int
    count: Count
    x: float
    width: float
    y: float
    height: float
    address: str


@dataclass
class Chart:
    """Bars of a trend.

    Args:
        zero: where the axis between what came and what went lies, in pixels.
        signed_count: the highest number of what came in a year; ``ended_count`` of what went,
            ``standing_count`` of what stood.
        signed_in: the year in which most came; ``ended_in`` that in which most went.
        ticks: years to be written, and their places in percent.
    """

    changes: list[Bar] = field(default_factory=list)
    standing: list[Bar] = field(default_factory=list)
    zero: float = 0
    ticks: list[tuple[int, float]] = field(default_factory=list)
    signed_count: Count = NOTHING
    ended_count: Count = NOTHING
    standing_count: Count = NOTHING
    signed_in: int = 0
    ended_in: int = 0
    height: int = HEIGHT
    standing_height: int = STANDING

    @property
    def most_signed(self) -> int:
        return self.signed_count.value

    @property
    def most_ended(self) -> int:
        return self.ended_count.value

    @property
    def most_in_force(self) -> int:
        return self.standing_count.value


def chart(trend: Trend, addresses: dict[int, dict[str, str]] | None = None) -> Chart:
    """Draw ``trend``.

    Args:
        addresses: where the numbers of a year lead, by ``signed``, ``ended`` and ``in_force``.
    """
    found, number = Chart(), max(len(trend.years), 1)
    for one in trend.years:
        if one.signed.value > found.signed_count.value:
            found.signed_count, found.signed_in = one.signed, one.year
        if one.ended.value > found.ended_count.value:
            found.ended_count, found.ended_in = one.ended, one.year
        found.standing_count = max(found.standing_count, one.in_force)
    scale = (HEIGHT - 2) / max(found.most_signed + found.most_ended, 1)
    found.zero = round(1 + found.most_signed * scale, 1)
    for place, one in enumerate(trend.years):
        up, down = _height(one.signed.value * scale), _height(one.ended.value * scale)
        standing = _height(one.in_force.value * (STANDING - 2) / max(found.most_in_force, 1))
        for bars, what, y, height in (
            (found.changes, "signed", found.zero - up, up),
            (found.changes, "ended", found.zero, down),
            (found.standing, "in_force", STANDING - standing, standing),
        ):
            count, leads = getattr(one, what), (addresses or {}).get(one.year, {})
            if count.value:
                across = round((place + 0.12) * 100 / number, 3), round(76 / number, 3)
                bars.append(Bar(what, one.year, count, *across, y, height, leads.get(what, "")))
    found.ticks = _ticks(trend, number)
    return found


def _ticks(trend: Trend, number: int) -> list[tuple[int, float]]:
    """Years to be written, at most about nine."""
    every = next((step for step in (1, 2, 5, 10) if number / step <= 9), 20)
    return [
        (one.year, round((place + 0.5) * 100 / number, 2))
        for place, one in enumerate(trend.years)
        if not one.year % every
    ]


def _height(pixels: float) -> float:
    """Of what is there something is seen, however little."""
    return round(max(pixels, 1.5), 1) if pixels else 0
