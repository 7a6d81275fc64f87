"""Acts and edits over many records of the list: chosen, looked at, confirmed, told.

``pages`` are the steps, ``forms`` what is typed, ``selection`` what one step tells the next.
"""

from .pages import BulkPages

__all__ = ["BulkPages"]
