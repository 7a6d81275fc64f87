"""Equal Earth: where a point of the globe lies on the map, and back.

Formula and coefficients: B. Šavrič, T. Patterson, B. Jenny (2018), The Equal Earth map projection,
International Journal of Geographical Information Science 33(3), 454–465. Areas keep their proportions, so
that a country is not shaded larger than it is.
"""

from math import asin, atan2, cos, degrees, hypot, pi, radians, sin, sqrt

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2
#: Half the width and half the height of the world on a globe of radius 1.
HALF_WIDTH = 2 * sqrt(3) * pi / (3 * _A1)
HALF_HEIGHT = 1.3173627591574
#: The width of the world in the units of our maps, and the height that goes with it.
WIDTH = 1000.0
_UNIT = WIDTH / (2 * HALF_WIDTH)
HEIGHT = 2 * HALF_HEIGHT * _UNIT


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Return x (to the east) and y (to the north) on a globe of radius 1, the origin at 0° N 0° E.

    Args:
        longitude: in degrees, -180 to 180.
        latitude: in degrees, -90 to 90.
    """
    theta = asin(_M * sin(radians(latitude)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    slope = _A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)
    return (
        radians(longitude) * cos(theta) / (_M * slope),
        theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2)),
    )


def on_map(longitude: float, latitude: float) -> tuple[float, float]:
    """Return x and y in the units of our maps: 0 to ``WIDTH`` to the east, 0 to ``HEIGHT`` to the south."""
    x, y = equal_earth(longitude, latitude)
    return (x + HALF_WIDTH) * _UNIT, (HALF_HEIGHT - y) * _UNIT


def on_globe(x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude, in degrees, of a point of our maps; beyond the edge, of the edge."""
    north = max(-HALF_HEIGHT, min(HALF_HEIGHT, HALF_HEIGHT - y / _UNIT))
    theta = north / HALF_HEIGHT
    for _ in range(12):  # Newton's method; four steps are enough nearly everywhere
        t2 = theta * theta
        t6 = t2 * t2 * t2
        error = theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2)) - north
        step = error / (_A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2))
        theta -= step
        if abs(step) < 1e-12:
            break
    t2 = theta * theta
    t6 = t2 * t2 * t2
    slope = _A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)
    east = (x / _UNIT - HALF_WIDTH) * _M * slope / cos(theta)
    latitude = asin(max(-1.0, min(1.0, sin(theta) / _M)))
    return max(-180.0, min(180.0, degrees(east))), degrees(latitude)


def great_circle(
    one: tuple[float, float], other: tuple[float, float], step: float = 4
) -> list[tuple[float, float]]:
    """Return longitudes and latitudes along the shortest way between two points, both ends included.

    Args:
        step: degrees from one point to the next, about.

    The way between two ends of a diameter is not determined: it is
    drawn straight.
    """
    (a, b), (c, d) = (map(radians, point) for point in (one, other))
    start = (cos(b) * cos(a), cos(b) * sin(a), sin(b))
    end = (cos(d) * cos(c), cos(d) * sin(c), sin(d))
    dot = sum(p * q for p, q in zip(start, end, strict=True))
    cross = (
        start[1] * end[2] - start[2] * end[1],
        start[2] * end[0] - start[0] * end[2],
        start[0] * end[1] - start[1] * end[0],
    )
    angle = atan2(hypot(*cross), dot)
    steps = max(1, round(degrees(angle) / step))
    if sin(angle) < 1e-9 or steps == 1:
        return [one, other]
    points = [one]
    for number in range(1, steps):
        p, q = sin(angle * (1 - number / steps)), sin(angle * number / steps)
        x, y, z = (p * m + q * n for m, n in zip(start, end, strict=True))
        points.append((degrees(atan2(y, x)), degrees(atan2(z, hypot(x, y)))))
    return [*points, other]
