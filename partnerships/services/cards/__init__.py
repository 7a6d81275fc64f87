"""Looking after the read model: writing it anew, catching up, proving that it is right."""

from .checking import differences
from .rebuilding import catch_up, keep_up, rebuild

__all__ = ["catch_up", "differences", "keep_up", "rebuild"]
