"""Two people who save one record: what both did survives, or the second is asked."""

from .pages import SharedEditing

__all__ = ["SharedEditing"]
