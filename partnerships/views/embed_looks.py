"""The colours of a page in an iframe: those of its host, kept apart far enough to be read.

Contrast is measured as WCAG 2.2 does (relative luminance, SC 1.4.3).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: Contrast that words need against their ground.
READABLE = 4.5
THEMES = ("auto", "light", "dark")
#: What the frame holds.
SHOWS = ("list", "map")
#: Shares of the accent in the steps of the ramp of a map, by their numbers in ``tokens.css``.
_RAMP = {1: 0.15, 2: 0.3, 3: 0.45, 5: 0.7, 6: 0.9}
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_GROUNDS = {"light": "ffffff", "dark": "14181f"}
_ACCENTS = {"light": "0b6157", "dark": "63c7b4"}
_INKS = ("191f2a", "f4f2ec", "000000", "ffffff")

Rgb = tuple[int, int, int]


class BadLook(ValueError):
    """A parameter of the look that makes no sense.

    Args:
        field: its name.
    """

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field, self.message = field, message


@dataclass(frozen=True)
class Palette:
    """The colours of one theme, as ``rrggbb``."""

    ground: str
    ink: str
    muted: str
    rule: str
    accent: str

    @property
    def css(self) -> str:
        """Its custom properties; names are those of ``tokens.css``."""
        values = {
            "paper": self.ground,
            "raised": self.ground,
            "panel": _mixed(self.ground, self.ink, 0.07),
            "ink": self.ink,
            "muted": self.muted,
            "rule": self.rule,
            "edge": self.muted,
            "accent": self.accent,
            "accent-strong": self.accent,
            "underline": self.accent,
            "focus": self.accent,
            # What stands on a map has to be told from land of any shade.
            "half-2": self.ink,
            "on-focus": self.ground,
            **{f"ramp-{step}": _mixed(self.ground, self.accent, share) for step, share in _RAMP.items()},
        }
        return "".join(f"--{name}:#{value};" for name, value in values.items())


def one_of(field: str, text: str, known: Sequence[str]) -> str:
    """Return ``text``, which is one of ``known``; empty where nothing is given.

    Raises:
        BadLook: it is none of them.
    """
    if text and text not in known:
        raise BadLook(field, _("Choose one of: %(values)s.") % {"values": ", ".join(known)})
    return text


def read_colour(field: str, text: str) -> str:
    """Return ``text`` as ``rrggbb`` in small letters; empty where nothing is given.

    Raises:
        BadLook: it is no colour of six hexadecimal digits.
    """
    if not text:
        return ""
    if not (found := _HEX.fullmatch(text)):
        raise BadLook(field, _("Write a colour as six hexadecimal digits, for example 0b6157."))
    return found[1].lower()


def palette(theme: str, accent: str = "", ground: str = "") -> Palette:
    """Return the colours of a theme, ``light`` or ``dark``, with those of the host.

    An accent that could not be read on the ground is moved towards black or white until it can.
    """
    ground = ground or _GROUNDS[theme]
    ink = max(_INKS[:2], key=lambda one: contrast(one, ground))
    if contrast(ink, ground) < READABLE:
        ink = max(_INKS, key=lambda one: contrast(one, ground))
    default = max(_ACCENTS.values(), key=lambda one: contrast(one, ground))
    return Palette(
        ground=ground,
        ink=ink,
        muted=readable(_mixed(ink, ground, 0.3), ground, ink),
        rule=_mixed(ink, ground, 0.8),
        accent=readable(accent or default, ground, ink),
    )


def readable(colour: str, ground: str, ink: str) -> str:
    """Return ``colour``, moved towards ``ink`` only as far as it takes to be read on ``ground``."""
    for step in range(21):
        moved = _mixed(colour, ink, step / 20)
        if contrast(moved, ground) >= READABLE:
            return moved
    return ink


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def stylesheet(theme: str, accent: str, ground: str) -> str:
    """Return the style sheet that sets the colours; with ``auto`` those of the dark theme beside."""
    first = palette("dark" if theme == "dark" else "light", accent, ground)
    scheme = "dark" if _luminance(first.ground) < 0.18 else "light"
    text = f":root{{color-scheme:{scheme};{first.css}}}\n"
    if theme == "auto" and not ground:
        dark = palette("dark", accent)
        text += f"@media (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark.css}}}}}\n"
    return text


def _rgb(text: str) -> Rgb:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def _mixed(one: str, other: str, share: float) -> str:
    """Return ``one`` with ``share`` (0 to 1) of ``other``."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(text: str) -> float:
    parts = [value / 255 for value in _rgb(text)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
