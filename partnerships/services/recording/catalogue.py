"""What agreements name: institutions, people, events, focus areas."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models

from partnerships.models import (
    FocusArea,
    FocusAreaMapping,
    Institution,
    InstitutionIdentifier,
    InstitutionLink,
    InstitutionName,
)
from partnerships.services.errors import check_now, told_clearly
from partnerships.services.matching import require_unlike
from partnerships.services.ror import resolve_pending_links
from people.history import acting
from people.models import Person, PersonName
from people.transactions import one_transaction

from .errors import Stale
from .rows import Rows, columns_of, write

#: The lists of each kind of entry: table, and the name of the relation back.
_LISTS: dict[type[models.Model], dict[str, tuple[Rows, str]]] = {
    Institution: {
        "names": (Rows("names", InstitutionName, key=("value", "kind")), "institution"),
        "identifiers": (Rows("identifiers", InstitutionIdentifier, key=("scheme", "value")), "institution"),
    },
    Person: {"names": (Rows("names", PersonName, key=("value", "kind")), "person")},
    FocusArea: {
        "mappings": (Rows("mappings", FocusAreaMapping, key=("scheme", "code")), "focus_area"),
    },
}
_LINKS = {"parents": "parent", "predecessors": "predecessor", "related": "related"}


@one_transaction
def record_entry(
    *, model: type[models.Model], by, facts: dict[str, Any], reason: str = "", unlike: bool = False
) -> models.Model:
    """Record an institution, a person, an event or a focus area. It is internal until published.

    Args:
        facts: fields of the model by name, and its lists of rows; institutions also take
            ``parents``, ``predecessors`` and ``related``, lists of institutions.
        unlike: refuse an institution that may be one of those that stand.

    Raises:
        Alike: it may be.
        PermissionDenied: ``by`` may not add such entries.
        ValidationError: naming each field, with dots for what is nested.
    """
    _require(by, "add", model)
    if unlike:
        country, parents = facts.get("country"), facts.get("parents", [])
        require_unlike(
            name=facts["name"], user=by, country=country and country.pk, ror_id=facts.get("ror_id"),
            parents=parents,
        )  # fmt: skip
    return _written(model(), by, facts, reason or "recorded")


@one_transaction
def revise_entry(
    *, entry: models.Model, by, facts: dict[str, Any], reason: str = "", read_at: datetime | None = None
) -> models.Model:
    """Change an entry: fields that are given, and lists that are given as a whole.

    Raises:
        Stale: somebody changed the entry after ``read_at`` (its ``updated_at`` then).
        PermissionDenied, ValidationError: as for ``record_entry``.
    """
    model = type(entry)
    _require(by, "change", model)
    locked = model.objects.select_for_update().get(pk=entry.pk)
    if read_at is not None and read_at != locked.updated_at:
        raise Stale
    return _written(locked, by, facts, reason or "revised")


def _written(entry: models.Model, by, facts: dict[str, Any], reason: str) -> models.Model:
    lists = _LISTS.get(type(entry), {})
    columns = columns_of(type(entry), facts, without={*lists, *_LINKS})
    with told_clearly(), acting(user=by, reason=reason):
        newly_in_ror = bool(columns.get("ror_id")) and columns["ror_id"] != getattr(entry, "ror_id", None)
        write(entry, columns)
        for name, (rows, owner) in lists.items():
            if name in facts:
                stored = rows.model.objects.filter(**{owner: entry})
                rows.sync(stored, facts[name], **{owner: entry})
        for name, kind in _LINKS.items():
            if name in facts:
                _write_links(entry, name, kind, facts[name], by)
        if newly_in_ror:
            resolve_pending_links([entry])
        check_now()
    return entry


def _write_links(entry: Institution, name: str, kind: str, targets: list[Institution], by) -> None:
    """Stored once, backward. Links to institutions that ``by`` may not see stay."""
    seen = entry.links.filter(kind=kind, target__in=Institution.objects.visible_to(by).values("pk"))
    distinct = {target.pk: target for target in targets}
    wanted = [{"target": target, "kind": kind} for target in distinct.values()]
    Rows(name, InstitutionLink, key=("target",)).sync(seen, wanted, institution=entry)


def _require(by, verb: str, model: type[models.Model]) -> None:
    meta = model._meta
    if not by.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"):
        raise PermissionDenied(f"You may not {verb} {meta.verbose_name_plural}.")
