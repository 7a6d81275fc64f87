"""Taking records back: a published agreement is withdrawn, and only what nobody could know of is deleted."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import ProtectedError, Q

from partnerships.models import Agreement, Event, FocusArea, Institution
from partnerships.services.errors import check_now, told_clearly
from partnerships.services.publication import WITHDRAW, withdraw
from partnerships.services.rules import DRAFT, IN_REVIEW, NOT_OPEN, WITHDRAWN
from people.access import Disclosure
from people.history import acting
from people.models import Person
from people.transactions import one_transaction

DELETED, TAKEN_BACK = "deleted", "withdrawn"
#: So many of those that name a record are told of.
_MOST_TOLD = 10


@dataclass(frozen=True)
class Naming:
    """A record that names the one to be deleted, as far as the caller may know of it."""

    resource: str
    uid: str
    name: str


class Named(Exception):
    """Others name the record; nothing was written.

    Args:
        naming: those that the caller may see, at most ten.
        message: how many these are, in words.
    """

    def __init__(self, naming: list[Naming], message: str):
        super().__init__(message)
        self.naming = naming


#: For each kind of record, by resource, the rows that name one of it.
_NAMING: dict[type[models.Model], dict[str, Callable]] = {
    Agreement: {"agreements": lambda row: Agreement.objects.filter(relations__target=row)},
    Institution: {
        "agreements": lambda row: Agreement.objects.filter(
            Q(parties__institution=row) | Q(statements__institution=row)
        ),
        "institutions": lambda row: Institution.objects.filter(Q(links__target=row) | Q(merged_into=row)),
    },
    Person: {
        "agreements": lambda row: Agreement.objects.filter(
            Q(parties__signatories__person=row) | Q(statements__person=row) | Q(commitments__person=row)
        )
    },
    Event: {"agreements": lambda row: Agreement.objects.filter(event=row)},
    FocusArea: {
        "agreements": lambda row: Agreement.objects.filter(subjects__focus_area=row),
        "focus-areas": lambda row: FocusArea.objects.filter(parent=row),
    },
}


@one_transaction
def remove_agreement(*, agreement: Agreement, by, reason: str = "") -> str:
    """Withdraw a published agreement, delete a draft; one that was withdrawn stays as it is.

    Returns:
        ``withdrawn`` or ``deleted``: what it is from now on.

    Raises:
        PermissionDenied: ``by`` may not.
        ValidationError: the record is in review (``NOT_OPEN``), or a withdrawal lacks its ``reason``.
        Named: others name the draft.
    """
    locked = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    fate = fate_of(locked, by)
    if fate == DELETED:
        _delete(locked, by, reason)
    elif locked.publication_state != WITHDRAWN:
        withdraw(agreement=locked, by=by, reason=reason)
    return fate


def fate_of(agreement: Agreement, by) -> str:
    """Return what removing makes of a record: ``withdrawn`` or ``deleted``.

    Raises:
        PermissionDenied, ValidationError: it may not be removed, as ``remove_agreement`` has it.
    """
    if agreement.publication_state not in (DRAFT, IN_REVIEW):
        # Whoever sends the same again has what they wanted.
        if not WITHDRAW.allows(agreement, by):
            raise PermissionDenied("You may not withdraw records of this office.")
        return TAKEN_BACK
    if not by.has_perm("partnerships.delete_agreement", agreement):
        raise PermissionDenied("You may not delete drafts of this office.")
    if agreement.publication_state == IN_REVIEW:
        message = "The record is in review: a reviewer has it. It can be deleted once it was sent back."
        raise ValidationError(message, code=NOT_OPEN)
    if agreement.published_at:
        raise ValidationError("The record was public once; its address answers for ever.", code=NOT_OPEN)
    return DELETED


@one_transaction
def remove_entry(*, entry: models.Model, by, reason: str = "") -> str:
    """Delete an institution, a person, an event or a focus area that nothing names.

    Raises:
        PermissionDenied: ``by`` may not.
        ValidationError: the entry is public (``NOT_OPEN``): its address answers for ever.
        Named: others name it.
    """
    meta = type(entry)._meta
    if not by.has_perm(f"{meta.app_label}.delete_{meta.model_name}"):
        raise PermissionDenied(f"You may not delete {meta.verbose_name_plural}.")
    locked = type(entry).objects.select_for_update().get(pk=entry.pk)
    if locked.visibility == Disclosure.PUBLIC:
        message = f"This {meta.verbose_name} is public; its address answers for ever. Correct or merge it."
        raise ValidationError(message, code=NOT_OPEN)
    _delete(locked, by, reason)
    return DELETED


def delete_drafts(drafts: list[Agreement], by, reason: str) -> None:
    """Delete many drafts that nothing names, with a few statements for all."""
    with told_clearly(), acting(user=by, reason=reason or "deleted"):
        Agreement.objects.filter(pk__in=[row.pk for row in drafts]).delete()
        check_now()


def _delete(row: models.Model, by, reason: str) -> None:
    require_unnamed(row, by)
    try:
        with told_clearly(), acting(user=by, reason=reason or "deleted"):
            row.delete()
            check_now()
    except ProtectedError as error:
        raise Named([], "The registry keeps something that names this record.") from error


def require_unnamed(row: models.Model, by) -> None:
    """Raise Named where others name a record."""
    told: list[Naming] = []
    words = []
    for resource, naming in _NAMING[type(row)].items():
        rows = naming(row).exclude(pk=row.pk if naming(row).model is type(row) else None).distinct()
        seen = rows.model.objects.visible_to(by).filter(pk__in=rows.order_by().values("pk")).order_by("pk")
        if number := seen.count():
            meta = rows.model._meta
            words.append(f"{number} {meta.verbose_name if number == 1 else meta.verbose_name_plural}")
            told += [Naming(resource, one.uid, str(one)) for one in seen[: _MOST_TOLD - len(told)]]
        if number < rows.order_by().count():
            words.append("something that you may not see")
    if words:
        raise Named(told, f"Still named by {' and '.join(words)}; nothing was deleted.")
