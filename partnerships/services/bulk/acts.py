"""Which editorial acts may be performed on many records at once.

Every act of ``ACTS`` that needs no other fact than a reason: a new one appears here by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature

from partnerships.models import Agreement
from partnerships.services.publication import ACTS

#: What every act is given, whatever the record.
_GIVEN = {"agreement", "by", "reason"}
_LABELS = {"submit": "Submit for review"}


@dataclass(frozen=True)
class BulkAct:
    """An act as the list of agreements offers it.

    Args:
        verb: the service; ``verb(agreement=…, by=…, reason=…)``.
        permission: the verb of the permission that it takes.
        states: publication states in which it is open.
    """

    name: str
    verb: Callable
    permission: str
    states: frozenset[str]

    @property
    def label(self) -> str:
        """What its button says."""
        return _LABELS.get(self.name) or self.name.replace("_", " ").capitalize()

    @property
    def needs_reason(self) -> bool:
        """True where the verb does nothing without one."""
        return signature(self.verb).parameters["reason"].default is Parameter.empty

    def objection(self, agreement: Agreement, by) -> str:
        """Why the act is not open to the record as it stands, without asking the database; "" where it is."""
        if not by.has_perm(f"partnerships.{self.permission}_agreement", agreement):
            return f"You may not {self.permission} records of this office."
        if agreement.publication_state not in self.states:
            return f"The record is {agreement.get_publication_state_display().lower()}."
        return ""


def bulk_acts() -> dict[str, BulkAct]:
    """The acts by name, in the order of a record's life."""
    found = (
        BulkAct(name, verb, permission, frozenset(states))
        for name, (verb, permission, states) in ACTS.items()
    )
    return {act.name: act for act in found if _needs_nothing_else(act.verb)}


def _needs_nothing_else(verb: Callable) -> bool:
    return all(
        name in _GIVEN or parameter.default is not Parameter.empty
        for name, parameter in signature(verb).parameters.items()
        if parameter.kind is not Parameter.VAR_KEYWORD
    )
