from .activity import Activity
from .agreement import Agreement, Period
from .card import Facet, Heading, IndexCard, PreparedRecord, SampledCard, StaleCard, Tally
from .country import Country, CountryName
from .document import Document
from .event import Event
from .findable import FindableName, FindableWord
from .focus_area import AgreementFocusArea, FocusArea, FocusAreaMapping
from .identifier import AgreementIdentifier
from .importing import ImportBatch, ImportParty, ImportProfile, ImportRow
from .institution import Institution
from .institution_details import (
    InstitutionIdentifier,
    InstitutionLink,
    InstitutionLocation,
    InstitutionName,
    PendingInstitutionLink,
)
from .partnership import CardPair, PartnershipCount
from .party import Party, Signatory
from .relation import AgreementRelation
from .source import Source
from .statement import Statement

__all__ = [
    "Activity",
    "Agreement",
    "AgreementFocusArea",
    "AgreementIdentifier",
    "AgreementRelation",
    "CardPair",
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
    "ImportBatch",
    "ImportParty",
    "ImportProfile",
    "ImportRow",
    "IndexCard",
    "Institution",
    "InstitutionIdentifier",
    "InstitutionLink",
    "InstitutionLocation",
    "InstitutionName",
    "PartnershipCount",
    "Party",
    "PendingInstitutionLink",
    "Period",
    "PreparedRecord",
    "SampledCard",
    "Signatory",
    "Source",
    "StaleCard",
    "Statement",
    "Tally",
]
