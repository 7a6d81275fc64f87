"""The admin of people and access, and the base of every admin class of the registry."""

from . import offices, persons, sites, tokens, users  # noqa: F401
