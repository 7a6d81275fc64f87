"""What a merge did, row by row: enough to undo it."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db.models import Model


def frozen(row: Model) -> dict:
    """A row as JSON takes it, with its key and every column."""
    return json.loads(serializers.serialize("json", [row]))[0]


def revived(row: dict) -> Model:
    """The row that was frozen, not saved yet."""
    [found] = serializers.deserialize("json", json.dumps([row]))
    return found.object


@dataclass
class Manifest:
    """Lists in the order in which things were done.

    ``moved``: (label of the model, column, key of the row, from, to); ``removed`` and ``made``: frozen rows;
    ``filled``: (label, key of the row, column, before, after).
    """

    moved: list[list] = field(default_factory=list)
    removed: list[dict] = field(default_factory=list)
    made: list[dict] = field(default_factory=list)
    filled: list[list] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return vars(self)

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Manifest":
        return cls(**stored)

    def move(self, reference, row: Model, source: int, to: int) -> None:
        """Point one row elsewhere."""
        type(row)._base_manager.filter(pk=row.pk).update(**{f"{reference.field}_id": to})
        self.moved.append([reference.label, reference.field, row.pk, source, to])

    def remove(self, row: Model) -> None:
        """Take a row away."""
        self.removed.append(frozen(row))
        row.delete()

    def make(self, row: Model) -> None:
        """Add a row."""
        row.save(force_insert=True)
        self.made.append(frozen(type(row)._base_manager.get(pk=row.pk)))

    def fill(self, row: Model, **values) -> None:
        """Give columns of a row other values."""
        before = frozen(row)["fields"]
        for name, value in values.items():
            setattr(row, name, value)
        after = frozen(row)["fields"]
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        self.filled += [
            [row._meta.label_lower, row.pk, name, before[name], after[name]]
            for name in (row._meta.get_field(given).name for given in values)
        ]


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)
