"""Values of expressions as the JSON that a state may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

MAX_DEPTH = 100
MAX_DIGITS = 300
MAX_NAMES = 10
PATH = re.compile(rf"[^\W\d]\w*(?:\.[^\W\d]\w*){{1,{MAX_NAMES - 1}}}")


def as_json(value: Any, depth: int = 0) -> Any:
    """The value with decimals as numbers, moments and durations as ISO text. Raises ValueError for anything else."""
    if depth > MAX_DEPTH:
        raise ValueError(f"Expected at most {MAX_DEPTH} levels in a value.")
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() > MAX_DIGITS:
            raise ValueError(f"Expected a number of at most {MAX_DIGITS} digits.")
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError("Expected a finite number.")
        return value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return iso_duration(value)
    if isinstance(value, Mapping):
        return {str(name): as_json(item, depth + 1) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item, depth + 1) for item in value]
    months = getattr(value, "months", None)
    if isinstance(months, int):
        return f"{'-' if months < 0 else ''}P{abs(months) // 12}Y{abs(months) % 12}M"
    raise ValueError(f"Expected a value that can be kept, but it is a {type(value).__name__}.")


def path_of(target: str) -> list[str]:
    """The names of a target such as `a.b`: the part `b` of the variable `a`; any other text is one name."""
    return target.split(".") if PATH.fullmatch(target) else [target]


def placed(held: Any, names: Sequence[str], value: Any) -> Any:
    """A value with one of its parts replaced, by the names that lead to it; what has no parts is replaced whole."""
    if not names:
        return value
    parts = held if isinstance(held, Mapping) else {}
    return {**parts, names[0]: placed(parts.get(names[0]), names[1:], value)}


def iso_duration(value: timedelta) -> str:
    """An ISO 8601 duration of days and seconds."""
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    seconds = Decimal(value.seconds) + Decimal(value.microseconds) / 1_000_000
    clock = f"T{seconds.normalize():f}S" if seconds else ""
    return f"{sign}P{value.days}D{clock}"


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same as JSON has them: true is not 1."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
