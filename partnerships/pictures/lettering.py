"""Words in a picture of pixels: in which font, on how many lines, and what cannot be written at all."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import NamedTuple

from PIL import ImageDraw, ImageFont


class Source(NamedTuple):
    """A font in a package, and by what share of the size its strokes are widened to match its neighbours."""

    package: str
    file: str
    widened: float = 0


Face = tuple[Source, ...]

#: Latin, Cyrillic and Greek first, then Korean and the Chinese characters that Korea writes.
TITLES: Face = (
    Source("font_source_serif_pro", "files/SourceSerifPro-Semibold.otf"),
    Source("pylopdf_fonts_ko", "NotoSerifKR-Regular.otf", 0.012),
)
TEXTS: Face = (
    Source("font_source_sans_pro", "files/SourceSansPro-Regular.otf"),
    Source("pylopdf_fonts_ko", "NotoSansKR-Regular.otf"),
)
#: No font draws this; what looks the same is missing.
_NOWHERE = "\U0010ffff"
ELLIPSIS = "…"


class Lettering:
    """A face in one size.

    Args:
        face: fonts by package and file, in the order in which a character is looked for.
        size: pixels.
    """

    def __init__(self, face: Face, size: int):
        self.face, self.size = face, size

    def can_write(self, text: str) -> bool:
        """Whether the fonts have every character of ``text``."""
        return all(_font_for(char, self.face) is not None for char in text)

    def width(self, text: str) -> float:
        """Pixels that ``text`` takes on one line."""
        return sum(font.getlength(run) for font, _widened, run in self._runs(text))

    def write(self, draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, fill: str) -> None:
        """Draw ``text`` from its baseline at ``at`` to the right."""
        x, y = at
        for font, widened, run in self._runs(text):
            draw.text((x, y), run, font=font, fill=fill, anchor="ls", stroke_width=widened, stroke_fill=fill)
            x += font.getlength(run)

    def cut(self, text: str, width: float) -> str:
        """Return ``text``, with an ellipsis where it is longer than ``width`` pixels."""
        if self.width(text) <= width:
            return text
        while text and self.width(text + ELLIPSIS) > width:
            text = text[:-1].rstrip()
        return text + ELLIPSIS

    def lines(self, text: str, width: float) -> list[str]:
        """Break ``text`` into lines of at most ``width`` pixels: between words, or within a longer one."""
        found = [""]
        for word in text.split():
            tried = f"{found[-1]} {word}".lstrip()
            if self.width(tried) <= width:
                found[-1] = tried
                continue
            found += self._pieces(word, width)
        return [line for line in found if line]

    def _pieces(self, word: str, width: float) -> Iterator[str]:
        piece = ""
        for char in word:
            if piece and self.width(piece + char) > width:
                yield piece
                piece = ""
            piece += char
        yield piece

    def _runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, float, str]]:
        for place, chars in groupby(text, key=lambda char: _font_for(char, self.face) or 0):
            source = self.face[place]
            yield _font(source, self.size), source.widened * self.size, "".join(chars)


def fitted(
    face: Face, text: str, width: float, sizes: Sequence[int], lines: int
) -> tuple[Lettering, list[str]]:
    """Return the largest of ``sizes`` in which ``text`` takes at most so many ``lines``, and these.

    In the smallest the last line is cut where it does not.
    """
    for size in sizes:
        lettering = Lettering(face, size)
        found = lettering.lines(text, width)
        if len(found) <= lines:
            return lettering, found
    last = lettering.cut(" ".join(found[lines - 1 : lines + 1]), width)
    return lettering, [*found[: lines - 1], last]


@lru_cache(maxsize=4096)
def _font_for(char: str, face: Face) -> int | None:
    """The place in ``face`` of the first font that has a character; None where none has."""
    if char.isspace():
        return 0
    for place, one in enumerate(face):
        if _drawn(one, char) != _drawn(one, _NOWHERE):
            return place
    return None


def _drawn(source: Source, char: str) -> bytes:
    return bytes(_font(source, 20).getmask(char))


@lru_cache(maxsize=64)
def _font(source: Source, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(files(source.package).joinpath(source.file)), size)
