"""Process variables seen by the expression language, and the evaluator that the engine is given."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rulebook.feel import compile_expression


def evaluate(text: str, variables: Mapping[str, Any]) -> Any:
    """The value of an expression over process variables. Raises FeelError."""
    return compile_expression(text).evaluate({name: value_of(value) for name, value in variables.items()})


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
