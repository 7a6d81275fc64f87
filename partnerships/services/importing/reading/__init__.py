"""Files as tables: delimited text and workbooks, read row by row, never held in memory as a whole."""

from .files import Table, open_table
from .limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, FileRefused

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "FileRefused", "Table", "open_table"]
