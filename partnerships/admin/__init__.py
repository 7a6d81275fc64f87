"""The admin of the registry: small files, one for each thing that staff work on.

Admin classes show and call services; what the registry knows stands in models, querysets and services.
"""

try:
    import people.admin.base  # noqa: F401
except ImportError:
    pass
else:
    from . import agreements, autocomplete, catalogue, institutions  # noqa: F401

    autocomplete.install()
