"""Closed lists of an agreement and its parts."""

from django.db.models import TextChoices


class AgreementType(TextChoices):
    MEMORANDUM_OF_UNDERSTANDING = "memorandum_of_understanding", "Memorandum of understanding"
    MEMORANDUM_OF_AGREEMENT = "memorandum_of_agreement", "Memorandum of agreement"
    LETTER_OF_INTENT = "letter_of_intent", "Letter of intent"
    FRAMEWORK = "framework", "Framework agreement"
    COOPERATION = "cooperation", "Cooperation agreement"
    EXCHANGE = "exchange", "Exchange agreement"
    CONSORTIUM = "consortium", "Consortium agreement"
    RESEARCH_AGREEMENT = "research_agreement", "Research agreement"
    OTHER = "other", "Other"

    @property
    def in_words(self) -> str:
        """The label, for a place where "Other" alone would say nothing."""
        return "Other kind of agreement" if self is AgreementType.OTHER else self.label


class PublicationState(TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Status(TextChoices):
    """The legal state on a date: derived (``status.py``), never stored."""

    ANNOUNCED = "announced", "Announced"
    SIGNED = "signed", "Signed"
    IN_FORCE = "in_force", "In force"
    ENDING_SOON = "ending_soon", "Ending soon"
    ENDED = "ended", "Ended"
    TERMINATED = "terminated", "Terminated"
    SUPERSEDED = "superseded", "Superseded"
    UNKNOWN = "unknown", "Unknown"


class EndKind(TextChoices):
    UNKNOWN = "unknown", "Not known"
    DATE = "date", "On a date"
    OPEN_ENDED = "open_ended", "Open-ended"


class Binding(TextChoices):
    NOT_STATED = "not_stated", "Not stated"
    BINDING = "binding", "Binding"
    NON_BINDING = "non_binding", "Non-binding"


class Renewal(TextChoices):
    NOT_STATED = "not_stated", "Not stated"
    NONE = "none", "Not renewable"
    AUTOMATIC = "automatic", "Automatic"
    BY_AGREEMENT = "by_agreement", "By agreement of the parties"


class DurationUnit(TextChoices):
    DAYS = "days", "Days"
    WEEKS = "weeks", "Weeks"
    MONTHS = "months", "Months"
    YEARS = "years", "Years"


class PartyRole(TextChoices):
    PARTY = "party", "Party"
    COORDINATOR = "coordinator", "Coordinator"
    HOST = "host", "Host"
    FUNDER = "funder", "Funder"
    FACILITATOR = "facilitator", "Facilitator"
    ASSOCIATED = "associated", "Associated partner"


class ActivityKind(TextChoices):
    JOINT_RESEARCH = "joint_research", "Joint research"
    JOINT_PROGRAMME = "joint_programme", "Joint programme"
    KNOWLEDGE_EXCHANGE = "knowledge_exchange", "Knowledge exchange"
    TALENT_SHARING = "talent_sharing", "Sharing of talent"
    STUDENT_EXCHANGE = "student_exchange", "Student exchange"
    STAFF_EXCHANGE = "staff_exchange", "Staff exchange"
    INTERNSHIPS = "internships", "Internships"
    PLACEMENTS = "placements", "Placements"
    SECONDMENTS = "secondments", "Secondments"
    EVENTS = "events", "Events"
    TRAINING = "training", "Training"
    JOINT_DEGREES = "joint_degrees", "Joint degrees"
    JOINT_SUPERVISION = "joint_supervision", "Joint supervision"
    PUBLICATIONS = "publications", "Publications"
    DATA_SHARING = "data_sharing", "Data sharing"
    FACILITY_SHARING = "facility_sharing", "Shared facilities"
    FUNDING = "funding", "Funding"
    COMMERCIALISATION = "commercialisation", "Commercialisation"
    CAPACITY_BUILDING = "capacity_building", "Capacity building"
    OTHER = "other", "Other"


class Direction(TextChoices):
    NOT_STATED = "not_stated", "Not stated"
    BOTH = "both", "Both ways"
    ONE_WAY = "one_way", "One way"


class RelationKind(TextChoices):
    """What the newer agreement does to the older one; the inverse is derived."""

    RENEWS = "renews", "Renews"
    AMENDS = "amends", "Amends"
    SUPERSEDES = "supersedes", "Supersedes"
    IMPLEMENTS = "implements", "Implements"


#: How a relation reads from the older agreement's side.
INVERSE_RELATION = {
    RelationKind.RENEWS: "renewed_by",
    RelationKind.AMENDS: "amended_by",
    RelationKind.SUPERSEDES: "superseded_by",
    RelationKind.IMPLEMENTS: "implemented_by",
}


class AmendmentKind(TextChoices):
    AMENDMENT = "amendment", "Amendment"
    ADDENDUM = "addendum", "Addendum"
    EXCHANGE_OF_LETTERS = "exchange_of_letters", "Exchange of letters"
    OTHER = "other", "Other"


class AmendableTerm(TextChoices):
    """The fields of an agreement that an amendment can give another value."""

    END_KIND = "end_kind", "Kind of end"
    ENDS_ON = "ends_on", "Ends on"
    TERM_AS_STATED = "term_as_stated", "Term as stated"
    RENEWAL = "renewal", "Renewal"
    RENEWAL_NOTE = "renewal_note", "Note on renewal"
    NOTICE_AMOUNT = "notice_amount", "Notice period"
    NOTICE_UNIT = "notice_unit", "Unit of notice"
    BINDING = "binding", "Binding or not"


class SourceKind(TextChoices):
    PRESS_RELEASE = "press_release", "Press release"
    NEWS = "news", "News"
    SIGNED_DOCUMENT = "signed_document", "Signed document"
    OFFICIAL_REGISTER = "official_register", "Official register"
    WEBSITE = "website", "Website"
    CORRESPONDENCE = "correspondence", "Correspondence"
    OTHER = "other", "Other"


class Supported(TextChoices):
    """The facts of an agreement that a source can stand for."""

    TITLE = "title", "Title"
    TYPE = "type", "Type"
    SUMMARY = "summary", "Summary"
    PARTIES = "parties", "Parties"
    SIGNATORIES = "signatories", "Signatories"
    STATEMENTS = "statements", "Statements"
    FOCUS_AREAS = "focus_areas", "Focus areas"
    ACTIVITIES = "activities", "Activities"
    ANNOUNCED_ON = "announced_on", "Announced on"
    SIGNED_ON = "signed_on", "Signed on"
    EFFECTIVE_FROM = "effective_from", "Effective from"
    END = "end", "End"
    TERM = "term", "Term"
    RENEWAL = "renewal", "Renewal"
    NOTICE = "notice", "Notice period"
    BINDING = "binding", "Binding or not"
    SIGNED_PLACE = "signed_place", "Place of signing"
    EVENT = "event", "Event"
    LANGUAGES = "languages", "Languages"
    PERIODS = "periods", "Periods"
    TERMINATED_ON = "terminated_on", "Termination"
    RELATIONS = "relations", "Relations"
    DOCUMENTS = "documents", "Documents"
