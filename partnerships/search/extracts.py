"""A text cut into what is marked and what is not; of a long one, what stands around the marks."""

from collections.abc import Iterable
from typing import NamedTuple

#: A longer text is cut.
LONGEST = 200
#: So much stands before the first mark of an extract.
_BEFORE = 60
_GAP = "…"


class Piece(NamedTuple):
    """A part of a text."""

    text: str
    is_match: bool


def marked(value: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """Cut ``value`` at the spans, which may overlap; what is left out is shown by an ellipsis."""
    spans = _merged(value, spans)
    first, last = _window(value, spans)
    pieces = [Piece(_GAP, False)] if first else []
    place = first
    for start, end in spans:
        if start < first or end > last:
            continue
        pieces += [Piece(value[place:start], False), Piece(value[start:end], True)]
        place = end
    pieces.append(Piece(value[place:last], False))
    if last < len(value):
        pieces.append(Piece(_GAP, False))
    return tuple(piece for piece in pieces if piece.text)


def _merged(value: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in their order; those that overlap, or have only a space between them, as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not value[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(value: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Where the extract begins and ends: around as many marks as it can hold, the first such place."""
    if len(value) <= LONGEST:
        return 0, len(value)
    room = LONGEST - _BEFORE
    held = [
        (sum(begin <= start and end <= begin + room for start, end in spans), -begin) for begin, _ in spans
    ]
    begin = -max(held)[1] if held else 0
    first = _word_begins(value, max(0, begin - _BEFORE), begin)
    last = min(len(value), first + LONGEST)
    if last < len(value):
        last = max(value.rfind(" ", begin, last), 0) or last
    longest = max((end for start, end in spans if start == begin), default=0)
    return first, max(last, min(longest, first + 2 * LONGEST))


def _word_begins(value: str, first: int, latest: int) -> int:
    """The place of the first word that begins after ``first``."""
    if first == 0:
        return 0
    space = value.find(" ", first, latest)
    return space + 1 if space >= 0 else first
