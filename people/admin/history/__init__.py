"""The history of a record: read from the database's own tables, told in words."""

from .pages import HistoryPages
from .reading import is_tracked

__all__ = ["HistoryPages", "is_tracked"]
