"""Built-in functions on texts. Positions count from 1; a negative one counts from the end."""

from decimal import Decimal as D
from typing import Any

from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import DECIMAL128, Steps
from rulebook.feel.literals import write_value
from rulebook.feel.patterns import searches
from rulebook.feel.values import Interval, checked_text


@builtin("string length", "string", str)
def string_length(steps: Steps, text: str) -> D:
    """How many characters a text has."""
    return D(len(text))


@builtin("upper case", "string", str)
def upper_case(steps: Steps, text: str) -> str:
    """The text in capitals."""
    return checked_text(text.upper())


@builtin("lower case", "string", str)
def lower_case(steps: Steps, text: str) -> str:
    """The text in small letters."""
    return checked_text(text.lower())


@builtin("substring", "string, start position, length", str, D, D, required=2)
def substring(steps: Steps, text: str, start: D, length: D | None = None) -> str | None:
    """A part of a text; null for a start outside it."""
    place = _whole(start)
    count = len(text) if length is None else _whole(length)
    if place is None or count is None or place == 0 or abs(place) > len(text) or count < 1:
        return None
    first = place - 1 if place > 0 else len(text) + place
    return text[first : first + count]


def _whole(value: D) -> int | None:
    return int(value) if abs(value) < 10**9 else None


@builtin("substring before", "string, match", str, str)
def substring_before(steps: Steps, text: str, match: str) -> str:
    """What stands before the first place of a text in another; empty where it isn't found."""
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string, match", str, str)
def substring_after(steps: Steps, text: str, match: str) -> str:
    """What stands after the first place of a text in another; empty where it isn't found."""
    return text.partition(match)[2] if match else text


@builtin("contains", "string, match", str, str)
def contains(steps: Steps, text: str, match: str) -> bool:
    """Whether a text stands somewhere in another."""
    return match in text


@builtin("starts with", "string, match", str, str)
def starts_with(steps: Steps, text: str, match: str) -> bool:
    """Whether a text begins with another."""
    return text.startswith(match)


@builtin("ends with", "string, match", str, str)
def ends_with(steps: Steps, text: str, match: str) -> bool:
    """Whether a text ends with another."""
    return text.endswith(match)


@builtin("matches", "input, pattern, flags", str, str, str, required=2)
def matches(steps: Steps, text: str, pattern: str, flags: str = "") -> bool:
    """Whether a pattern is found in a text.

    Flags: i (case), s (dot is any character), m (lines), x (blanks of the pattern say nothing).
    """
    return searches(pattern, flags, text, steps)


@builtin("string", "from")
def string(steps: Steps, value: Any) -> str | None:
    """A value as text; null stays null."""
    return None if value is None else checked_text(shown(value, steps))


def shown(value: Any, steps: Steps, quoted: bool = False) -> str:
    """A value as the language writes it; texts within lists and contexts in quotes."""
    steps.charge(1)
    if type(value) is list:
        return _capped(["[", ", ".join(shown(item, steps, quoted=True) for item in value), "]"])
    if type(value) is dict:
        return _capped(["{", ", ".join(f"{k}: {shown(v, steps, quoted=True)}" for k, v in value.items()), "}"])
    if type(value) is Interval:
        ends = shown(value.start, steps, quoted=True), shown(value.end, steps, quoted=True)
        return f"{'[' if value.start_closed else '('}{ends[0]}..{ends[1]}{']' if value.end_closed else ')'}"
    if type(value) is str and quoted:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return write_value(value)


def _capped(parts: list[str]) -> str:
    return checked_text("".join(parts))


@builtin("number", "from, grouping separator, decimal separator", required=1)
def number_of(steps: Steps, text: Any, grouping: Any = None, point: Any = None) -> D | None:
    """A text as a number; null where it is none."""
    if type(text) is D:
        return text
    if type(text) is not str or grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        return None
    plain = text.replace(grouping, "") if grouping and grouping != point else text
    plain = plain.replace(point, ".") if point else plain
    if not plain.isascii() or not set(plain) <= set("0123456789.-+eE") or len(plain) > 1000:
        return None
    value = DECIMAL128.create_decimal(plain)
    return value if value.is_finite() else None
