"""Three states made one: as the form was opened, as the record stands, and as it was sent.

What only one of the two changed is taken from that one. Where both changed the same thing to
something else, a choice that came with the form decides, or the second is asked (``Conflict``).
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db.models import UniqueConstraint
from django.forms import FileField

from .parts import Part
from .sent import DELETE, Sent
from .snapshots import Shown, Typed

THEIRS, MINE = "theirs", "mine"


@dataclass
class Conflict:
    """One question.

    Args:
        sent: the row that it is about, or the record.
        name: the field; ``DELETE`` for a row that one removed and the other changed; empty for a
            row that somebody else removed.
        part: the inline of the row, None for the record itself.
        opened, theirs: the row in these states, None where it did not stand or is not known.
    """

    sent: Sent
    name: str
    part: Part | None
    opened: Shown | None
    theirs: Shown | None
    seen: str

    def asked_as(self, place: str) -> str:
        """What the answer is called in the form.

        Args:
            place: the prefix of the row in the form that asks.
        """
        return "-".join(filter(None, (place, self.name))) or "record"


@dataclass
class Answers:
    """Choices that came with a form: by place, each with what the person saw when choosing."""

    chosen: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)

    def to(self, conflict: Conflict) -> str:
        """``theirs``, ``mine``, or nothing where nobody was asked, or was asked about something else."""
        place = conflict.asked_as(conflict.sent.place)
        return self.chosen.get(place, "") if self.seen.get(place) == conflict.seen else ""

    def was_asked(self, place: str) -> bool:
        return place in self.seen


class Merge:
    """Brings what was sent in step with the record as it stands; ``conflicts`` is what remains open.

    Args:
        opened: what the form showed when it was opened; None where that is not known for certain.
            Then every difference is asked about.
        theirs: the record as it stands.
    """

    def __init__(self, opened: Shown | None, theirs: Shown, sent: Sent, parts: list[Part], answers: Answers):
        self.answers = answers
        self.conflicts: list[Conflict] = []
        self._fields(None, opened, theirs, sent)
        self._parts(parts, opened, theirs, sent)

    def _fields(self, part: Part | None, opened: Shown | None, theirs: Shown, sent: Sent) -> None:
        for name, shown in theirs.form.fields.items():
            if name not in theirs.values:
                continue
            if opened is not None and opened.values[name] == theirs.values[name]:
                continue
            same = opened is not None and not sent.differs(name, opened)
            if isinstance(shown, FileField) and name not in sent.files:
                continue
            if same:
                sent.put(name, shown, theirs.values[name])
            elif sent.differs(name, theirs):
                question = Conflict(sent, name, part, opened, theirs, mark(theirs.values[name]))
                self._decide(
                    question, lambda name=name, shown=shown: sent.put(name, shown, theirs.values[name])
                )

    def _parts(self, parts: list[Part], opened: Shown | None, theirs: Shown, sent: Sent) -> None:
        for part in parts:
            if part.name in sent.rows:
                self._rows(part, opened, theirs, sent)

    def _rows(self, part: Part, opened: Shown | None, theirs: Shown, sent: Sent) -> None:
        rows, kept = sent.rows[part.name], []
        known = {row.key for row in rows if row.key}
        added = [row for row in theirs.rows.get(part.name, ()) if row.key not in known]
        for row in rows:
            before = opened.row(part.name, row.key) if opened and row.key else None
            stands = theirs.row(part.name, row.key) if row.key else None
            if stands is not None:
                self._standing_row(part, before, stands, row)
                kept.append(row)
            elif row.key:
                kept += self._removed_by_them(part, before, row)
            elif twin := _twin(part, row, added):
                added.remove(twin)
                row.key = twin.key
                self._standing_row(part, None, twin, row)
                kept.append(row)
            else:
                kept += self._new_row(part, row)
        sent.rows[part.name] = kept + [_as_sent(part, row) for row in added]

    def _standing_row(self, part: Part, opened: Shown | None, theirs: Shown, sent: Sent) -> None:
        if not sent.removed:
            self._fields(part, opened, theirs, sent)
            self._parts(part.below, opened, theirs, sent)
            return
        changed = opened.digest() != theirs.digest() if opened else _says_else(part, sent, theirs)
        if changed:
            question = Conflict(sent, DELETE, part, opened, theirs, mark(theirs.digest()))
            self._decide(question, lambda: sent.typed.pop(DELETE, None))

    def _removed_by_them(self, part: Part, opened: Shown | None, sent: Sent) -> list[Sent]:
        """A row that stood in the form and is gone: it stays gone unless something was typed into it."""
        if sent.removed or (opened is not None and not _says_else(part, sent, opened)):
            return []
        question = Conflict(sent, "", part, opened, None, "gone")
        sent.anew()
        return [sent] if self._decide(question, lambda: None) else []

    def _new_row(self, part: Part, sent: Sent) -> list[Sent]:
        """A new row of the person's own; or one that somebody removed, asked about and not answered yet."""
        if not self.answers.was_asked(sent.place):
            return [sent]
        return [sent] if self._decide(Conflict(sent, "", part, None, None, "gone"), lambda: None) else []

    def _decide(self, question: Conflict, take_theirs: Callable[[], object]) -> bool:
        """Follow the answer, or keep the question. Return whether the person's own version stays."""
        answer = self.answers.to(question)
        if answer == THEIRS:
            take_theirs()
            return False
        if answer != MINE:
            self.conflicts.append(question)
        return True


def mark(value: Typed | str) -> str:
    """A short mark of what a person saw."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]


def _says_else(part: Part, sent: Sent, other: Shown) -> bool:
    """Whether a row or one below it was changed against a state."""
    if any(sent.differs(name, other) for name in other.values) or any(sent.files.values()):
        return True
    for inner in part.below:
        for row in sent.rows.get(inner.name, ()):
            stood = other.row(inner.name, row.key) if row.key else None
            if (
                row.removed
                or (stood is None and not row.is_empty())
                or (stood and _says_else(inner, row, stood))
            ):
                return True
    return False


def _twin(part: Part, sent: Sent, added: list[Shown]) -> Shown | None:
    """The row that somebody else added and that is, by the rules of its table, the same as a new one."""
    for names in _unique_together(part):
        for row in added:
            own = {name: sent.value(name, row.form.fields[name]) for name in names if name in row.form.fields}
            if own and all(value and value == row.values.get(name) for name, value in own.items()):
                return row
    return None


def _unique_together(part: Part) -> Iterator[list[str]]:
    for constraint in part.trail.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and part.trail.link in constraint.fields:
            yield [name for name in constraint.fields if name != part.trail.link]


def _as_sent(part: Part, row: Shown) -> Sent:
    """A row that stands, as if nobody had touched it."""
    sent = Sent(key=row.key)
    for name, value in row.values.items():
        if not isinstance(row.form.fields[name], FileField):
            sent.put(name, row.form.fields[name], value)
    sent.rows = {
        inner.name: [_as_sent(inner, below) for below in row.rows.get(inner.name, ())] for inner in part.below
    }
    return sent
