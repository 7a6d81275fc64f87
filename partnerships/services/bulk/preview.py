"""What would happen to each record of a selection, before anything does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError

from partnerships.choices import BulkOutcome
from partnerships.models import Agreement, BulkItem, BulkRun

from .changes import Changes, Difference
from .doing import EDIT, UNDO, Doing, in_words, refuse_if_written_since

#: The most records of one run, and the most whose every rule is tried out beforehand.
MOST, TRIED_OUT = 5000, 200
_CHUNK = 500


@dataclass
class Row:
    """One record of a preview."""

    agreement: Agreement
    differences: list[Difference] = field(default_factory=list)
    refusal: str = ""
    unchanged: bool = False

    @property
    def goes(self) -> bool:
        """True where it will be done."""
        return not self.refusal and not self.unchanged


@dataclass
class Preview:
    """The rows of a selection, in its order."""

    rows: list[Row]
    #: False where there are so many that the rules of the database are asked only when it is done.
    tried_out: bool

    @property
    def going(self) -> list[Row]:
        return [row for row in self.rows if row.goes]

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.refusal]

    @property
    def unchanged(self) -> list[Row]:
        return [row for row in self.rows if row.unchanged]

    @property
    def selection(self) -> list[tuple[int, datetime]]:
        """Key and moment of last change of what will be done."""
        return [(row.agreement.pk, row.agreement.updated_at) for row in self.going]


def preview(*, doing: Doing, keys: Sequence[int], undoes: BulkRun | None = None) -> Preview:
    """Say for each of the records ``keys`` what ``doing`` would do, and what would refuse it.

    Statements: a fixed number for each 500 records; up to ``TRIED_OUT`` of them each record is
    also done for a trial and taken back, so that every rule has spoken.

    Args:
        undoes: the run that is taken back; each record then has its own change.
    """
    items = undone_items(undoes) if undoes else {}
    if undoes:
        doing.changes = Changes(*(item.before for item in items.values()))
    tried_out = len(keys) <= TRIED_OUT
    rows = []
    for agreement in _fetched(doing, keys):
        item = items.get(agreement.pk)
        row = _judged(doing, agreement, item)
        if tried_out and row.goes:
            own, after = (item.before, item.after) if item else (None, None)
            row.refusal = doing.refusal(agreement, own, after)
        rows.append(row)
    return Preview(rows, tried_out)


def undone_items(run: BulkRun) -> dict[int, BulkItem]:
    """What a run changed, by record."""
    done = run.items.filter(outcome=BulkOutcome.DONE, before__isnull=False, agreement__isnull=False)
    return {item.agreement_id: item for item in done}


def _fetched(doing: Doing, keys: Sequence[int]) -> Iterator[Agreement]:
    """The records that the user may see, in the order of ``keys``."""
    rows = Agreement.objects.visible_to(doing.by).select_related("event", "office")
    if doing.act in (EDIT, UNDO):
        rows = rows.prefetch_related("subjects__focus_area")
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        found = rows.in_bulk(chunk)
        yield from (found[key] for key in chunk if key in found)


def _judged(doing: Doing, agreement: Agreement, item: BulkItem | None) -> Row:
    row = Row(agreement, refusal=doing.objection(agreement))
    if row.refusal:
        return row
    try:
        refuse_if_written_since(agreement, item.after if item else None)
        planned = doing.plan(agreement, item.before if item else None)
    except ValidationError as error:
        row.refusal = in_words(error)
        return row
    if planned is not None:
        row.differences, row.unchanged = planned.differences, not planned.facts
    return row
