from .activity import Activity
from .agreement import Agreement, Period
from .amendment import AmendedTerm, Amendment
from .bulk import BulkItem, BulkRun
from .card import Facet, Heading, IndexCard, PreparedRecord, SampledCard, StaleCard, Tally
from .clock import Tick
from .commitment import Commitment
from .country import Country, CountryName
from .document import Document
from .document_text import DocumentText
from .document_version import DocumentVersion
from .event import Event
from .feed import Change, PendingChange, Seen, ToldRecord
from .findable import FindableName, FindableWord
from .focus_area import AgreementFocusArea, FocusArea, FocusAreaMapping
from .harvest import HarvestEntry
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
from .kept_answer import KeptAnswer
from .merge import DuplicatePair, DuplicateSearch, InstitutionMerge, NotDuplicate
from .note import Note, Readers
from .partnership import CardPair, PartnershipCount
from .party import Party, Signatory
from .relation import AgreementRelation
from .reminder import (
    Frequency,
    OfficeReminders,
    Reminder,
    ReminderMail,
    ReminderRun,
    StaffSettings,
)
from .review import Approval
from .saved_filter import SavedFilter
from .sharing import SharedOffice
from .source import Source
from .statement import Statement
from .suggestion import Suggestion, SuggestionContact
from .webhook import WebhookAttempt, WebhookDelivery, WebhookMatch, WebhookSubscription

__all__ = [
    "Activity",
    "Agreement",
    "AgreementFocusArea",
    "AgreementIdentifier",
    "AgreementRelation",
    "AmendedTerm",
    "Amendment",
    "Approval",
    "BulkItem",
    "BulkRun",
    "CardPair",
    "Change",
    "Commitment",
    "Country",
    "CountryName",
    "Document",
    "DocumentText",
    "DocumentVersion",
    "DuplicatePair",
    "DuplicateSearch",
    "Event",
    "Facet",
    "FindableName",
    "FindableWord",
    "FocusArea",
    "FocusAreaMapping",
    "Frequency",
    "HarvestEntry",
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
    "InstitutionMerge",
    "InstitutionName",
    "KeptAnswer",
    "NotDuplicate",
    "Note",
    "OfficeReminders",
    "PartnershipCount",
    "Party",
    "PendingChange",
    "PendingInstitutionLink",
    "Period",
    "PreparedRecord",
    "Readers",
    "Reminder",
    "ReminderMail",
    "ReminderRun",
    "SampledCard",
    "SavedFilter",
    "Seen",
    "SharedOffice",
    "Signatory",
    "Source",
    "StaffSettings",
    "StaleCard",
    "Statement",
    "Suggestion",
    "SuggestionContact",
    "Tally",
    "Tick",
    "ToldRecord",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookMatch",
    "WebhookSubscription",
]
