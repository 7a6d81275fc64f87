"""The history of a record: read from the database's own tables, told in words."""

from .pages import HistoryPages

__all__ = ["HistoryPages"]
