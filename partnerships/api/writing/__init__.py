"""Writing through the API: bodies are checked for their shape here, services act."""

from .acts import PublicationActs
from .mixins import WritesAgreements, WritesEntries

__all__ = ["PublicationActs", "WritesAgreements", "WritesEntries"]
