"""How much a file may be, and how it is refused."""

MAX_BYTES = 50 * 1024 * 1024
#: Unpacked: a workbook and a .gz are small outside and may be endless inside.
MAX_UNPACKED = 500 * 1024 * 1024
MAX_SHARED_STRINGS = 100 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
#: What a cell of a workbook holds at most.
MAX_CELL = 32_767


class FileRefused(Exception):
    """The file cannot be read as a table; the message tells a person why, and what to do."""
