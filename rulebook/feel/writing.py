"""Values written as the expressions that they are read from."""

import json
from datetime import date, datetime
from typing import Any

from rulebook.feel.literals import write_value


def as_expression(value: Any) -> str:
    """A value of a table's column as FEEL: `"team_lead"`, `["a", "b"]`, `date("2026-11-22")`, `500000`, `null`."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_expression, value)) + "]"
    if isinstance(value, date) and not isinstance(value, datetime):
        return f'date("{value.isoformat()}")'
    if value is None or isinstance(value, bool) or not hasattr(value, "isoformat"):
        return write_value(value)
    return f'@"{write_value(value)}"'
