"""Writing through the API: bodies are checked for their shape here, services act."""

from .acts import PublicationActs
from .bulk import BulkWrites
from .documents import WritesDocuments
from .mixins import WritesAgreements, WritesEntries, WritesInstitutions
from .upsert import UpsertsAgreements, UpsertsInstitutions, UpsertsPeople

__all__ = [
    "BulkWrites",
    "PublicationActs",
    "UpsertsAgreements",
    "UpsertsInstitutions",
    "UpsertsPeople",
    "WritesAgreements",
    "WritesDocuments",
    "WritesEntries",
    "WritesInstitutions",
]
