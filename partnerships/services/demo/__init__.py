"""The demo record: real agreements as facts in TOML files, and the loader that publishes them."""

from .loading import load_demo
from .reading import FactsError
from .report import Report

__all__ = ["FactsError", "Report", "load_demo"]
