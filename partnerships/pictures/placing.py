"""Where the nodes of a network are drawn, and which of their names have room.

The same network is always drawn alike: nothing here is random. Up to ``FORCED`` nodes push each other away
and are drawn together by their links, so that near means joined. More would be a tangle: then each group is
a disc, its greatest members in the middle, and the discs of groups that share much lie close together.
"""

from dataclasses import dataclass

import numpy

#: The drawing; lengths below are of the same unit.
WIDTH, HEIGHT = 1000, 680
_MARGIN = 46
FORCED = 150
_STEPS = 240
_GOLDEN = 2.399963229728653  # the golden angle in radians: a spiral that leaves no gaps
#: Half of the width of a letter to its height, about; letters of Korean and the like are wider.
_WIDTH_OF_LETTER, _WIDTH_OF_WIDE = 0.56, 1.0


@dataclass(frozen=True)
class Label:
    """A name that has room: the middle of its line, and whether it is shortened."""

    place: int
    text: str
    x: float
    y: float


def placed(size: int, links, groups: list, radii: list[float]) -> tuple[numpy.ndarray, float]:
    """Positions of the nodes, most important first, as an array of ``size`` × 2, and the factor of ``radii``.

    Args:
        links: places of both ends, and the weight.
        groups: the group of every node, None for one that stands with no other.
        radii: how large the nodes are beside each other; times the factor they fill the room there is.
    """
    if size <= 1:
        return numpy.full((size, 2), (WIDTH / 2, HEIGHT / 2)), 1.0
    if size <= FORCED:
        return _apart(_fitted(_forced(size, links, groups)), numpy.array(radii)), 1.0
    return _discs(links, groups, numpy.array(radii))


# --- few: forces ------------------------------------------------------------------------------------------


def _forced(size: int, links, groups: list) -> numpy.ndarray:
    """Positions where what pushes and what draws is balanced, about: all push each other, links draw.

    After T. Fruchterman and E. Reingold, “Graph drawing by force-directed placement” (1991).
    """
    positions = _spiral(groups) * 1.5
    one, other, weight = _ends(links)
    pull = 0.3 + 0.7 * numpy.log1p(weight) / max(numpy.log1p(weight).max(initial=0), 1e-9)
    ideal = 1 / numpy.sqrt(size)
    for step in range(_STEPS):
        # Of all pairs at once: squared distances, and by them how much each pushes the other.
        length = (positions**2).sum(axis=1)
        squared = length[:, None] + length[None, :] - 2 * positions @ positions.T
        push = ideal**2 / (numpy.maximum(squared, 0) + 1e-6)
        move = positions * push.sum(axis=1, keepdims=True) - push @ positions
        along = positions[one] - positions[other]
        force = along * (numpy.linalg.norm(along, axis=1) * pull / ideal)[:, None]
        numpy.add.at(move, one, -force)
        numpy.add.at(move, other, force)
        move -= positions * 0.9  # what is joined to nothing would fly away
        far = numpy.linalg.norm(move, axis=1, keepdims=True) + 1e-9
        heat = 0.12 * (1 - step / _STEPS) ** 1.5 + 0.001
        positions += move / far * numpy.minimum(far, heat)
    return positions


def _spiral(groups: list) -> numpy.ndarray:
    """A beginning that keeps groups together: along a spiral, one group after the other."""
    order = sorted(range(len(groups)), key=lambda place: (groups[place] is None, groups[place] or 0, place))
    turn = numpy.empty(len(groups))
    turn[order] = numpy.arange(len(groups)) * (2 * numpy.pi / len(groups))
    reach = 0.35 + 0.25 * ((numpy.arange(len(groups)) * 0.618) % 1)
    return numpy.stack([numpy.cos(turn) * reach, numpy.sin(turn) * reach], axis=1)


def _fitted(positions: numpy.ndarray) -> numpy.ndarray:
    """Stretch positions to the drawing, its wider side along theirs."""
    middle = positions - positions.mean(axis=0)
    _, _, axes = numpy.linalg.svd(middle, full_matrices=False)
    # The sign of an axis is nobody's choice: let the first node lie to the left and above.
    turned = middle @ axes.T
    turned *= numpy.where(turned[0] > 0, -1, 1)
    low, high = turned.min(axis=0), turned.max(axis=0)
    share = (turned - low) / numpy.maximum(high - low, 1e-9)
    # Who stands alone takes much room, and who is joined to many little: the more nodes there are, the more
    # their order along a side counts, and the less how far apart they are.
    order = turned.argsort(axis=0).argsort(axis=0) / (len(turned) - 1)
    evenly = min(0.7, len(turned) / 110)
    room = numpy.array([WIDTH - 2 * _MARGIN, HEIGHT - 2 * _MARGIN])
    return _MARGIN + (share * (1 - evenly) + order * evenly) * room


def _apart(positions: numpy.ndarray, radii: numpy.ndarray, gap: float = 5) -> numpy.ndarray:
    """Push nodes apart that lie upon each other."""
    least = radii[:, None] + radii[None, :] + gap
    numpy.fill_diagonal(least, 0)
    for _ in range(60):
        away = positions[:, None, :] - positions[None, :, :]
        distance = numpy.sqrt((away**2).sum(axis=2)) + 1e-3
        lack = numpy.maximum(least - distance, 0)
        if not lack.any():
            break
        # Two at the very same spot: one goes along, by its place.
        away[distance < 0.01] = (0.7, 0.7)
        positions = positions + (away / distance[:, :, None] * lack[:, :, None]).sum(axis=1) * 0.35
        edge = radii[:, None] + 4
        positions = numpy.clip(positions, edge, numpy.array([WIDTH, HEIGHT]) - edge)
    return positions


