"""From changes of the past to the steps that put them back."""

from dataclasses import dataclass

from django.db.models import Field, FileField, Model
from django.utils.text import capfirst

from people.services.reverting import REMOVE, RESTORE, SET, Step, differs_since, standing

from ..access import visible_rows
from .reading import Change, Group, Trail
from .states import as_row
from .words import Line, Words, line_of, told_fields

_ORDER = {RESTORE: 0, SET: 1, REMOVE: 2}
#: The record keeps these, whatever is put back.
_KEPT = {"uid", "created_at", "updated_at"}


@dataclass
class Planned:
    """One step, with what a person has to know before agreeing to it.

    Args:
        lines: field, what stands there now, what will stand there.
        stale: somebody changed it again since.
        impossible: why it cannot be done, or nothing.
    """

    step: Step
    heading: str
    lines: list[Line]
    stale: bool
    impossible: str


@dataclass
class Span:
    """What happened to one row in a group of changes: as it was before the first, and after the last."""

    trail: Trail
    before: Model | None
    after: Model | None
    last: Change


def plan(group: Group, *, only: str, words: Words, user, hidden: frozenset[str]) -> list[Planned]:
    """Return the steps that revert a group, in the order in which they can be done.

    Args:
        only: the one field to put back; everything if empty.
        words: knows the names that the rows of the group refer to.
        hidden: fields that ``user`` may not read stay as they are.
    """
    depth = {
        trail: place for place, trail in enumerate(dict.fromkeys(change.trail for change in group.changes))
    }
    planned, spans = [], _spans(group)
    if any(span.before is None and not span.trail.link for span in spans):
        # What a record was recorded with is most of it; deleting it is an act of its own.
        return []
    for span in spans:
        if found := _step(span, only, hidden):
            step, fields = found
            planned.append(
                (_ORDER[step.kind], _depth(span.trail, step), depth[span.trail], step, fields, span)
            )
    planned.sort(key=lambda entry: entry[:3])
    coming = {(step.model, step.key) for *_, step, _, _ in planned if step.kind == RESTORE}
    return [_planned(step, fields, span, words, user, coming) for *_, step, fields, span in planned]


def _spans(group: Group) -> list[Span]:
    spans: dict[tuple, Span] = {}
    for change in group.changes:
        key = (change.trail, change.event.pgh_obj_id)
        after = None if change.kind == "delete" else change.event
        if key in spans:
            spans[key].after, spans[key].last = after, change
            continue
        before = {"insert": None, "delete": change.event}.get(change.kind, change.before)
        spans[key] = Span(change.trail, before, after, change)
    return [span for span in spans.values() if span.before is not None or span.after is not None]


def _step(span: Span, only: str, hidden: frozenset[str]) -> tuple[Step, list[Field]] | None:
    model, key = span.trail.model, span.last.event.pgh_obj_id
    name = str(capfirst(model._meta.verbose_name))
    told = told_fields(span.trail, hidden)
    if not span.trail.link and (span.before is None or span.after is None):
        # Creating and deleting a record have pages of their own.
        return None
    if span.before is None:
        columns = _columns(as_row(span.trail, span.after), _KEPT)
        return None if only else (Step(REMOVE, model, key, name, {}, columns), told)
    if span.after is None:
        columns = _columns(as_row(span.trail, span.before), set())
        return None if only else (Step(RESTORE, model, key, name, columns), told)
    changed = _changed(span, only, {field.name for field in told})
    if not changed:
        return None
    columns = {field.attname: getattr(span.before, field.attname) for field in changed}
    expected = {field.attname: getattr(span.after, field.attname) for field in changed}
    return Step(SET, model, key, name, columns, expected), [field for field in told if field in changed]


def _changed(span: Span, only: str, told: set[str]) -> list[Field]:
    """The fields to put back. What an act of its own decides (a state) is not put back by the way."""
    kept = {field.name for field in span.trail.events._meta.fields}
    differing = [
        field
        for field in span.trail.model._meta.concrete_fields
        if field.name in kept
        and field.name not in _KEPT
        and getattr(span.before, field.attname) != getattr(span.after, field.attname)
    ]
    files = any(isinstance(field, FileField) and only in ("", field.name) for field in differing)
    return [
        field
        for field in differing
        # The facts of a file go with it: they are no fields of the form.
        if (field.editable or (files and span.trail.link))
        and (not only or field.name == only or (files and not field.editable))
        and (field.name in told or not field.editable)
    ]


def _columns(row: Model, without: set[str]) -> dict:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in without and field.attname in row.__dict__
    }


def _depth(trail: Trail, step: Step) -> int:
    depth = 0
    while trail.above is not None:
        trail, depth = trail.above, depth + 1
    return -depth if step.kind == REMOVE else depth


def _planned(step: Step, fields: list[Field], span: Span, words: Words, user, coming: set) -> Planned:
    row = standing(step)
    heading = {
        SET: f"{step.name} changes",
        RESTORE: f"{step.name} comes back",
        REMOVE: f"{step.name} is removed",
    }[step.kind]
    if span.trail.link and (called := words.called(span.last)):
        heading = f"{heading}: {called}"
    lines = []
    for field in fields:
        now = words.value(field, row) if row is not None else ""
        becomes = "" if step.kind == REMOVE else words.value(field, span.before)
        if now != becomes or step.kind == SET:
            lines.append(line_of(field, now, becomes))
    return Planned(step, heading, lines, differs_since(step), _impossible(step, span, row, user, coming))


def _impossible(step: Step, span: Span, row: Model | None, user, coming: set) -> str:
    """Why a step cannot be done; ``coming`` names the rows that come back before it."""
    if step.kind != RESTORE and row is None:
        return "It is no longer there. Restore it first, by reverting its removal."
    if step.kind == RESTORE and row is not None:
        return "It stands already."
    for field in span.trail.model._meta.concrete_fields:
        if isinstance(field, FileField) and (name := step.columns.get(field.attname)):
            stored = getattr(name, "name", name)
            if not field.storage.exists(stored):
                return "The file itself is no longer kept."
        if not field.is_relation or field.name == span.trail.link:
            continue
        keys = {step.columns.get(field.attname), step.expected.get(field.attname)} - {None}
        seen = set(visible_rows(field.related_model, user).filter(pk__in=keys).values_list("pk", flat=True))
        if any((field.related_model, key) not in coming for key in keys - seen):
            return f"{capfirst(field.verbose_name)}: it names something that is gone, or not open to you."
    return ""
