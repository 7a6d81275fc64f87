"""What eyes make of a colour: WCAG contrast, and how far apart colours are with fewer kinds of cones."""

import math

#: Full loss of one kind of cone: Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for
#: Simulation of Color Vision Deficiency", table 1, severity 1.0; on linear RGB.
DEFICIENCIES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip


def linear(colour: str) -> tuple[float, float, float]:
    """Return linear RGB, each 0 to 1, of ``#rgb`` or ``#rrggbb`` (IEC 61966-2-1)."""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it: 0 black, 1 white."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2: from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def distance(one: str, other: str, deficiency: str = "") -> float:
    """How different two colours look: Euclid in OKLab (Ottosson 2020), where black to white is 1."""
    return math.dist(_oklab(_seen(linear(one), deficiency)), _oklab(_seen(linear(other), deficiency)))


def _seen(rgb, deficiency: str):
    if not deficiency:
        return rgb
    rows = DEFICIENCIES[deficiency]
    return [min(1, max(0, sum(weight * part for weight, part in zip(row, rgb, strict=True)))) for row in rows]


def _oklab(rgb) -> tuple[float, float, float]:
    red, green, blue = rgb
    long, medium, short = (
        max(cone, 0) ** (1 / 3)
        for cone in (
            0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue,
            0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue,
            0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue,
        )
    )
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
