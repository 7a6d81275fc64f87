"""The admin of the registry: small files, one for each thing that staff work on.

Admin classes show and call services; what the registry knows stands in models, querysets and services.
"""

from . import agreements, autocomplete, catalogue, imports, institutions, people

__all__ = ["agreements", "catalogue", "imports", "institutions", "people"]

autocomplete.install()
