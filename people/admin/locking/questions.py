"""Conflicts as a page asks them: three columns in words, and a choice."""

from dataclasses import dataclass

from django.forms import BaseForm, CheckboxInput, Field, FileField, ModelChoiceField
from django.utils.text import capfirst

from ..history.words import HIDDEN
from .merging import Conflict, Merge
from .sent import DELETE, Sent
from .snapshots import Shown, Typed

NOTHING = "nothing"
GONE = "removed"


@dataclass(frozen=True)
class Question:
    """One conflict in words.

    Args:
        name: what the answer is called in the form.
        what: the field or the row that it is about.
        seen: mark of what "theirs" says, so that an answer is never taken for another question.
        keep, take: what the two choices say.
    """

    name: str
    what: str
    opened: str
    theirs: str
    mine: str
    keep: str
    take: str
    seen: str


def questions_of(merge: Merge, places: dict[int, str], refers: dict[str, dict[str, str]]) -> list[Question]:
    """Put the open conflicts of a merge in words.

    Args:
        places: where each row stands in the form that asks, by ``id()``.
        refers: what the references to other rows of the form read, by inline and token.
    """
    return [_question(conflict, places.get(id(conflict.sent), ""), refers) for conflict in merge.conflicts]


def _question(conflict: Conflict, place: str, refers: dict) -> Question:
    name = conflict.asked_as(place)
    if conflict.name and conflict.name != DELETE:
        shown = conflict.theirs.form.fields[conflict.name]
        what = capfirst(str(shown.label or conflict.name))
        if conflict.part:
            row = called(conflict.theirs)
            what = f"{capfirst(conflict.part.noun)}{f' “{row}”' if row else ''}: {what.lower()}"
        states = [state and state.values[conflict.name] for state in (conflict.opened, conflict.theirs)]
        opened, theirs = (
            "not known" if value is None else in_words(shown, value, refers) for value in states
        )
        mine = in_words(shown, conflict.sent.value(conflict.name, shown), refers)
        if conflict.sent.files.get(conflict.name):
            mine = f"{conflict.sent.files[conflict.name][-1].name} (choose it again)"
        return Question(name, what, opened, theirs, mine, "Keep theirs", "Take mine", conflict.seen)
    row = conflict.theirs or conflict.opened
    noun = capfirst(conflict.part.noun)
    what = f"{noun} “{called(row)}”" if row and called(row) else noun
    opened = summary(conflict.opened) if conflict.opened else "not known"
    theirs = summary(conflict.theirs) if conflict.theirs else GONE
    if conflict.name == DELETE:
        return Question(name, what, opened, theirs, GONE, "Keep the row", "Remove it", conflict.seen)
    mine = _typed_summary(conflict.sent, conflict.part.formset.form())
    return Question(
        name, what, opened, theirs, mine, "Leave it removed", "Put it back as I typed it", conflict.seen
    )


def called(row: Shown) -> str:
    """What tells a row from its neighbours: the first thing that it names."""
    for name, value in row.values.items():
        if value and not getattr(row.form.fields[name], "rows", ""):
            return in_words(row.form.fields[name], value, {})[:80]
    return ""


def summary(row: Shown) -> str:
    """All of a row in one line."""
    return _joined((row.form.fields[name], value) for name, value in row.values.items()) or NOTHING


def _typed_summary(sent: Sent, form: BaseForm) -> str:
    own = ((field, sent.value(name, field)) for name, field in form.fields.items())
    return _joined(own) or NOTHING


def _joined(values) -> str:
    shown = (
        f"{field.label or ''}: {in_words(field, value, {})}"
        for field, value in values
        if value and not getattr(field, "rows", "")
    )
    return " · ".join(shown)[:600]


def in_words(shown: Field, value: Typed, refers: dict[str, dict[str, str]]) -> str:
    """What was typed as a person reads it: names, not keys; only those that the form may name."""
    if other := getattr(shown, "rows", ""):
        return ", ".join(refers.get(other, {}).get(token, GONE) for token in value) or NOTHING
    if isinstance(shown.widget, CheckboxInput):
        return "yes" if value else "no"
    if isinstance(shown, ModelChoiceField):
        return ", ".join(_names(shown, value)) or NOTHING
    if not isinstance(shown, FileField) and getattr(shown, "choices", None):
        labels = {str(key): str(label) for key, label in _flat(shown.choices)}
        return ", ".join(labels.get(item, item) for item in value) or NOTHING
    return " ".join(value) or NOTHING


def _names(shown: ModelChoiceField, value: Typed) -> list[str]:
    try:
        rows = {str(row.pk): str(row) for row in shown.queryset.filter(pk__in=value)}
    except (ValueError, TypeError):
        rows = {}
    return [rows.get(item, HIDDEN) for item in value]


def _flat(choices):
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
