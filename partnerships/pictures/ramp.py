"""The ramp of colours from few to many: which step a number has."""

from math import sqrt


def step_of(number: int, highest: int, steps: tuple[int, ...]) -> int:
    """Return the step of ``number``, 0 of nothing: even steps of its square root, as few are very high.

    Args:
        steps: those of the ramp that are used, from few to many.
    """
    if not number:
        return 0
    return steps[min(place_of(number, highest, steps), len(steps) - 1)]


def place_of(number: int, highest: int, steps: tuple[int, ...]) -> int:
    """How many steps lie below ``number``."""
    return int(sqrt(number / max(highest, 1)) * len(steps))
