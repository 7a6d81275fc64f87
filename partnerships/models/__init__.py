from .activity import Activity
from .agreement import Agreement, Period
from .bulk import BulkItem, BulkRun
from .card import Facet, Heading, IndexCard, PreparedRecord, SampledCard, StaleCard, Tally
from .commitment import Commitment
from .country import Country, CountryName
from .document import Document
from .event import Event
from .findable import FindableName, FindableWord
from .focus_area import AgreementFocusArea, FocusArea, FocusAreaMapping
from .institution import Institution
from .institution_details import (
    InstitutionIdentifier,
    InstitutionLink,
    InstitutionLocation,
    InstitutionName,
    PendingInstitutionLink,
)
from .note import Note, Readers
from .partnership import CardPair, PartnershipCount
from .party import Party, Signatory
from .relation import AgreementRelation
from .saved_filter import SavedFilter
from .source import Source
from .statement import Statement

__all__ = [
    "Activity",
    "Agreement",
    "AgreementFocusArea",
    "AgreementRelation",
    "BulkItem",
    "BulkRun",
    "CardPair",
    "Commitment",
    "Country",
    "CountryName",
    "Document",
    "Event",
    "Facet",
    "FindableName",
    "FindableWord",
    "FocusArea",
    "FocusAreaMapping",
    "Heading",
    "IndexCard",
    "Institution",
    "InstitutionIdentifier",
    "InstitutionLink",
    "InstitutionLocation",
    "InstitutionName",
    "Note",
    "PartnershipCount",
    "Party",
    "PendingInstitutionLink",
    "Period",
    "PreparedRecord",
    "Readers",
    "SampledCard",
    "SavedFilter",
    "Signatory",
    "Source",
    "StaleCard",
    "Statement",
    "Tally",
]
