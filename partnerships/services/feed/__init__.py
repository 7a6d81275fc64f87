"""The change feed: telling what changed, once and in order, and reading it."""

from .reading import BadCursor, changes_after, position_at, standing
from .telling import AFTER_TELLING, tell, tell_all

__all__ = [
    "AFTER_TELLING",
    "BadCursor",
    "changes_after",
    "position_at",
    "standing",
    "tell",
    "tell_all",
]
