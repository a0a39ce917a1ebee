"""What the engine asks its caller: values of expressions, answers of decision tables, times of business calendars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Evaluate = Callable[[str, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision table says: one object of outputs for each row that counts; single: its hit policy gives one."""

    rows: Sequence[Mapping[str, Any]]
    single: bool = True


@dataclass(frozen=True, slots=True)
class Outside:
    """evaluate(text, variables) gives the value of a FEEL expression; decide(table, variables) an Answer;
    due(calendar, start, duration) a moment. Each raises where it cannot."""

    evaluate: Evaluate
    decide: Callable[[str, Mapping[str, Any]], Answer] | None = None
    due: Callable[[str, datetime, str], datetime] | None = None

    def __call__(self, text: str, variables: Mapping[str, Any]) -> Any:
        """The value of an expression."""
        return self.evaluate(text, variables)

    @classmethod
    def of(cls, given: Evaluate | Outside) -> Outside:
        """Itself, or one that can only evaluate."""
        return given if isinstance(given, Outside) else cls(given)
