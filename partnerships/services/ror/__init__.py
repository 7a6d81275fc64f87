"""Reading the Research Organization Registry: institutions, their names, places and relations."""

from .importing import import_ror
from .links import resolve_pending_links
from .reading import DumpError
from .report import Report

__all__ = ["DumpError", "Report", "import_ror", "resolve_pending_links"]
