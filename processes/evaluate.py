"""Process variables seen by the expression language, and the evaluator that the engine is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from rulebook.feel import Expression, Vocabulary, compile_expression

WITH_A_CLOCK = Vocabulary(has_clock=True)  # that of the step: the same moment whenever the step is replayed


def compiled(text: str) -> Expression:
    """An expression of a process; now() and today() are those of the step. Raises FeelError."""
    return compile_expression(text, words=WITH_A_CLOCK)


def evaluate(text: str, variables: Mapping[str, Any], now: datetime) -> Any:
    """The value of an expression over process variables at a moment. Raises FeelError."""
    return compiled(text).evaluate(Facts(variables), now)


class Facts(Mapping[str, Any]):
    """Process variables as FEEL values, each made when it is read: an expression reads few of them."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> Any:
        return value_of(self._variables[name])

    def __contains__(self, name: object) -> bool:
        return name in self._variables

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


def value_of(value: Any) -> Any:
    """A JSON value as a FEEL value: money becomes its number, a JSON fraction an exact decimal."""
    if isinstance(value, Mapping):
        if set(value) == {"amount", "currency"}:
            return Decimal(value["amount"])
        return {name: value_of(item) for name, item in value.items()}
    if isinstance(value, list):
        return [value_of(item) for item in value]
    if isinstance(value, float):
        return Decimal(str(value))
    return value
