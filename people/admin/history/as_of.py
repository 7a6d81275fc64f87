"""A record as it stood at the end of a day, or at a moment, with its rows."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Min, Model
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst

from people.access import fields_hidden_from

from .reading import Change, Group, Trail, leave_out_hidden
from .states import state_at
from .words import Words, told_fields

UNKNOWN_DATE = "Give a day such as 2024-05-21, or a moment such as 2024-05-21T14:30."


@dataclass
class Then:
    """One field as it stood, and as it stands where that differs."""

    label: str
    then: str
    now: str
    differs: bool


@dataclass
class ThenRow:
    """One row as it stood; ``state`` says what became of it: “changed since”, “removed since”."""

    name: str
    state: str
    fields: list[Then]


@dataclass
class ThenPart:
    """The rows of one kind; ``added`` names those that came later."""

    heading: str
    rows: list[ThenRow]
    added: list[str]


class AsItStood:
    """Mixin of a model admin: the page ``…/history/as-of/?on=2024-05-21``."""

    as_of_template = "admin/registry/as_of.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_asof"
        view = self.admin_site.admin_view(self.as_of_view)
        return [path("<path:object_id>/history/as-of/", view, name=name), *super().get_urls()]

    def as_of_view(self, request, object_id: str):
        """Show the record as it stood at the end of the day ``on``."""
        record = self.record_to_read(request, object_id)
        if not isinstance(record, self.model):
            return record
        typed = request.GET.get("on", "").strip()
        context = {"title": f"As it stood: {record}", "on": typed, "subtitle": None}
        try:
            moment = moment_meant(typed) if typed else timezone.now()
        except ValidationError as error:
            return self.history_response(
                request, record, self.as_of_template, context | {"error": error.messages[0]}, status=400
            )
        top = Trail(self.model)
        began = top.of(record).order_by().aggregate(first=Min("pgh_created_at"))["first"]
        context |= {"moment": moment, "began": began}
        if began is None or began > moment:
            context["before_creation"] = True
        else:
            context |= self._as_it_stood(request, record, moment)
        return self.history_response(request, record, self.as_of_template, context)

    def _as_it_stood(self, request, record: Model, moment: datetime) -> dict:
        trails = self.trails()
        then = state_at(trails, record, moment)
        now = state_at(trails, record, timezone.now() + timedelta(days=1))
        _keep_open_rows((then, now), request.user)
        top, *others = trails
        hidden = self.hidden_fields(request.user, record)
        # What only the office of that time might read stays theirs.
        hidden |= fields_hidden_from(request.user, then[top][0], of=self.model)
        words = Words(_as_groups(then, now), request.user, hidden)
        own = (then[top][0], now[top][0] if now[top] else None)
        order = forms_order(self.get_fieldsets(request, record))
        fields = sorted(told_fields(top, hidden), key=lambda field: order.get(field.name, len(order)))
        return {
            "own": _fields(words, fields, *own),
            "parts": [
                part for trail in others if (part := _part(words, trail, then[trail], now[trail], hidden))
            ],
        }


def moment_meant(text: str) -> datetime:
    """Return the end of the day, or the moment, that was typed, in the time zone of the site.

    Raises:
        ValidationError: it is neither.
    """
    try:
        day = parse_date(text)
        moment = None if day else parse_datetime(text)
        if day:
            moment = datetime.combine(day, time.max)
        if moment is None:
            raise ValueError
        aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        # Where the calendar ends, a moment may have no counterpart in another time zone.
        return timezone.localtime(aware.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise ValidationError(UNKNOWN_DATE) from error


def forms_order(fieldsets) -> dict[str, int]:
    """Places of the fields in the form of the record."""
    names = [
        name
        for _, options in fieldsets
        for line in options["fields"]
        for name in ([line] if isinstance(line, str) else line)
    ]
    return {name: place for place, name in enumerate(names)}


def _keep_open_rows(states: tuple[dict, ...], user) -> None:
    """Drop rows that the gate hides from ``user``, by what is said of their events."""
    for state in states:
        for trail, rows in state.items():
            changes = [_as_change(trail, row) for row in rows]
            group = Group(timezone.now(), None, None, changes)
            leave_out_hidden([group], user)
            kept = {change.event.pk for change in group.changes}
            state[trail] = [row for row in rows if row.pk in kept]


def _as_change(trail: Trail, row: Model) -> Change:
    row.pgh_obj_id = row.pk
    return Change(trail, row, None)


def _as_groups(*states: dict) -> list[Group]:
    """Rows in the dress of changes: ``Words`` fetches the names that they refer to."""
    changes = [_as_change(trail, row) for state in states for trail, rows in state.items() for row in rows]
    return [Group(timezone.now(), None, None, changes)]


def _fields(words: Words, fields: list, then: Model, now: Model | None) -> list[Then]:
    found = []
    for field in fields:
        stood = words.value(field, then)
        stands = words.value(field, now) if now is not None else ""
        differs = now is not None and getattr(then, field.attname) != getattr(now, field.attname)
        if stood or (differs and stands):
            found.append(Then(str(capfirst(field.verbose_name)), stood, stands, differs))
    return found


def _part(words: Words, trail: Trail, then: list, now: list, hidden) -> ThenPart | None:
    fields = [field for field in told_fields(trail, hidden) if field.name != "position"]
    standing = {row.pk: row for row in now}
    rows = []
    for row in then:
        stands = standing.pop(row.pk, None)
        told = _fields(words, fields, row, stands)
        state = "removed since" if stands is None else "changed since" if any(f.differs for f in told) else ""
        rows.append(ThenRow(words.called(_as_change(trail, row)), state, told))
    added = [words.called(_as_change(trail, row)) for row in standing.values()]
    if not rows and not added:
        return None
    return ThenPart(str(capfirst(trail.model._meta.verbose_name_plural)), rows, added)
