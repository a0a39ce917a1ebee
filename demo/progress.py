"""Telling how far a long build is: a line every few seconds, with percent and the time that is left."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from demo.history import Progress

Tell = Callable[[str], None]
EVERY_SECONDS = 3.0


class Meter:
    """Turns progress of the history into lines."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.began = self.last = monotonic()

    def __call__(self, progress: Progress) -> None:
        """A line, when the last one is old enough."""
        now = monotonic()
        if now - self.last < EVERY_SECONDS:
            return
        self.last = now
        left = (now - self.began) * (1 - progress.share) / max(progress.share, 0.001)
        reached = f"{progress.reached:%Y-%m-%d}"
        self.tell(f"  {progress.share:4.0%}  {reached}  {progress.orders:5d} orders  about {spoken(left)} left")

    def done(self, what: str) -> None:
        """The closing line."""
        self.tell(f"{what} in {spoken(monotonic() - self.began)}.")


def spoken(seconds: float) -> str:
    """A duration as one says it: "40 s", "3 min 20 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
