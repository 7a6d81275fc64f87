"""What lets one work fast with the list and the page of agreements, put together."""

from .beside import BesideRecord
from .bulk import BulkPages
from .export import ListExport
from .keeping import KeepsQuestion
from .saved import SavedFilters


class FastWork(KeepsQuestion, SavedFilters, BulkPages, ListExport, BesideRecord):
    """Mixin of the agreements' model admin, before all others."""

    list_before_template = "admin/partnerships/agreement/list_before.html"

    class Media:
        css = {"all": ("entente/admin/fast.css",)}
