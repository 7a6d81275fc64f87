"""The admin of people and access, and the base of every admin class of the registry."""

from . import persons  # noqa: F401
