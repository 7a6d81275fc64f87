"""Many records in one transaction: all of them, or none and every fault with its place."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, models, transaction

from partnerships.models import Agreement, AgreementIdentifier, AgreementRelation
from partnerships.services.errors import check_now, told_clearly
from partnerships.services.matching import Alike
from people.history import acting
from people.transactions import BUSY, one_transaction

from .agreements import at_home, require_permission, written
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
from .removing import DELETED, Named, delete_drafts, fate_of, remove_agreement, require_unnamed
from .rows import Rows, check

#: After so many faults nobody reads on.
MOST_FAULTS = 100
_BATCH = 500
_REFUSALS = (ValidationError, PermissionDenied, Stale, Named, Alike)


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
def record_agreement(*, by, facts: Facts, reason: str = "") -> Agreement:
    """Record a new agreement as a draft.

    Args:
        by: a user or a token's principal. Without an ``office`` among the facts the record belongs
            to the one office of ``by``.
        facts: fields of the model by name, and the lists ``parties``, ``signatories``, ``sources``,
            ``statements``, ``focus_areas``, ``activities``, ``periods``, ``relations``, ``identifiers``
            of rows whose references are resolved. A signatory and a one-way activity name institutions
            that are parties; a statement names its source by the ``id`` that the source carries in the list.
        reason: for the history.

    Raises:
        PermissionDenied: ``by`` may not add records, or none of that office.
        ValidationError: naming each field, with dots for what is nested.
    """
    try:
        [made] = record_agreements(by=by, many=[facts], reason=reason)
    except Faults as faults:
        raise faults.errors[0] from faults
    return made


@one_transaction
def record_agreements(*, by, many: list[Facts], reason: str = "") -> list[Agreement]:
    """Record many new agreements, as ``record_agreement`` would each, with a few statements for all.

    Raises:
        Faults: some were refused.
    """
    reason = reason or "recorded"
    made = each(many, lambda facts: _Made(by, facts))
    with told_clearly():
        try:
            with transaction.atomic(), acting(user=by, reason=reason):
                _write(made)
                check_now()
        except (IntegrityError, DataError):
            # The database says what is wrong, not with which.
            _tell_fault(by, many, reason)
            raise
    _require_visible([row.agreement for row in made], by)
    return [row.agreement for row in made]


def _tell_fault(by, many: list[Facts], reason: str) -> None:
    """Raise Faults with one that the database refuses, written row by row to know what of it."""
    first, behind = 0, len(many)
    while behind - first > 1:
        middle = (first + behind) // 2
        if _is_refused(by, many[first:middle]):
            behind = middle
        else:
            first = middle
    try:
        with transaction.atomic():
            written(at_home(by, many[first]), "add", by, many[first], reason)
    except ValidationError as error:
        raise Faults({first: error}) from error


def _is_refused(by, many: list[Facts]) -> bool:
    try:
        with transaction.atomic():
            _write([_Made(by, facts) for facts in many])
            check_now()
            transaction.set_rollback(True)
    except (IntegrityError, DataError):
        return True
    return False


@one_transaction
def remove_agreements(*, by, many: list[tuple[Agreement, str]]) -> list[str]:
    """Remove many agreements, as ``remove_agreement`` would each; say of each what it is from now on.

    Args:
        many: each with the reason.

    Raises:
        Faults: some were refused.
    """
    keys = [agreement.pk for agreement, _ in many]
    locked = {row.pk: row for row in Agreement.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    named = set(AgreementRelation.objects.filter(target__in=keys).values_list("target_id", flat=True))

    def fate(row: tuple[Agreement, str]) -> str:
        agreement, reason = row
        found = fate_of(locked[agreement.pk], by)
        if found != DELETED:
            return remove_agreement(agreement=agreement, by=by, reason=reason)
        if agreement.pk in named:
            require_unnamed(agreement, by)
        return found

    fates = each(many, fate)
    drafts = defaultdict(list)
    for (agreement, reason), found in zip(many, fates, strict=True):
        if found == DELETED:
            drafts[reason].append(agreement)
    for reason, rows in drafts.items():
        delete_drafts(rows, by, reason)
    return fates


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
