"""A condition (`x-tl.show_if`, FEEL) as one other question and its answers, as a page can follow it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rulebook.feel import Expression, FeelError, compile_expression


def shown_when(schema: Mapping[str, Any], condition: str) -> dict[str, Any] | None:
    """`{"driver": field, "values": [as posted]}`, found by trying out the driver's answers one by one.

    None where there is no condition, or one that hangs on more than one field with few answers.
    """
    expression = _compiled(condition)
    if expression is None or len(expression.names) != 1:
        return None
    (driver,) = expression.names
    about = schema.get("properties", {}).get(driver, {})
    values = about.get("enum") or ([True, False] if about.get("type") == "boolean" else [])
    fitting = [_posted(value) for value in values if _holds(expression, {driver: value})]
    return {"driver": driver, "values": fitting} if values else None


def _holds(expression: Expression, answers: Mapping[str, Any]) -> bool:
    try:
        return expression.evaluate(answers) is True
    except FeelError:
        return False


def _posted(value: Any) -> str:
    """A value as a browser posts it; an unticked box posts nothing."""
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)


@lru_cache(maxsize=500)
def _compiled(text: str) -> Expression | None:
    if not text:
        return None
    try:
        return compile_expression(text)
    except FeelError:
        return None
