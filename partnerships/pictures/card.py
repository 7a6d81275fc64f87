"""The picture that stands beside a link to a record where people share it.

1200 × 630 pixels, which is what Open Graph's readers show whole. Its colours are those of ``tokens.css``
in its light theme: a picture does not know who looks at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image, ImageColor, ImageDraw

from .lettering import TEXTS, TITLES, Lettering, fitted

WIDTH, HEIGHT = 1200, 630
PAPER, INK, MUTED, RULE = "#fbfaf7", "#191f2a", "#5a6169", "#dcd8cd"
HALVES = ("#0b6157", "#4b3a92")
#: Parties on lines of their own; of more the rest is a number.
PARTIES = 4
_MARGIN = 72
#: Pixels of the mark's height; it stands at the right of kind and title.
_MARK = 200
_BESIDE_MARK = 840
_SIZES = (68, 60, 52, 46, 40)
#: Curves are drawn so many times larger and made small, as lines between pixels are not smooth otherwise.
_FINER = 4
#: Shades of a colour at the edges of letters and curves.
_SHADES = 16


@dataclass(frozen=True)
class Card:
    """What is on a card.

    Args:
        kind: of record, above the title.
        parties: their names, on lines of their own.
        facts: a few words below.
    """

    kind: str
    title: str
    parties: Sequence[str] = ()
    facts: Sequence[str] = ()


def png(card: Card, site: str = "") -> bytes:
    """Draw a card. Lines that no font can write are left out: boxes would say nothing.

    Args:
        site: where the record stands.
    """
    image = _blank().copy()
    draw = ImageDraw.Draw(image)
    kind, names = Lettering(TEXTS, 30), Lettering(TEXTS, 34)
    rows = [name for name in card.parties if names.can_write(name)]
    if kind.can_write(card.kind):
        kind.write(draw, (_MARGIN, 104), kind.cut(card.kind, _BESIDE_MARK), MUTED)
    sizes, lines = (_SIZES[2:], 3) if rows else (_SIZES, 4)
    title, written = fitted(TITLES, card.title, _BESIDE_MARK, sizes, lines)
    if title.can_write(card.title):
        for place, line in enumerate(written, start=1):
            title.write(draw, (_MARGIN, 124 + place * round(title.size * 1.18)), line, INK)
    _parties(image, rows, names)
    _foot(draw, card.facts, site, Lettering(TEXTS, 28))
    told = BytesIO()
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(told, "PNG", optimize=True)
    return told.getvalue()


def _parties(image: Image.Image, rows: list[str], names: Lettering) -> None:
    """Write the parties above the foot, each with the dot of its half."""
    draw = ImageDraw.Draw(image)
    shown = rows if len(rows) <= PARTIES else rows[: PARTIES - 1]
    left, step = _MARGIN + 40, 46
    y = 508 - step * (min(len(rows), PARTIES) - 1)
    for place, name in enumerate(shown):
        image.paste(HALVES[place % 2], (_MARGIN, y - 22), _dot())
        names.write(draw, (left, y), names.cut(name, WIDTH - _MARGIN - left), INK)
        y += step
    if len(rows) > len(shown):
        names.write(draw, (left, y), f"+ {len(rows) - len(shown)}", MUTED)


def _foot(draw: ImageDraw.ImageDraw, facts: Sequence[str], site: str, text: Lettering) -> None:
    """Write the facts at the left and the site at the right."""
    width = text.width(site)
    text.write(draw, (WIDTH - _MARGIN - width, 588), site, HALVES[0])
    written = " · ".join(one for one in facts if text.can_write(one))
    text.write(draw, (_MARGIN, 588), text.cut(written, WIDTH - 2 * _MARGIN - width - 40), MUTED)


@cache
def _dot() -> Image.Image:
    """What a dot covers."""
    size = 22 * _FINER
    dot = Image.new("L", (size, size))
    ImageDraw.Draw(dot).ellipse((0, 0, size - 1, size - 1), fill=255)
    return dot.resize((22, 22), Image.Resampling.LANCZOS)


@cache
def _palette() -> Image.Image:
    """The colours of every card, each in shades down to the paper: a third of the bytes of full colour."""
    paper, shades = ImageColor.getrgb(PAPER), []
    for colour in (INK, MUTED, RULE, *HALVES):
        full = ImageColor.getrgb(colour)
        for share in range(_SHADES):
            shades += [round(to + (of - to) * share / _SHADES) for to, of in zip(paper, full, strict=True)]
        shades += full
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades)
    return palette


@cache
def _blank() -> Image.Image:
    """What is on every card: the mark, two halves of a disc of which one stands lower, and a rule."""
    image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), PAPER)
    draw = ImageDraw.Draw(image)
    radius, lower, gap = (round(share * _MARK * _FINER) for share in (0.378, 0.244, 0.059))
    right, top = (WIDTH - _MARGIN) * _FINER, 72 * _FINER
    x = right - radius - gap
    draw.pieslice((x - radius, top, x + radius, top + 2 * radius), 90, 270, fill=HALVES[0])
    x, top = right - radius, top + lower
    draw.pieslice((x - radius, top, x + radius, top + 2 * radius), 270, 90, fill=HALVES[1])
    draw.line(((_MARGIN * _FINER), 536 * _FINER, right, 536 * _FINER), fill=RULE, width=2 * _FINER)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
