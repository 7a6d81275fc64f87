"""Many records in one transaction: all of them, or none and every fault with its place."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction

from partnerships.models import Agreement, AgreementIdentifier
from partnerships.services.errors import check_now, told_clearly
from people.history import acting
from people.transactions import BUSY, one_transaction

from .agreements import at_home, record_agreement, require_permission
from .errors import Stale, under
from .identifiers import hold_identifiers
from .lists import (
    ACTIVITIES,
    IDENTIFIERS,
    LISTS,
    PARTIES,
    PERIODS,
    RELATIONS,
    SIGNATORIES,
    SOURCES,
    STATEMENTS,
    SUBJECTS,
    Facts,
    activity_rows,
    labels_of,
    signatory_rows,
    statement_rows,
)
from .removing import Named
from .rows import Rows, check

#: After so many faults nobody reads on.
MOST_FAULTS = 100
_BATCH = 500
_REFUSALS = (ValidationError, PermissionDenied, Stale, Named)


class Faults(Exception):
    """What was refused, by place in the list; nothing was written."""

    def __init__(self, errors: dict[int, Exception]):
        super().__init__(f"{len(errors)} of the records were refused.")
        self.errors = errors


def each(rows: Iterable, act: Callable[[Any], Any]) -> list:
    """Do something to every row, and return what came of it, in order.

    Inside the transaction of the caller: a refusal takes back that row, and ``Faults`` should take back all.

    Raises:
        Faults: some were refused.
        ValidationError: the database broke a tie (``BUSY``); only the caller can begin anew.
    """
    errors: dict[int, Exception] = {}
    done = []
    for index, row in enumerate(rows):
        try:
            done.append(act(row))
        except _REFUSALS as error:
            if getattr(error, "code", None) == BUSY:
                raise
            errors[index] = error
            if len(errors) >= MOST_FAULTS:
                break
    if errors:
        raise Faults(errors)
    return done


@one_transaction
def record_agreements(*, by, many: list[Facts], reason: str = "") -> list[Agreement]:
    """Record many new agreements, as ``record_agreement`` would each, with a few statements for all.

    Raises:
        Faults: some were refused.
    """
    made = each(many, lambda facts: _Made(by, facts))
    try:
        with transaction.atomic(), acting(user=by, reason=reason or "recorded"):
            _write(made)
            check_now()
    except IntegrityError as error:
        # The database says what is wrong, not with which: one by one it comes to light.
        each(many, lambda facts: record_agreement(by=by, facts=facts, reason=reason))
        with told_clearly():
            raise error
    _require_visible([row.agreement for row in made], by)
    return [row.agreement for row in made]


class _Made:
    """A new agreement and all its rows, checked and not yet written."""

    def __init__(self, by, facts: Facts):
        self.agreement = at_home(by, facts)
        for name, value in facts.items():
            if name not in LISTS:
                setattr(self.agreement, name, value)
        require_permission(by, "add", self.agreement)
        check(self.agreement, unique=False)
        self.rows: dict[Rows, list[models.Model]] = {}
        self._add(IDENTIFIERS, facts)
        self._add(PARTIES, facts)
        parties = {row.institution_id: row for row in self.rows[PARTIES]}
        if "signatories" in facts:
            self.rows[SIGNATORIES] = SIGNATORIES.make(signatory_rows(facts, parties))
        self._add(SOURCES, facts)
        labels = labels_of(facts, self.rows[SOURCES]) if "sources" in facts else {}
        self._add(STATEMENTS, facts, lambda: statement_rows(facts, labels))
        self._add(SUBJECTS, facts)
        self._add(ACTIVITIES, facts, lambda: activity_rows(facts, parties))
        self._add(PERIODS, facts)
        self._add(RELATIONS, facts)

    def _add(self, rows: Rows, facts: Facts, told: Callable[[], list[Facts]] | None = None) -> None:
        wanted = (told() if told else facts[rows.name]) if rows.name in facts else []
        self.rows[rows] = rows.make(wanted, agreement=self.agreement)


def _write(made: list[_Made]) -> None:
    """One statement a table, parts after what they belong to."""
    Agreement.objects.bulk_create([row.agreement for row in made], batch_size=_BATCH)
    _require_free([row.rows[IDENTIFIERS] for row in made])
    for rows in (
        IDENTIFIERS, PARTIES, SIGNATORIES, SOURCES, STATEMENTS, SUBJECTS, ACTIVITIES, PERIODS, RELATIONS,
    ):  # fmt: skip
        new = [part for one in made for part in one.rows.get(rows, ())]
        rows.model._base_manager.bulk_create(new, batch_size=_BATCH)


def _require_free(many: list[list[AgreementIdentifier]]) -> None:
    """Hold the identifiers, and name each that is taken, by a record or by an earlier one of the list."""
    pairs = [(row.system, row.value) for rows in many for row in rows]
    if not pairs:
        return
    hold_identifiers("agreement", pairs)
    held = AgreementIdentifier.objects.filter(system__in={system for system, _ in pairs})
    taken = set(held.filter(value__in={value for _, value in pairs}).values_list("system", "value"))
    errors: dict[int, Exception] = {}
    for index, rows in enumerate(many):
        for place, row in enumerate(rows):
            if (row.system, row.value) in taken:
                message = ValidationError("Another agreement carries this identifier.")
                errors[index] = ValidationError(under(f"identifiers.{place}", message))
            taken.add((row.system, row.value))
    if errors:
        raise Faults(errors)


def _require_visible(agreements: list[Agreement], by) -> None:
    keys = [row.pk for row in agreements]
    seen = set(Agreement.objects.visible_to(by).filter(pk__in=keys).values_list("pk", flat=True))
    message = ValidationError({"visibility": "You could not see this record yourself afterwards."})
    if errors := {index: message for index, key in enumerate(keys) if key not in seen}:
        raise Faults(errors)
