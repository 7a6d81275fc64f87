"""Reading the history tables of a record and of all that belongs to it.

The number of SQL statements follows from the number of tables, never from the number of changes.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery

from people.access import Visibility

from ..access import is_gated, visible_rows

#: What one change belongs to: one transaction of one request, or of whatever else wrote.
Key = tuple[datetime, UUID | None]


@dataclass(frozen=True)
class Trail:
    """The history of one table, as far as it belongs to a record.

    Args:
        model: the tracked model.
        link: its foreign key to what it is a part of; empty for the record itself.
        above: the trail of that, where it is itself only a part of the record.
    """

    model: type[Model]
    link: str = ""
    above: "Trail | None" = None

    @property
    def events(self) -> type[Model]:
        """The model of the history table."""
        return self.model._meta.get_field("history").related_model

    def of(self, record: Model) -> QuerySet:
        """Every event of the rows that belong, or once belonged, to ``record``."""
        if not self.link:
            return self.events.objects.filter(pgh_obj=record.pk)
        if self.above is None or not self.above.link:
            return self.events.objects.filter(**{self.link: record.pk})
        owners = self.above.of(record).order_by().values("pgh_obj")
        return self.events.objects.filter(**{f"{self.link}__in": owners})


@dataclass
class Change:
    """One event of one row, with the row as it was before."""

    trail: Trail
    event: Model
    before: Model | None

    @property
    def kind(self) -> str:
        """``insert``, ``update`` or ``delete``."""
        return self.event.pgh_label


@dataclass
class Group:
    """Everything that was changed at once."""

    moment: datetime
    facts: dict | None
    context: UUID | None = None
    changes: list[Change] = field(default_factory=list)


def is_tracked(model: type[Model]) -> bool:
    """True where the database keeps a history of the model."""
    return hasattr(model, "history")


def group_keys(
    trails: list[Trail],
    record: Model,
    since: datetime | None = None,
    narrowed: Callable[[Trail, QuerySet], QuerySet] = lambda trail, events: events,
) -> QuerySet:
    """The groups of a record's history, newest first, to be counted and cut into pages.

    Args:
        since: leave out what is not younger.
        narrowed: keeps of a trail's events those that are wanted.
    """
    newer = Q(pgh_created_at__gt=since) if since else Q()
    first, *others = (
        narrowed(trail, trail.of(record).filter(newer))
        .order_by()
        .values_list("pgh_created_at", "pgh_context")
        for trail in trails
    )
    keys = first.union(*others) if others else first.distinct()
    return keys.order_by("-pgh_created_at", "pgh_context")


def read_groups(trails: list[Trail], record: Model, keys: list[Key]) -> list[Group]:
    """Fetch what happened in the groups ``keys`` (of ``group_keys``), in their order."""
    groups = {key: Group(moment=key[0], facts=None, context=key[1]) for key in keys}
    for trail in trails:
        for change in _changes(trail, record, {moment for moment, _ in keys}):
            group = groups.get((change.event.pgh_created_at, change.event.pgh_context_id))
            if group is None:
                continue
            group.changes.append(change)
            if change.event.pgh_context_id:
                group.facts = change.event.pgh_context.metadata
    return list(groups.values())


def leave_out_hidden(groups: list[Group], user) -> None:
    """Drop what happened to rows whose own visibility is not for ``user``; three statements a model.

    A row that is gone passes no gate any more: its removal is told unless it was restricted.
    """
    touched: dict[type[Model], set[int]] = defaultdict(set)
    for group in groups:
        for change in group.changes:
            if hasattr(change.event, "visibility"):
                touched[change.trail.model].add(change.event.pgh_obj_id)
    hidden = {model: _hidden(model, keys, user) for model, keys in touched.items()}
    for group in groups:
        group.changes = [
            change
            for change in group.changes
            if change.event.pgh_obj_id not in hidden.get(change.trail.model, ())
        ]


def _hidden(model: type[Model], keys: set[int], user) -> set[int]:
    visible = visible_rows(model, user)
    if not is_gated(visible):
        return set()
    standing = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
    open_to_user = set(visible.filter(pk__in=keys).values_list("pk", flat=True))
    events = model._meta.get_field("history").related_model.objects
    secret = events.filter(pgh_obj__in=keys - standing, visibility=Visibility.RESTRICTED)
    return (standing - open_to_user) | set(secret.values_list("pgh_obj", flat=True))


def _changes(trail: Trail, record: Model, moments: set[datetime]) -> list[Change]:
    earlier = trail.events.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    events = list(
        trail.of(record)
        .filter(pgh_created_at__in=moments)
        .annotate(pgh_before=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1]))
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    before = trail.events.objects.in_bulk({event.pgh_before for event in events if event.pgh_before})
    return [Change(trail, event, before.get(event.pgh_before)) for event in events]
