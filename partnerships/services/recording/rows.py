"""Rows that belong to a record: brought in step with a list, writing only where something differs."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from .errors import about, under

Values = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """A list of a record and the table that keeps it.

    Args:
        name: the list's key, for errors.
        model: the table.
        key: fields by which a row is known again when something else about it changed.
        within: the field inside which rows are in order, where it is not the whole record.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    within: str = ""

    def sync(self, stored: Iterable[models.Model], wanted: list[Values], **owner) -> list[models.Model]:
        """Make ``stored`` say what ``wanted`` says and return the rows in its order.

        Rows are known again by ``id`` (their uid) where one is given, else by being the same, else
        by their key. Those that nothing of ``wanted`` stands for are deleted.

        Args:
            wanted: for each row every field that it has, by name; ``id`` is optional.
            owner: what a new row belongs to.

        Raises:
            ValidationError: naming list, place in the list and field.
        """
        values = [columns_of(self.model, row, without={"id"}) for row in wanted]
        known = self._recognise(list(stored), values, [row.get("id") for row in wanted])
        kept = {row.pk for row in known if row is not None}
        with about(self.name):
            self.model._base_manager.filter(pk__in={row.pk for row in stored} - kept).delete()
        rows = [row or self.model(**owner) for row in known]
        if self.is_ordered:
            self._keep_order(rows, values)
        for index, (row, columns) in enumerate(zip(rows, values, strict=True)):
            with about(f"{self.name}.{index}"):
                write(row, columns)
        return rows

    def make(self, wanted: list[Values], **owner) -> list[models.Model]:
        """Return new rows for ``wanted``, checked and not written; what they name may be new itself.

        Raises:
            ValidationError: naming list, place in the list and field.
        """
        places: Counter = Counter()
        seen: set = set()
        rows = []
        for index, values in enumerate(wanted):
            row = self.model(**owner, **{name: value for name, value in values.items() if name != "id"})
            if self.is_ordered:
                group = id(getattr(row, self.within)) if self.within else None
                row.position = places[group]
                places[group] += 1
            with about(f"{self.name}.{index}"):
                check(row, unique=False)
                self._require_new(row, seen)
            rows.append(row)
        return rows

    def _require_new(self, row: models.Model, seen: set) -> None:
        """Refuse a row that is, for one of the table's unique constraints, one of those seen again."""
        for constraint in self.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint) or constraint.condition:
                continue
            key = (constraint.name, *(_identity(getattr(row, name)) for name in constraint.fields))
            if key in seen:
                raise ValidationError(constraint.get_violation_error_message())
            # Null is unlike anything, itself too.
            if None not in key:
                seen.add(key)

    @property
    def is_ordered(self) -> bool:
        """True where the table keeps the place of a row in the list."""
        return any(field.name == "position" for field in self.model._meta.fields)

    def _recognise(self, stored: list, values: list[Values], ids: list[str | None]) -> list:
        keys = [self.model._meta.get_field(name).attname for name in self.key]
        found: list = [None] * len(values)
        given = {uid for uid in ids if uid}
        ways: list[tuple[Callable[[Any], Hashable], Callable[[int], Hashable]]] = [
            (lambda row: getattr(row, "uid", None), lambda index: ids[index]),
            (
                lambda row: _frozen(getattr(row, name) for name in sorted(values[0])),
                lambda index: _frozen(values[index][name] for name in sorted(values[index])),
            ),
            (
                lambda row: _frozen(getattr(row, name) for name in keys),
                lambda index: _frozen(values[index][name] for name in keys),
            ),
        ]
        for step, (of_stored, of_wanted) in enumerate(ways if values else ()):
            free = defaultdict(list)
            taken = {row.pk for row in found if row is not None}
            for row in stored:
                # A row that another entry names by its id waits for that entry.
                if row.pk not in taken and (step == 0 or getattr(row, "uid", None) not in given):
                    free[of_stored(row)].append(row)
            for index in range(len(values)):
                if found[index] is None and of_wanted(index) is not None:
                    found[index] = next(iter(free[of_wanted(index)]), None)
                    free[of_wanted(index)][:1] = []
        return found

    def _keep_order(self, rows: list, values: list[Values]) -> None:
        """Add positions where the order is a new one; leave them where rows stand in it already."""
        groups = defaultdict(list)
        for index, row in enumerate(rows):
            groups[values[index].get(f"{self.within}_id")].append((row, values[index]))
        for members in groups.values():
            places = [(row.position, row.pk) for row, _ in members if row.pk]
            standing = places == sorted(places) and all(row.pk for row, _ in members[: len(places)])
            last = places[-1][0] if places else -1
            for index, (row, columns) in enumerate(members):
                if not standing:
                    columns["position"] = index
                elif not row.pk:
                    columns["position"] = last + 1 + index - len(places)


def columns_of(model: type[models.Model], facts: Values, *, without: Container[str]) -> Values:
    """Facts by column: a row that is referred to becomes its key, cheap to compare."""
    return {
        model._meta.get_field(name).attname: getattr(value, "pk", value)
        for name, value in facts.items()
        if name not in without
    }


def write(row: models.Model, columns: Values) -> bool:
    """Set columns of a row, check them, and save what differs. Return whether anything did.

    Raises:
        ValidationError: by field.
    """
    new = row.pk is None
    differing = [name for name, value in columns.items() if new or getattr(row, name) != value]
    if not differing and not new:
        return False
    for name in differing:
        setattr(row, name, columns[name])
    check(row)
    row.save(update_fields=None if new else differing)
    return True


def check(row: models.Model, *, unique: bool = True) -> None:
    """Hold a row against what its model says of its fields.

    Args:
        unique: ask the database whether what must be unique is; it will refuse it in any case.

    Raises:
        ValidationError: by field.
    """
    relations = [field.name for field in row._meta.fields if field.is_relation]
    errors: dict = {}
    steps = [lambda: row.clean_fields(exclude=relations), row.clean]
    for step in [*steps, row.validate_unique] if unique else steps:
        try:
            step()
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _identity(value) -> Hashable:
    """What tells a value from others; a record that is new itself has no key yet."""
    if isinstance(value, models.Model):
        return value.pk or ("new", id(value))
    return value


def _frozen(values: Iterable) -> tuple:
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


def misplaced(name: str, index: int, field: str, message: str) -> ValidationError:
    """An error about one field of one entry of a list."""
    return ValidationError(under(f"{name}.{index}", ValidationError({field: message})))
