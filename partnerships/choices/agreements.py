"""Closed lists of an agreement and its parts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgreementType(TextChoices):
    MEMORANDUM_OF_UNDERSTANDING = "memorandum_of_understanding", _("Memorandum of understanding")
    MEMORANDUM_OF_AGREEMENT = "memorandum_of_agreement", _("Memorandum of agreement")
    LETTER_OF_INTENT = "letter_of_intent", _("Letter of intent")
    FRAMEWORK = "framework", _("Framework agreement")
    COOPERATION = "cooperation", _("Cooperation agreement")
    EXCHANGE = "exchange", _("Exchange agreement")
    CONSORTIUM = "consortium", _("Consortium agreement")
    RESEARCH_AGREEMENT = "research_agreement", _("Research agreement")
    OTHER = "other", _("Other")

    @property
    def in_words(self) -> str:
        """The label, for a place where "Other" alone would say nothing."""
        return str(_("Other kind of agreement") if self is AgreementType.OTHER else self.label)


class PublicationState(TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Status(TextChoices):
    """The legal state on a date: derived (``status.py``), never stored."""

    ANNOUNCED = "announced", _("Announced")
    SIGNED = "signed", _("Signed")
    IN_FORCE = "in_force", _("In force")
    ENDING_SOON = "ending_soon", _("Ending soon")
    ENDED = "ended", _("Ended")
    TERMINATED = "terminated", _("Terminated")
    SUPERSEDED = "superseded", _("Superseded")
    UNKNOWN = "unknown", _("Unknown")


class EndKind(TextChoices):
    UNKNOWN = "unknown", _("Not known")
    DATE = "date", _("On a date")
    OPEN_ENDED = "open_ended", _("Open-ended")


class Binding(TextChoices):
    NOT_STATED = "not_stated", _("Not stated")
    BINDING = "binding", _("Binding")
    NON_BINDING = "non_binding", _("Non-binding")


class Renewal(TextChoices):
    NOT_STATED = "not_stated", _("Not stated")
    NONE = "none", _("Not renewable")
    AUTOMATIC = "automatic", _("Automatic")
    BY_AGREEMENT = "by_agreement", _("By agreement of the parties")


class DurationUnit(TextChoices):
    DAYS = "days", pgettext_lazy("so many of a unit", "Days")
    WEEKS = "weeks", pgettext_lazy("so many of a unit", "Weeks")
    MONTHS = "months", pgettext_lazy("so many of a unit", "Months")
    YEARS = "years", pgettext_lazy("so many of a unit", "Years")


class PartyRole(TextChoices):
    PARTY = "party", _("Party")
    COORDINATOR = "coordinator", _("Coordinator")
    HOST = "host", _("Host")
    FUNDER = "funder", _("Funder")
    FACILITATOR = "facilitator", _("Facilitator")
    ASSOCIATED = "associated", _("Associated partner")


class ActivityKind(TextChoices):
    JOINT_RESEARCH = "joint_research", _("Joint research")
    JOINT_PROGRAMME = "joint_programme", _("Joint programme")
    KNOWLEDGE_EXCHANGE = "knowledge_exchange", _("Knowledge exchange")
    TALENT_SHARING = "talent_sharing", _("Sharing of talent")
    STUDENT_EXCHANGE = "student_exchange", _("Student exchange")
    STAFF_EXCHANGE = "staff_exchange", _("Staff exchange")
    INTERNSHIPS = "internships", _("Internships")
    PLACEMENTS = "placements", _("Placements")
    SECONDMENTS = "secondments", _("Secondments")
    EVENTS = "events", _("Events")
    TRAINING = "training", _("Training")
    JOINT_DEGREES = "joint_degrees", _("Joint degrees")
    JOINT_SUPERVISION = "joint_supervision", _("Joint supervision")
    PUBLICATIONS = "publications", _("Publications")
    DATA_SHARING = "data_sharing", _("Data sharing")
    FACILITY_SHARING = "facility_sharing", _("Shared facilities")
    FUNDING = "funding", _("Funding")
    COMMERCIALISATION = "commercialisation", _("Commercialisation")
    CAPACITY_BUILDING = "capacity_building", _("Capacity building")
    OTHER = "other", _("Other")


class Direction(TextChoices):
    NOT_STATED = "not_stated", _("Not stated")
    BOTH = "both", _("Both ways")
    ONE_WAY = "one_way", _("One way")


class RelationKind(TextChoices):
    """What the newer agreement does to the older one; the inverse is derived."""

    RENEWS = "renews", _("Renews")
    AMENDS = "amends", _("Amends")
    SUPERSEDES = "supersedes", _("Supersedes")
    IMPLEMENTS = "implements", _("Implements")


#: How a relation reads from the older agreement's side.
INVERSE_RELATION = {
    RelationKind.RENEWS: "renewed_by",
    RelationKind.AMENDS: "amended_by",
    RelationKind.SUPERSEDES: "superseded_by",
    RelationKind.IMPLEMENTS: "implemented_by",
}


class AmendmentKind(TextChoices):
    AMENDMENT = "amendment", _("Amendment")
    ADDENDUM = "addendum", _("Addendum")
    EXCHANGE_OF_LETTERS = "exchange_of_letters", _("Exchange of letters")
    OTHER = "other", _("Other")


class AmendableTerm(TextChoices):
    """The fields of an agreement that an amendment can give another value."""

    END_KIND = "end_kind", _("Kind of end")
    ENDS_ON = "ends_on", _("Ends on")
    TERM_AS_STATED = "term_as_stated", _("Term as stated")
    RENEWAL = "renewal", _("Renewal")
    RENEWAL_NOTE = "renewal_note", _("Note on renewal")
    NOTICE_AMOUNT = "notice_amount", _("Notice period")
    NOTICE_UNIT = "notice_unit", _("Unit of notice")
    BINDING = "binding", _("Binding or not")


class SourceKind(TextChoices):
    PRESS_RELEASE = "press_release", _("Press release")
    NEWS = "news", _("News")
    SIGNED_DOCUMENT = "signed_document", _("Signed document")
    OFFICIAL_REGISTER = "official_register", _("Official register")
    WEBSITE = "website", _("Website")
    CORRESPONDENCE = "correspondence", _("Correspondence")
    OTHER = "other", _("Other")


class Supported(TextChoices):
    """The facts of an agreement that a source can stand for."""

    TITLE = "title", _("Title")
    TYPE = "type", _("Type")
    SUMMARY = "summary", _("Summary")
    PARTIES = "parties", _("Parties")
    SIGNATORIES = "signatories", _("Signatories")
    STATEMENTS = "statements", _("Statements")
    FOCUS_AREAS = "focus_areas", _("Focus areas")
    ACTIVITIES = "activities", _("Activities")
    ANNOUNCED_ON = "announced_on", _("Announced on")
    SIGNED_ON = "signed_on", _("Signed on")
    EFFECTIVE_FROM = "effective_from", _("Effective from")
    END = "end", _("End")
    TERM = "term", _("Term")
    RENEWAL = "renewal", _("Renewal")
    NOTICE = "notice", _("Notice period")
    BINDING = "binding", _("Binding or not")
    SIGNED_PLACE = "signed_place", _("Place of signing")
    EVENT = "event", _("Event")
    LANGUAGES = "languages", _("Languages")
    PERIODS = "periods", _("Periods")
    TERMINATED_ON = "terminated_on", _("Termination")
    RELATIONS = "relations", _("Relations")
    DOCUMENTS = "documents", _("Documents")
