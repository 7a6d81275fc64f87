"""Which tables name an institution, and what a merge does with their rows.

Names, identifiers and places of the merged institution stay with it and are given to the survivor
as copies. Everything else that names it is pointed to the survivor. A table that is added later
is treated so without being entered here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import ForeignKey, Model, UniqueConstraint

from partnerships.models import (
    DuplicatePair,
    Institution,
    InstitutionIdentifier,
    InstitutionLocation,
    InstitutionMerge,
    InstitutionName,
    NotDuplicate,
    Party,
)

#: What makes a row unlike its neighbours: the survivor takes a copy of those that it has not.
COPIED = {
    InstitutionName: ("value", "kind", "language"),
    InstitutionIdentifier: ("scheme", "value"),
    InstitutionLocation: ("geonames_id",),
}
#: What is said of the very record.
_LEFT = (Institution, InstitutionMerge, NotDuplicate, DuplicatePair)


@dataclass(frozen=True)
class Reference:
    """A column that names an institution or a party."""

    model: type[Model]
    field: str

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows(self, key: int) -> models.QuerySet:
        return self.model._base_manager.filter(**{self.field: key}).order_by("pk")

    def twin(self, row: Model, key: int) -> Model | None:
        """The row that already says of ``key`` what ``row`` says; the two cannot stand beside each other."""
        for constraint in self.model._meta.constraints:
            fields = getattr(constraint, "fields", ())
            if not isinstance(constraint, UniqueConstraint) or self.field not in fields:
                continue
            rest = {name: getattr(row, self.model._meta.get_field(name).attname) for name in fields}
            if None in rest.values():
                continue
            twins = self.model._base_manager.filter(**rest | {self.field: key}).exclude(pk=row.pk)
            if twin := twins.first():
                return twin
        return None


def references(target: type[Model]) -> Iterator[Reference]:
    """Every column of a table that names a row of ``target`` and holds to it by a foreign key."""
    for model in apps.get_models():
        if model in COPIED or model in _LEFT or not model._meta.managed:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, ForeignKey) and field.remote_field.model is target and field.db_constraint:
                yield Reference(model, field.name)


def moved_with_parties() -> list[Reference]:
    """What hangs on a party: it goes over where both institutions are parties of one agreement."""
    return list(references(Party))