def _ends(links) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    if not links:
        return numpy.empty(0, int), numpy.empty(0, int), numpy.empty(0)
    one, other, weight = zip(*links, strict=True)
    return numpy.array(one), numpy.array(other), numpy.array(weight, float)


# --- many: a disc a group ---------------------------------------------------------------------------------


def _discs(links, groups: list, radii: numpy.ndarray) -> tuple[numpy.ndarray, float]:
    """A disc for each group, as large as there is room; who stands with no other is in a last one."""
    last = max((one for one in groups if one is not None), default=-1) + 1
    group = numpy.array([last if one is None else one for one in groups])
    counts = numpy.bincount(group, minlength=last + 1)
    area = numpy.bincount(group, weights=(radii + 1.5) ** 2, minlength=last + 1)
    reach = numpy.sqrt(area) * 1.12 + 4
    middles = _middles(links, group, reach, counts)
    positions = numpy.empty((len(groups), 2))
    for number in range(last + 1):
        places = numpy.flatnonzero(group == number)
        # Each has its share of the area of the disc, so large ones have more room.
        filled = numpy.cumsum((radii[places] + 1.5) ** 2) - (radii[places] + 1.5) ** 2 / 2
        far = numpy.sqrt(filled) * 1.12
        turn = numpy.arange(len(places)) * _GOLDEN
        positions[places] = middles[number] + numpy.stack(
            [far * numpy.cos(turn), far * numpy.sin(turn)], axis=1
        )
    low = positions.min(axis=0) - radii.max()
    span = positions.max(axis=0) + radii.max() - low
    scale = min((WIDTH - 20) / span[0], (HEIGHT - 20) / span[1])
    offset = (numpy.array([WIDTH, HEIGHT]) - span * scale) / 2
    return (positions - low) * scale + offset, scale


def _middles(links, group, reach, counts) -> numpy.ndarray:
    """Middles of discs that don't overlap: largest first, each as near as may be to those it shares with."""
    number = len(reach)
    shared = numpy.zeros((number, number))
    one, other, weight = _ends(links)
    numpy.add.at(shared, (group[one], group[other]), weight)
    shared += shared.T
    middles = numpy.zeros((number, 2))
    done: list[int] = []
    turns = numpy.arange(48) * (2 * numpy.pi / 48)
    around = numpy.stack([numpy.cos(turns) * 1.25, numpy.sin(turns)], axis=1)
    for disc in sorted(range(number), key=lambda one: (-counts[one], one)):
        if done:
            known = middles[done]
            pull = shared[disc, done] + 1e-3
            aim = (known * pull[:, None]).sum(axis=0) / pull.sum()
            steps = numpy.arange(1, 80) * (reach[done].max() / 12)
            spots = numpy.concatenate([[aim], *(aim + around * step for step in steps)])
            gaps = numpy.linalg.norm(spots[:, None, :] - known[None], axis=2) - reach[done] - reach[disc]
            free = spots[gaps.min(axis=1) >= 6]
            cost = ((free - aim) ** 2).sum(axis=1) + 0.3 * ((free * (1, 1.6)) ** 2).sum(axis=1)
            middles[disc] = free[cost.argmin()] if len(free) else spots[-1]
        done.append(disc)
    return middles


# --- names ------------------------------------------------------------------------------------------------


def labelled(
    positions, radii: list[float], names: list[str], height: float, longest: int = 30
) -> list[Label]:
    """Names that have room below or above their node, those of the first nodes first.

    Args:
        height: of the letters.
        longest: letters of a name before it is shortened.
    """
    taken: list[tuple[float, float, float, float]] = []
    found = []
    reach = numpy.asarray(radii)
    for place, name in enumerate(names):
        text = name if len(name) <= longest else name[: longest - 1].rstrip() + "…"
        half = sum(_width_of(letter) for letter in text) * height / 2
        for x, line in _spots(*map(float, positions[place]), radii[place], half, height):
            box = (x - half, line - height * 0.85, x + half, line + height * 0.25)
            if box[1] < 0 or box[3] > HEIGHT or any(_meet(box, other) for other in taken):
                continue
            if _covers(box, positions, reach):
                continue
            taken.append(box)
            found.append(Label(place, text, round(x, 1), round(line, 1)))
            break
    return found


def _spots(x: float, y: float, radius: float, half: float, height: float):
    """Where the middle of a name may be: below its node, above it, beside it."""
    inside = min(max(x, half + 2), WIDTH - half - 2)
    yield inside, y + radius + height
    yield inside, y - radius - height * 0.35
    for beside in (x + radius + half + 4, x - radius - half - 4):
        if half <= beside <= WIDTH - half:
            yield beside, y + height * 0.35


def _width_of(letter: str) -> float:
    return _WIDTH_OF_WIDE if ord(letter) >= 0x1100 else _WIDTH_OF_LETTER


def _meet(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _covers(box, positions, reach) -> bool:
    """Whether a name would lie over a node."""
    near_x = numpy.clip(positions[:, 0], box[0], box[2])
    near_y = numpy.clip(positions[:, 1], box[1], box[3])
    return bool((((positions[:, 0] - near_x) ** 2 + (positions[:, 1] - near_y) ** 2) < reach**2).any())
