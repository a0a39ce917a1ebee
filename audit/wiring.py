"""The words in which `config/wiring.py` is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Names = Sequence[str]


@dataclass(frozen=True)
class Reactions:
    """What follows from a fact: dotted names of functions that take the entry.

    now: in the same transaction, database only. later: by the worker, at least once, so idempotent.
    news: as later, but only while it is news: a replayed fact that is older than a week tells nobody.
    """

    now: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    news: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.now, *self.later, *self.news)


@dataclass(frozen=True)
class Every:
    """How often a sweep runs. The function takes `now`; `seconds` below 60 are run by the worker's own ticker.

    hour: of the first run, in UTC; None: at once.
    """

    seconds: int
    hour: int | None = None


def on(*, now: Names = (), later: Names = (), news: Names = ()) -> Reactions:
    """Reactions to a fact."""
    return Reactions(tuple(now), tuple(later), tuple(news))


def every(*, minutes: int = 0, seconds: int = 0) -> Every:
    """A schedule."""
    return Every(minutes * 60 + seconds)


def nightly(*, hour: int) -> Every:
    """Once a day at an hour in UTC, for what may take minutes."""
    return Every(24 * 3600, hour)


nothing = Reactions()
