"""What the engine asks its caller: values of expressions, answers of decisions, times of business calendars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Evaluate = Callable[[str, Mapping[str, Any], datetime], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision says: one object of outputs for each row that counts; single: its hit policy gives one.

    reasons: what decided and why, as plain values for the record; the engine only passes them on.
    """

    rows: Sequence[Mapping[str, Any]]
    single: bool = True
    reasons: Mapping[str, Any] = field(default_factory=dict)


def _go_on() -> None:
    """There is time."""


@dataclass(slots=True)
class Outside:
    """evaluate(text, variables, now) gives the value of a FEEL expression; decide(key, variables) the Answer of a table
    or model; due(calendar, start, duration) a moment. Each raises where it cannot. go_on() is asked at each move of a
    token and each look of a join, and raises where the step has lasted too long."""

    evaluate: Evaluate
    decide: Callable[[str, Mapping[str, Any]], Answer] | None = None
    due: Callable[[str, datetime, str], datetime] | None = None
    go_on: Callable[[], None] = _go_on

    @classmethod
    def of(cls, given: Evaluate | Outside) -> Outside:
        """Itself, or one that can only evaluate."""
        return given if isinstance(given, Outside) else cls(given)
