"""The acts on an agreement as pages: each with its form, its confirmation and a word of what follows."""

from .pages import ActPages, change_page

__all__ = ["ActPages", "change_page"]
