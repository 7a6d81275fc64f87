"""What a run has measured, as text and as the table of the documentation."""

import platform
import statistics
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .load import Measured
from .questions import LIMIT, OURS, PLAIN, SERVERS


@dataclass
class Cell:
    """All slots of one request, one server and one concurrency."""

    slots: list[Measured] = field(default_factory=list)

    @property
    def milliseconds(self) -> list[float]:
        return sorted(one for slot in self.slots for one in slot.milliseconds)

    def percentile(self, share: float) -> float:
        times = self.milliseconds
        return times[min(len(times) - 1, int(share * len(times)))]

    @property
    def rate(self) -> float:
        """Requests per second: the median of the slots, so that one disturbed slot decides nothing."""
        return statistics.median(len(slot.milliseconds) / slot.seconds for slot in self.slots)

    @property
    def size(self) -> int:
        return round(sum(slot.bytes for slot in self.slots) / len(self.milliseconds))


Cells = dict[tuple[str, str, int], Cell]


def machine() -> str:
    """What the figures were measured on, as far as it can be found out."""
    facts = [platform.machine(), f"Python {platform.python_version()}"]
    with Path("/proc/cpuinfo").open() as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    memory = Path("/proc/meminfo").read_text().split()[1]
    return ", ".join([f"{len(models)} × {models[0]}", f"{int(memory) / 2**20:.0f} GiB", *facts])


def text(title: str, key: str, concurrency: int, cells: Cells) -> str:
    """One request at one concurrency: a line a server, and the ratios of ours."""
    lines = []
    for server in SERVERS:
        cell = cells[key, server, concurrency]
        lines.append(
            f"{title if server == PLAIN else '':<36}{concurrency if server == PLAIN else '':>3}  {server:<10}"
            f"{cell.percentile(0.5):>9.1f}{cell.percentile(0.99):>9.1f}{cell.rate:>10.1f}{cell.size:>9,}"
            f"{len(cell.milliseconds):>8,}{_ratios(key, concurrency, cells) if server == OURS else ''}"
        )
    return "\n".join(lines)


HEAD = (
    f"{'request':<36}{'at':>3}  {'server':<10}{'p50 ms':>9}{'p99 ms':>9}{'per s':>10}{'bytes':>9}{'asked':>8}"
    f"{'/ DRF':>9}{'/ limit':>9}"
)


def _ratios(key: str, concurrency: int, cells: Cells) -> str:
    against_plain, against_limit = ratios(key, concurrency, cells)
    return f"{against_plain:>9.1f}{against_limit:>9.2f}"


def ratios(key: str, concurrency: int, cells: Cells) -> tuple[float, float]:
    """Requests per second of ours against the baseline and against the limit."""
    ours = cells[key, OURS, concurrency].rate
    return ours / cells[key, PLAIN, concurrency].rate, ours / cells[key, LIMIT, concurrency].rate


def markdown(titles: dict[str, str], agreements: int, seed: int, cells: Cells) -> str:
    """The table of ``docs/performance.md``."""
    lines = [
        f"{agreements:,} agreements (seed {seed}), {date.today():%-d %B %Y}; {machine()}.",
        "",
        "| request | at | plain DRF: p50 · p99 · per s | Entente: p50 · p99 · per s · bytes | limit: per s "
        "| against DRF | against the limit |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, title in titles.items():
        for concurrency in (1, 8):
            plain, ours, limit = (cells[key, server, concurrency] for server in SERVERS)
            against_plain, against_limit = ratios(key, concurrency, cells)
            lines.append(
                f"| {title} | {concurrency} | {_times(plain)} | {_times(ours)} · {ours.size:,} "
                f"| {limit.rate:,.0f} | {against_plain:.1f} × | {against_limit:.2f} × |"
            )
    return "\n".join(lines)


def _times(cell: Cell) -> str:
    return f"{cell.percentile(0.5):,.1f} · {cell.percentile(0.99):,.1f} · {cell.rate:,.1f}"
