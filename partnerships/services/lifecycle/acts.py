"""Every act on an agreement under its name: what it is called, when it is open, what it has to be told."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import TextChoices

from partnerships.models import Agreement
from partnerships.services import publication
from partnerships.services.duties import lacks_approval, own_work
from partnerships.services.rules import Rule

from . import amending, copying, signing, superseding, terms


class Group(TextChoices):
    """Where an act stands among the others."""

    REVIEW = "review", "Review"
    AGREEMENT = "agreement", "Agreement"
    COPY = "copy", "Copy"


@dataclass(frozen=True)
class Act:
    """An act on one agreement.

    Args:
        verb: ``verb(*, agreement, by, reason="", **facts)``, in one transaction. Raises
            PermissionDenied, or ValidationError with the fields that are wrong.
        label: as a button says it.
        rule: to whom and in which states it is open.
        group: where it stands among others.
        needs: names of the facts, besides the reason, without which it cannot be performed.
        reason_needed: True where an empty reason is refused.
        judges: True where separation of duties keeps people from their own work.
    """

    name: str
    verb: Callable
    label: str
    rule: Rule
    group: Group
    needs: tuple[str, ...] = ()
    reason_needed: bool = False
    judges: bool = False

    @property
    def permission(self) -> str:
        """The verb of the permission that it takes."""
        return self.rule.permission

    @property
    def states(self) -> frozenset[str]:
        """Publication states in which it is open."""
        return self.rule.states

    @property
    def for_many(self) -> bool:
        """True where a reason is all that it has to be told, so that many records can take it at once."""
        return not self.needs and self.group != Group.COPY

    def open_to(self, agreement: Agreement, user) -> bool:
        """True where ``user`` may perform it on the record as it stands."""
        if not self.rule.allows(agreement, user) or self.rule.closed(agreement):
            return False
        return not (self.judges and self.hindrance(agreement, user))

    def hindrance(self, agreement: Agreement, user) -> str:
        """Say which separation of duties keeps ``user`` from an act that judges; "" if none does."""
        words = own_work(agreement, user)
        return words or (lacks_approval(agreement, user) if self.name == "publish" else "")


_REVIEW, _AGREEMENT, _COPY = Group
#: The acts in the order of a record's life.
ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act("submit", publication.submit_for_review, "Submit for review", publication.SUBMIT, _REVIEW),
        Act("approve", publication.approve, "Approve", publication.APPROVE, _REVIEW, judges=True),
        Act("send_back", publication.send_back, "Send back", publication.SEND_BACK, _REVIEW, (), True),
        Act("publish", publication.publish, "Publish", publication.PUBLISH, _REVIEW, judges=True),
        Act("withdraw", publication.withdraw, "Withdraw", publication.WITHDRAW, _REVIEW, (), True),
        Act("sign", signing.record_signature, "Record signature", signing.SIGN, _AGREEMENT, ("signed_on",)),
        Act("extend", terms.extend, "Extend", terms.EXTEND, _AGREEMENT, ("end_kind",)),
        Act("renew", copying.renew, "Renew", copying.RENEW, _AGREEMENT, ("title",)),
        Act("amend", amending.amend, "Amend", amending.AMEND, _AGREEMENT, ("title",)),
        Act("terminate", terms.terminate, "Terminate", terms.TERMINATE, _AGREEMENT, ("terminated_on",), True),
        Act("supersede", superseding.supersede, "Supersede", superseding.SUPERSEDE, _AGREEMENT, ("newer",)),
        Act("duplicate", copying.duplicate, "Duplicate", copying.DUPLICATE, _COPY),
    )
}
#: Those of publication, which the API offers as well.
EDITORIAL = tuple(name for name, act in ACTS.items() if act.group == Group.REVIEW)


def open_acts(agreement: Agreement, user) -> list[str]:
    """Names of the acts that ``user`` may perform on the record as it stands."""
    return [name for name, act in ACTS.items() if act.open_to(agreement, user)]
