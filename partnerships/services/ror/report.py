"""What an import did, and what it refused and why."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record, or one relation of a record, that was not taken.

    ``position`` counts the records of the file from 1; ``what`` is ``record`` or ``relation``.
    """

    what: str
    position: int | None
    ror_id: str | None
    reason: str

    def __str__(self) -> str:
        place = f"record {self.position:,}" if self.position else "relations"
        return f"{place} ({self.ror_id or 'without id'}): {self.reason}"

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(slots=True)
class Report:
    """The figures of one import.

    ``outcomes`` holds ``added``, ``changed`` or ``unchanged`` for each ROR id that was taken;
    ``on_refusal`` hears of every refusal at once, so that none has to be kept.
    """

    on_refusal: Callable[[Refusal], None] | None = None
    read: int = 0
    outcomes: dict[str, str] = field(default_factory=dict)
    refused: Counter = field(default_factory=Counter)
    withdrawn: int = 0
    newly_withdrawn: int = 0
    adopted: int = 0
    not_in_file: int = 0
    links_added: int = 0
    links_removed: int = 0
    links_waiting: int = 0

    def count(self, outcome: str) -> int:
        return sum(1 for found in self.outcomes.values() if found == outcome)

    def refuse(self, what: str, ror_id: str | None, reason: str, position: int | None = None) -> None:
        self.refused[what] += 1
        if self.on_refusal:
            self.on_refusal(Refusal(what, position, ror_id, reason))

    def mark_changed(self, ror_id: str) -> None:
        """A record that looked unchanged has another relation than before."""
        if self.outcomes.get(ror_id) == "unchanged":
            self.outcomes[ror_id] = "changed"

    def lines(self) -> list[str]:
        """The summary that a person reads."""
        figures = ", ".join(f"{self.count(name):,} {name}" for name in ("added", "changed", "unchanged"))
        return [
            f"{self.read:,} records read: {figures}, {self.refused['record']:,} refused.",
            f"Withdrawn by ROR: {self.withdrawn:,} of them, {self.newly_withdrawn:,} since the last import.",
            f"Relations: {self.links_added:,} added, {self.links_removed:,} removed, "
            f"{self.refused['relation']:,} refused; {self.links_waiting:,} wait for an institution "
            "that is not here yet.",
            f"Typed by hand and now kept in step with ROR: {self.adopted:,}. "
            f"With a ROR id but not in this file, left as they are: {self.not_in_file:,}.",
        ]
