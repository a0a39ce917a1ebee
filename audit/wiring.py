"""The words in which `config/wiring.py` is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reactions:
    """What follows from a fact: dotted names of functions that take the entry.

    now: in the same transaction, database only. later: by the worker, at least once, so idempotent.
    """

    now: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


@dataclass(frozen=True)
class Every:
    """How often a sweep runs. The function takes `now`; `seconds` below 60 are run by the worker's own ticker."""

    seconds: int


def on(*, now: tuple[str, ...] | list[str] = (), later: tuple[str, ...] | list[str] = ()) -> Reactions:
    """Reactions to a fact."""
    return Reactions(tuple(now), tuple(later))


def every(*, minutes: int = 0, seconds: int = 0) -> Every:
    """A schedule."""
    return Every(minutes * 60 + seconds)


nothing = Reactions()
