"""What is done to each record of a run, whether it is an act, an edit or an undoing."""

from copy import copy
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from partnerships.models import Agreement
from partnerships.services.recording import revise_agreement
from people.transactions import BUSY

from .acts import bulk_acts
from .changes import Changes, Planned

EDIT, UNDO = "edit", "undo"
MAY_NOT_CHANGE = "You may not change records of this office."
WRITTEN_SINCE = "Somebody gave it another value since; it stays."
#: The longest reason that the history takes.
LONGEST_REASON = 500


@dataclass
class Doing:
    """Something that is done to records.

    Args:
        act: the name of an act, ``EDIT`` or ``UNDO``.
        by: the user who does it.
        reason: one for all; goes into each record's history.
        changes: what an edit changes, with the rows that it names.
    """

    act: str
    by: object
    reason: str = ""
    changes: Changes = field(default_factory=Changes)

    def plan(self, agreement: Agreement, own: dict | None = None) -> Planned | None:
        """What an edit does to the record; None for an act."""
        return self.changes.plan(agreement, own) if self.act in (EDIT, UNDO) else None

    def objection(self, agreement: Agreement) -> str:
        """Why it may not be done, as far as that can be said without asking the database; else ""."""
        if self.act in (EDIT, UNDO):
            may = self.by.has_perm("partnerships.change_agreement", agreement)
            return "" if may else MAY_NOT_CHANGE
        return bulk_acts()[self.act].objection(agreement, self.by)

    def perform(
        self, agreement: Agreement, own: dict | None = None, after: dict | None = None
    ) -> Planned | None:
        """Do it to a record that is locked.

        Args:
            own: the change of this record, where each has its own.
            after: what must still stand for ``own`` to be right: the values that an edit wrote.

        Returns:
            what was changed by an edit, with what takes it back; nothing is written where nothing differs.

        Raises:
            PermissionDenied, ValidationError: as the service refuses it.
        """
        planned = self.plan(agreement, own)
        if planned is None:
            bulk_acts()[self.act].verb(agreement=copy(agreement), by=self.by, reason=self.reason)
            return None
        refuse_if_written_since(agreement, after)
        if planned.facts:
            facts = planned.facts
            revise_agreement(
                agreement=agreement, by=self.by, facts=facts, reason=self.reason or WORDS[self.act]
            )
        return planned

    def refusal(self, agreement: Agreement, own: dict | None = None, after: dict | None = None) -> str:
        """Do it, take it back, and return why it was refused; "" where it was not."""
        try:
            with transaction.atomic():
                self.perform(agreement, own, after)
                transaction.set_rollback(True)
        except (PermissionDenied, ValidationError) as error:
            return in_words(error)
        return ""


#: The reason of those who give none.
WORDS = {EDIT: "bulk edit", UNDO: "bulk edit undone"}


def refuse_if_written_since(agreement: Agreement, after: dict | None) -> None:
    """Refuse to give back a field that has got another value since the edit wrote it."""
    for name, value in (after or {}).get("set", {}).items():
        attribute = Agreement._meta.get_field(name)
        if getattr(agreement, attribute.attname) != value:
            raise ValidationError(f"{str(attribute.verbose_name).capitalize()}: {WRITTEN_SINCE}")


def in_words(error: Exception) -> str:
    """Return what a refusal says, on one line, each message with its field."""
    if not isinstance(error, ValidationError):
        return str(error) or "You may not do this."
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    told = (
        " ".join(messages)
        if name in ("__all__", "reason")
        else f"{name.replace('_', ' ')}: {' '.join(messages)}"
        for name, messages in error.message_dict.items()
    )
    return " ".join(told)


def is_busy(error: Exception) -> bool:
    """True where the database broke a tie: the same may succeed a moment later."""
    return getattr(error, "code", None) == BUSY
