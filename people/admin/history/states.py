"""How a record and its rows stood at a moment, put together from the history."""

from datetime import datetime

from django.db.models import Model

from .reading import Trail


def state_at(trails: list[Trail], record: Model, moment: datetime) -> dict[Trail, list[Model]]:
    """Return for each trail the rows as they stood, in the order of their model; one statement a trail.

    Args:
        trails: those of the record, each behind the one that it is below (``HistoryPages.trails``).
        moment: what was written at this very moment counts.

    The rows are unsaved copies: instances of the tracked models without what the history never keeps.
    """
    found: dict[Trail, list[Model]] = {}
    for trail in trails:
        owners = {row.pk for row in found[trail.above]} if trail.above in found else {record.pk}
        rows = [as_row(trail, event) for event in _last_events(trail, record, moment)]
        if trail.link:
            attname = trail.model._meta.get_field(trail.link).attname
            rows = [row for row in rows if getattr(row, attname) in owners]
        found[trail] = sorted(rows, key=_place)
    return found


def as_row(trail: Trail, event: Model) -> Model:
    """Return the row that an event tells of, as an unsaved instance of its model."""
    kept = {field.attname for field in trail.events._meta.concrete_fields}
    fields = [field.attname for field in trail.model._meta.concrete_fields if field.attname in kept]
    row = trail.model(**{name: getattr(event, name) for name in fields})
    row._state.adding = False
    return row


def _last_events(trail: Trail, record: Model, moment: datetime) -> list[Model]:
    """The last event of every row up to ``moment``, unless that removed it.

    A row may have been moved to another record: its last event is asked of all its events.
    """
    events = trail.events.objects.filter(pgh_created_at__lte=moment)
    events = events.filter(pgh_obj__in=trail.of(record).order_by().values("pgh_obj"))
    last = events.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return [event for event in last if event.pgh_label != "delete"]


def _place(row: Model) -> tuple:
    names = [name for name in row._meta.ordering if isinstance(name, str) and not name.startswith("-")]
    values = [getattr(row, name, None) for name in names if name != "pk"]
    return (*((value is not None, value if isinstance(value, int | str) else 0) for value in values), row.pk)
