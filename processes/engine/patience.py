"""How much real time a run in memory may take: virtual time costs none, but what happens in it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from processes.engine.simulate import StepRefused

MAX_SECONDS = 10


def _stands_still() -> float:
    return 0.0


@dataclass(slots=True)
class Patience:
    """clock: the caller's, in seconds; by default it stands still, so that only counts bound the run."""

    clock: Callable[[], float] = _stands_still
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """From now on there are `MAX_SECONDS` again."""
        self.until = self.clock() + MAX_SECONDS

    def check(self) -> None:
        """Raises StepRefused when they are over."""
        if self.clock() > self.until:
            raise StepRefused(f"Expected a step that comes to rest within {MAX_SECONDS} seconds, but it still moves.")
