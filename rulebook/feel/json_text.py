"""JSON without loss: decimals keep every digit, dates and durations are their ISO texts."""

import json
from decimal import Decimal
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.feel.literals import write_number, write_value
from rulebook.feel.values import Function, Interval
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def read_json(text: str) -> Any:
    """JSON with its numbers as decimals. Raises ValueError (json.JSONDecodeError where the text is at fault)."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None


def _refuse(name: str) -> Any:
    raise ValueError(f"Expected a number, but got {name}.")


def write_json(value: Any) -> str:
    """A value of the language as JSON; the digits of a number are written as they are."""
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, dict):
        entries = (f"{json.dumps(str(key), ensure_ascii=False)}: {write_json(item)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(write_json, value)) + "]"
    if isinstance(value, Interval):
        raise FeelError(Said(_("An interval has no JSON; take its start and end.")))
    if isinstance(value, Function):
        raise FeelError(Said(_("A function has no JSON; call it.")))
    return json.dumps(write_value(value))
