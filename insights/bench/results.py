"""What a benchmark says, in the shape of the command's contract."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from math import ceil
from statistics import median
from typing import Any

DIGITS = 4  # a step of the engine takes hundredths of a millisecond
PER_SECOND = "/s"  # ends the unit of a rate; all others are times
GROWTH = 4 / 3  # what must not depend on size may grow by at most a third


@dataclass(frozen=True)
class Run:
    """One measurement: what was measured, at which size, and its figures in milliseconds or per second."""

    what: str
    size: int
    median: float
    p95: float | None = None


@dataclass(frozen=True)
class PeerFigure:
    """Another engine that did the same work in the same run."""

    name: str
    version: str
    median: float


@dataclass(frozen=True)
class Result:
    """A benchmark's figures. limit: what ours is held against; ratio: ours divided by the limit's median.

    peer: who did the same; then the ratio says how many times as fast we are, whether times or rates are given.
    """

    name: str
    size: int
    unit: str
    ours: float
    runs: list[Run] = field(default_factory=list)
    limit_what: str = ""
    limit: float | None = None
    peer: PeerFigure | None = None

    @property
    def ratio(self) -> float | None:
        if self.peer:
            times = self.peer.median / self.ours
            return round(1 / times if self.unit.endswith(PER_SECOND) else times, 3)
        return round(self.ours / self.limit, 3) if self.limit else None

    def as_json(self) -> dict[str, Any]:
        """The command's JSON."""
        return {
            "name": self.name,
            "size": self.size,
            "ours": {"median": round(self.ours, DIGITS), "unit": self.unit},
            "peer": asdict(self.peer) | {"median": round(self.peer.median, DIGITS)} if self.peer else None,
            "ratio": self.ratio,
            "limit": {"what": self.limit_what, "median": round(self.limit, 3)} if self.limit else None,
            "runs": [asdict(run) for run in self.runs],
        }


def measured(what: str, size: int, milliseconds: list[float]) -> Run:
    """Median and 95th percentile (nearest rank) of the times taken."""
    ranked = sorted(milliseconds)
    p95 = ranked[ceil(len(ranked) * 0.95) - 1]
    return Run(what, size, round(median(ranked), DIGITS), round(p95, DIGITS))
