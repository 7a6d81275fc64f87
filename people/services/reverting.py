"""Putting back what a change made otherwise: a field, a row, or everything that was done at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model

from people.errors import check_now, told_clearly
from people.history import acting
from people.transactions import one_transaction

SET, RESTORE, REMOVE = "set", "restore", "remove"
#: Code of the refusal of a value that somebody changed again since.
CHANGED_SINCE = "changed_since"


@dataclass(frozen=True)
class Step:
    """One row to put back.

    Args:
        kind: ``set`` columns, ``restore`` a removed row, ``remove`` an added one.
        key: primary key of the row.
        name: what to call the row in a message.
        columns: what each column becomes.
        expected: what the change to be reverted had made of the columns.
    """

    kind: str
    model: type[Model]
    key: Any
    name: str
    columns: dict[str, Any] = field(default_factory=dict)
    expected: dict[str, Any] = field(default_factory=dict)


@one_transaction
def revert(
    *,
    record: Model,
    steps: Iterable[Step],
    by,
    reason: str,
    overwrite: bool = False,
    settle: Callable[[Model], None],
) -> None:
    """Perform ``steps`` on the rows of ``record``: rows come back first, and go last.

    Args:
        reason: for the history.
        overwrite: put back also what was changed once more since.
        settle: ends an edit of such a record; lets its rules speak.

    Raises:
        PermissionDenied: ``by`` may not change the record, before or afterwards.
        ValidationError: a rule forbids it; with the code ``CHANGED_SINCE``, a value is no longer what
            the change made of it.
    """
    model = type(record)
    locked = model._base_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if locked is None:
        raise ValidationError("The record is no longer there.")
    _require(by, locked)
    with told_clearly(), acting(user=by, reason=reason):
        for step in steps:
            if not overwrite and differs_since(step):
                raise ValidationError(
                    f"{step.name} was changed again since. Look at what stands there now.", code=CHANGED_SINCE
                )
            _PERFORM[step.kind](step)
        check_now()
        locked.refresh_from_db()
        settle(locked)
    _require(by, locked)


def differs_since(step: Step) -> bool:
    """Whether the row is no longer as the change to be reverted had left it."""
    row = standing(step)
    if step.kind == RESTORE:
        return row is not None
    return row is None or any(getattr(row, name) != value for name, value in step.expected.items())


def standing(step: Step) -> Model | None:
    """The row as it stands."""
    return step.model._base_manager.filter(pk=step.key).first()


def _set(step: Step) -> None:
    row = _required(step)
    for name, value in step.columns.items():
        setattr(row, name, value)
    _save(row, step, update_fields=list(step.columns))


def _restore(step: Step) -> None:
    if standing(step) is not None:
        raise ValidationError(f"{step.name} stands already.")
    _save(step.model(**step.columns), step, force_insert=True)


def _remove(step: Step) -> None:
    _required(step).delete()


_PERFORM = {SET: _set, RESTORE: _restore, REMOVE: _remove}


def _required(step: Step) -> Model:
    row = standing(step)
    if row is None:
        raise ValidationError(f"{step.name} is no longer there: restore it first.")
    return row


def _save(row: Model, step: Step, **how) -> None:
    relations = [found.name for found in row._meta.fields if found.is_relation]
    untouched = [found.name for found in row._meta.fields if found.attname not in step.columns]
    try:
        row.clean_fields(exclude={*relations, *untouched})
        row.clean()
        row.validate_constraints()
    except ValidationError as error:
        raise ValidationError([f"{step.name}: {message}" for message in error.messages]) from error
    row.save(**how)


def _require(by, record: Model) -> None:
    options = record._meta
    if not by.has_perm(f"{options.app_label}.change_{options.model_name}", record):
        raise PermissionDenied("You may not change this record.")
