from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """What a load added, what it found and used, what it left alone; by kind, each by its name."""

    added: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    reused: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    left_alone: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the report as a person would tell it."""
        told = [f"Added, with the reason “demo record”: {_counted(self.added) or 'nothing'}."]
        told += [f"  + {title}" for title in self.added.get("agreements", ())]
        for kind, names in self.reused.items():
            told.append(f"Found in the registry and used ({kind}): {', '.join(names)}.")
        if self.left_alone:
            told.append(f"Agreements left alone, because they were loaded before: {len(self.left_alone)}.")
        return told


def _counted(kinds: dict[str, list[str]]) -> str:
    return ", ".join(f"{kind}: {len(names)}" for kind, names in sorted(kinds.items()))
