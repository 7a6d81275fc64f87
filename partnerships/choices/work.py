"""Closed lists of documents, and of the work of staff."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    AGREEMENT = "agreement", _("Agreement text")
    ANNEX = "annex", _("Annex")
    AMENDMENT = "amendment", _("Amendment")
    TRANSLATION = "translation", _("Translation")
    CORRESPONDENCE = "correspondence", _("Correspondence")
    OTHER = "other", _("Other")


class TextState(TextChoices):
    """What became of reading the text of a document."""

    WAITING = "waiting", "Waits to be read"
    DONE = "done", "Can be searched"
    EMPTY = "empty", "No text in it"
    ENCRYPTED = "encrypted", "Encrypted"
    BROKEN = "broken", "Could not be read"
    TOO_LARGE = "too_large", "Too large to be read"


class CommitmentState(TextChoices):
    """What became of a promise. That it is overdue is derived, never stored."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BulkState(TextChoices):
    """How far a run over many records has come."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Under way"
    DONE = "done", "Finished"
    REFUSED = "refused", "Refused: nothing was changed"


class BulkOutcome(TextChoices):
    """What became of one record of a run."""

    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    UNCHANGED = "unchanged", "Nothing to change"
    REFUSED = "refused", "Refused"
    LEFT_OUT = "left_out", "Left out: changed or gone meanwhile"
    UNDONE = "undone", "Not done, because another record was refused"


class ImportKind(TextChoices):
    """What the rows of an imported file are."""

    AGREEMENTS = "agreements", "Agreements"
    PARTIES = "parties", "Parties of agreements that stand already"


class ImportState(TextChoices):
    """How far an import is. In the ones that end in -ing a job is at work, or will be."""

    READING = "reading", "Being read"
    UNREADABLE = "unreadable", "Not readable"
    MAPPING = "mapping", "Waits for its columns"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Ready to run"
    RUNNING = "running", "Running"
    DONE = "done", "Imported"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"

    @classmethod
    def under_way(cls) -> list[str]:
        """States in which a job is at work."""
        return [cls.READING.value, cls.CHECKING.value, cls.RUNNING.value, cls.UNDOING.value]


class RowKind(TextChoices):
    """What a row of an imported file does."""

    WAITING = "waiting", "Not checked yet"
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


class PartyDecision(TextChoices):
    """Who is meant by a name in an imported file."""

    MATCHED = "matched", "Matched"
    CREATE = "create", "To be created"
    UNDECIDED = "undecided", "To be chosen"


class DeliveryState(TextChoices):
    """What became of a change that a receiver of webhooks is to be told."""

    WAITING = "waiting", "Waits for its turn, or for another attempt"
    DELIVERED = "delivered", "Delivered"
    DEAD = "dead", "Dead: given up"
