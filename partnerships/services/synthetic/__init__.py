"""Synthetic registries of any size, plainly marked, to measure and to try things on."""

from .making import MOST_AGREEMENTS, Refused, make_synthetic
from .standing import Standing, standing

__all__ = ["MOST_AGREEMENTS", "Refused", "Standing", "make_synthetic", "standing"]
