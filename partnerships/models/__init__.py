from .activity import Activity
from .agreement import Agreement, Period
from .card import Facet, Heading, IndexCard, PreparedRecord, SampledCard, StaleCard, Tally
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
from .partnership import CardPair, PartnershipCount
from .party import Party, Signatory
from .relation import AgreementRelation
from .reminder import (
    DeskVisit,
    Frequency,
    OfficeReminders,
    Reminder,
    ReminderMail,
    ReminderRun,
    StaffSettings,
)
from .source import Source
from .statement import Statement

__all__ = [
    "Activity",
    "Agreement",
    "AgreementFocusArea",
    "AgreementRelation",
    "CardPair",
    "Country",
    "CountryName",
    "DeskVisit",
    "Document",
    "Event",
    "Facet",
    "FindableName",
    "FindableWord",
    "FocusArea",
    "FocusAreaMapping",
    "Frequency",
    "Heading",
    "IndexCard",
    "Institution",
    "InstitutionIdentifier",
    "InstitutionLink",
    "InstitutionLocation",
    "InstitutionName",
    "OfficeReminders",
    "PartnershipCount",
    "Party",
    "PendingInstitutionLink",
    "Period",
    "PreparedRecord",
    "Reminder",
    "ReminderMail",
    "ReminderRun",
    "SampledCard",
    "Signatory",
    "Source",
    "StaffSettings",
    "StaleCard",
    "Statement",
    "Tally",
]
