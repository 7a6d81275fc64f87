"""The plan for one row, and how it is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from partnerships.choices import RowKind
from partnerships.models import Agreement, ImportParty, ImportRow, Source

from .cells import Facts, Reason

#: Columns of an agreement that name another record, and the name of the relation.
REFERENCES = {"signed_country_id": "signed_country", "event_id": "event"}


@dataclass
class Plan:
    """What one row does."""

    row: ImportRow
    facts: Facts
    agreement: Agreement | None = None
    kind: str = RowKind.NEW.value
    reasons: list[Reason] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)
    #: Columns of the agreement that differ, with what they shall be.
    columns: dict[str, Any] = field(default_factory=dict)
    parties: list[tuple[ImportParty, str, str]] = field(default_factory=list)
    source: Source | None = None
    focus_areas: list[int] = field(default_factory=list)
    identifier: str = ""
    named: list[int] = field(default_factory=list)

    def refuse(self, reasons: Iterable[Reason]) -> "Plan":
        self.reasons += reasons
        self.kind = RowKind.REFUSED.value
        return self


def near(target: str, reader) -> str:
    """The column to name where a fault lies between two facts, or in one that no column states."""
    for other in ("ends_on", "title", "source_url", "source_title", "identifier"):
        if other in reader.places:
            return other
    return "title"


def in_words(record: Agreement, name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if name in REFERENCES:
        return str(getattr(record, REFERENCES[name]))
    display = getattr(record, f"get_{name}_display", None)
    if display:
        return str(display())
    return ", ".join(value) if isinstance(value, list) else str(value)
