"""Two texts told as one: what stayed, what went, what came, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, GONE, NEW = "same", "gone", "new"
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: Characters that are kept of what stayed the same, beside what differs.
MARGIN = 60
#: More words than this are compared only around the part that differs: the comparison is quadratic.
_MOST = 3000
LONGEST = 600


@dataclass
class Piece:
    """A stretch of text and what became of it."""

    kind: str
    text: str


def pieces_of(old: str, new: str) -> list[Piece]:
    """Return what differs between two texts with a little of what stayed around it."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    start = _common(before, after)
    rest_before, rest_after = before[start:], after[start:]
    end = _common(rest_before[::-1], rest_after[::-1])
    tail = rest_before[len(rest_before) - end :]
    rest_before, rest_after = rest_before[: len(rest_before) - end], rest_after[: len(rest_after) - end]
    middle = _compared(rest_before, rest_after)
    pieces = [Piece(SAME, "".join(before[:start])), *middle, Piece(SAME, "".join(tail))]
    pieces = [piece for piece in pieces if piece.text]
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        piece.text = _shortened(piece, place == 0, place == last)
    return pieces


def _common(one: list[str], two: list[str]) -> int:
    count = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        count += 1
    return count


def _compared(before: list[str], after: list[str]) -> list[Piece]:
    if max(len(before), len(after)) > _MOST:
        return [Piece(GONE, "".join(before)), Piece(NEW, "".join(after))]
    pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(before[a:b])))
            continue
        pieces += [Piece(GONE, "".join(before[a:b])), Piece(NEW, "".join(after[c:d]))]
    return pieces


def _shortened(piece: Piece, first: bool, last: bool) -> str:
    text = piece.text
    if piece.kind != SAME:
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    if first and last:
        return text[:LONGEST]
    if first and len(text) > MARGIN:
        return f"…{text[-MARGIN:]}"
    if last and len(text) > MARGIN:
        return f"{text[:MARGIN]}…"
    return text if len(text) <= 2 * MARGIN else f"{text[:MARGIN]} … {text[-MARGIN:]}"
