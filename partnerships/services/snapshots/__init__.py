"""Everything public at one moment, as files or streams."""

from .formats import FORMATS, SHAPES, Shape, ndjson
from .still import SCHEMA_VERSION, Still, standing_still
from .writing import write_folder

__all__ = [
    "FORMATS",
    "SCHEMA_VERSION",
    "SHAPES",
    "Shape",
    "Still",
    "ndjson",
    "standing_still",
    "write_folder",
]
