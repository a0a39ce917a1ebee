"""The values of the language as Python values, how facts become them, and when two are equal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.feel.limits import DECIMAL128, MAX_LIST, MAX_NESTING, MAX_STRING, Steps
from rulebook.said import Said
from rulebook.said import gettext_noop as _


@dataclass(frozen=True, order=True, slots=True)
class Months:
    """A duration of years and months: a whole number of months, negative for backwards."""

    months: int


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called. parameters: names in order; body: gets the values in that order and the steps."""

    name: str
    parameters: tuple[str, ...]
    body: Callable[[list[Any], Steps], Any]


ORDERED: frozenset[type] = frozenset({Decimal, str, date, time, datetime, timedelta, Months})
SCALARS: frozenset[type] = ORDERED | {bool, type(None)}


@dataclass(frozen=True, slots=True)
class Interval:
    """All values between two of one type; an end belongs to it or not."""

    start: Any
    end: Any
    start_closed: bool = True
    end_closed: bool = True

    def contains(self, value: Any) -> bool | None:
        """True or False; None where the value can't be compared with the ends."""
        if not (type(value) is type(self.start) is type(self.end) and type(value) in ORDERED):
            return None
        try:
            above = value >= self.start if self.start_closed else value > self.start
            below = value <= self.end if self.end_closed else value < self.end
        except TypeError:  # a time with an offset against one without
            return None
        return bool(above and below)


_KINDS: dict[type, str] = {
    Decimal: "a number",
    str: "a text",
    bool: "a boolean",
    date: "a date",
    time: "a time",
    datetime: "a date and time",
    timedelta: "a duration",
    Months: "a duration",
    Interval: "a range",
    Function: "a function",
    list: "a list",
    dict: "a context",
}


def kind_of(value: Any) -> str:
    """What messages call a value."""
    return _KINDS.get(type(value), "null")


def admit(value: Any, depth: int = 0) -> Any:
    """Take a Python value in as a value of the language: whole numbers become decimals, texts and lists are copied.

    Raises FeelError for floats (money would become inexact) and for every type that the language doesn't know.
    """
    kind = type(value)
    if kind is Decimal:
        return _finite(value)
    if kind is str:
        return checked_text(value)
    if kind in SCALARS or kind is Interval or kind is Function:
        return value
    if kind is int:
        return _finite(DECIMAL128.create_decimal(value))
    if depth >= MAX_NESTING:
        raise FeelError(Said(_("A fact is nested more than %(most)s deep."), most=MAX_NESTING))
    if isinstance(value, Mapping):
        return {str(key): admit(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return checked_list([admit(item, depth + 1) for item in value])
    return _admit_subclass(value)


def _admit_subclass(value: Any) -> Any:
    if isinstance(value, float):
        raise FeelError(Said(_("A float is not exact; give the number as a decimal.")))
    if isinstance(value, str):
        return checked_text(str(value))
    if isinstance(value, Decimal):
        return _finite(Decimal(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return _finite(DECIMAL128.create_decimal(int(value)))
    raise FeelError(Said(_("A value of type %(kind)s is not known to the language."), kind=type(value).__name__))


def _finite(number: Decimal) -> Decimal:
    taken = DECIMAL128.plus(number)  # rounds what has too many digits, also in the exponent
    if not taken.is_finite():
        raise FeelError(Said(_("A number is too large or is no number.")))
    return taken


def checked_text(value: str) -> str:
    """The text itself; FeelError if it is longer than the language allows."""
    if len(value) > MAX_STRING:
        raise FeelError(Said(_("A text is longer than %(most)s characters."), most=f"{MAX_STRING:,}"))
    return value


def checked_list(value: list[Any]) -> list[Any]:
    """The list itself; FeelError if it has more items than the language allows."""
    if len(value) > MAX_LIST:
        raise FeelError(Said(_("A list has more than %(most)s items."), most=f"{MAX_LIST:,}"))
    return value


def equal(left: Any, right: Any, steps: Steps) -> bool | None:
    """Equality: null equals only null, and values of two types have no answer (None). DMN 1.3, table 53."""
    kind = type(left)
    if kind is not type(right):
        return False if left is None or right is None else None
    if kind is list:
        return _equal_lists(left, right, steps)
    if kind is dict:
        return _equal_contexts(left, right, steps)
    return bool(left == right)


def _equal_lists(left: list[Any], right: list[Any], steps: Steps) -> bool:
    steps.charge(1 + len(left))
    return len(left) == len(right) and all(equal(a, b, steps) is True for a, b in zip(left, right))


def _equal_contexts(left: dict[str, Any], right: dict[str, Any], steps: Steps) -> bool:
    steps.charge(1 + len(left))
    return left.keys() == right.keys() and all(equal(left[key], right[key], steps) is True for key in left)


def frozen(value: Any, steps: Steps) -> Any:
    """A hashable stand-in that is the same for equal values, so that sets can find doubles."""
    steps.charge(4)
    if type(value) is list:
        return ("list", tuple(frozen(item, steps) for item in value))
    if type(value) is dict:
        return ("context", frozenset((key, frozen(item, steps)) for key, item in value.items()))
    return (type(value), value)
