"""What is still to happen, in the order of its time."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

What = Callable[[datetime], None]


class Timeline:
    """A heap of (time, what); things of one time happen in the order in which they were put down."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self._heap: list[tuple[datetime, int, What]] = []
        self._numbers = count()

    def at(self, when: datetime, what: What) -> None:
        """Put down what is to happen; what lies after the end never does."""
        if when < self.until:
            heapq.heappush(self._heap, (when, next(self._numbers), what))

    def next_time(self) -> datetime | None:
        """When the next thing happens."""
        return self._heap[0][0] if self._heap else None

    def happen(self) -> datetime:
        """Let the next thing happen; returns its time."""
        when, _number, what = heapq.heappop(self._heap)
        what(when)
        return when
