"""When an act is open: to whom, in which publication state, and what else must hold of the record."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.choices import PublicationState
from partnerships.models import Agreement

#: The code of the refusal of an act that is not open to the record as it stands.
NOT_OPEN = "not_open"
DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = PublicationState
#: What was taken back is published again before anything else happens to it.
STANDING = frozenset({DRAFT, IN_REVIEW, PUBLISHED})


def _nothing(agreement: Agreement) -> str:
    return ""


@dataclass(frozen=True)
class Rule:
    """Who may do something to which records.

    Args:
        permission: the verb of the permission that it takes, asked of the very record.
        states: publication states in which it is open.
        refusal: says why a record is not open to it for another reason; "" where it is.
        anywhere: the permission is asked in any office, not in that of the record.
    """

    permission: str
    states: frozenset[str] = STANDING
    refusal: Callable[[Agreement], str] = _nothing
    anywhere: bool = False

    def allows(self, agreement: Agreement, by) -> bool:
        """True where ``by`` has the permission; nothing is said of the record's state."""
        return by.has_perm(self._permission, None if self.anywhere else agreement)

    def closed(self, agreement: Agreement) -> str:
        """Why the record, as it stands, is not open to the act; "" where it is."""
        if agreement.publication_state not in self.states:
            state = agreement.get_publication_state_display().lower()
            return f"The record is {state}; this act is not open to it."
        return self.refusal(agreement)

    def require(self, agreement: Agreement, by) -> None:
        """Let the act begin.

        Raises:
            PermissionDenied: ``by`` may not.
            ValidationError: the record is not open to it (``NOT_OPEN``).
        """
        if not self.allows(agreement, by):
            raise PermissionDenied(f"You may not {self.permission} records of this office.")
        if words := self.closed(agreement):
            raise ValidationError(words, code=NOT_OPEN)

    def at_home(self, agreement: Agreement, by) -> None:
        """Hold the permission against the office of a record that is being made.

        Raises:
            PermissionDenied: ``by`` may not.
        """
        if not by.has_perm(self._permission, agreement):
            raise PermissionDenied(f"You may not {self.permission} records of this office.")

    @property
    def _permission(self) -> str:
        return f"partnerships.{self.permission}_agreement"

    def lock(self, agreement: Agreement, by) -> Agreement:
        """Return the record as it stands now, locked until the end of the transaction, open to the act."""
        locked = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        self.require(locked, by)
        return locked


def require_reason(reason: str, message: str) -> None:
    """Refuse an act whose reason is empty.

    Raises:
        ValidationError: naming ``reason``.
    """
    if not reason.strip():
        raise ValidationError({"reason": message})
