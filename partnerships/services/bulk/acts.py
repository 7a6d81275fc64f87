"""Which editorial acts may be performed on many records at once.

Every act of ``ACTS`` that needs no other fact than a reason: a new one appears here by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from partnerships.models import Agreement
from partnerships.services.lifecycle import ACTS, Act


@dataclass(frozen=True)
class BulkAct:
    """An act as the list of agreements offers it."""

    act: Act

    @property
    def name(self) -> str:
        return self.act.name

    @property
    def verb(self) -> Callable:
        """The service; ``verb(agreement=…, by=…, reason=…)``."""
        return self.act.verb

    @property
    def permission(self) -> str:
        """The verb of the permission that it takes."""
        return self.act.permission

    @property
    def states(self) -> frozenset[str]:
        """Publication states in which it is open."""
        return self.act.states

    @property
    def label(self) -> str:
        """What its button says."""
        return self.act.label

    @property
    def needs_reason(self) -> bool:
        """True where the verb does nothing without one."""
        return self.act.reason_needed

    def objection(self, agreement: Agreement, by) -> str:
        """Why the act is not open to the record as it stands; "" where it is."""
        if not self.act.rule.allows(agreement, by):
            return f"You may not {self.permission} records of this office."
        if words := self.act.rule.closed(agreement):
            return words
        return self.act.hindrance(agreement, by) if self.act.judges else ""


def bulk_acts() -> dict[str, BulkAct]:
    """The acts by name, in the order of a record's life."""
    return {name: BulkAct(act) for name, act in ACTS.items() if act.for_many}
