"""Types of the language: what a value must be, and the few values that become another by themselves.

Source: DMN 1.5, clause 10.3.2.9 (type conformance and the implicit conversions).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from rulebook.feel.limits import Steps
from rulebook.feel.values import Function, Interval, Months

Allowed = Callable[[Any, Steps], bool]


@dataclass(frozen=True, slots=True)
class Type:
    """kind: any, null, single, list, context, function or range; python: of a single value.

    item: of a list or range; fields: entries that a context must have; base: the type that this one narrows;
    allowed: what the values of a narrowed type must pass; shown: the allowed values as their text.
    """

    name: str
    kind: str = "any"
    python: type | None = None
    item: "Type | None" = None
    fields: tuple[tuple[str, "Type"], ...] = ()
    base: "Type | None" = None
    allowed: Allowed | None = field(default=None, compare=False)
    shown: str = ""


ANY = Type("Any")
NULL = Type("Null", "null")
_SINGLE: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "days and time duration": timedelta,
    "years and months duration": Months,
}
BUILT_IN: dict[str, Type] = {name: Type(name, "single", python) for name, python in _SINGLE.items()}
BUILT_IN |= {
    "Any": ANY,
    "Null": NULL,
    "dateTime": BUILT_IN["date and time"],
    "dayTimeDuration": BUILT_IN["days and time duration"],
    "yearMonthDuration": BUILT_IN["years and months duration"],
    "list": Type("list", "list"),
    "context": Type("context", "context"),
    "function": Type("function", "function"),
    "range": Type("range", "range"),
}


def list_of(item: Type, name: str = "") -> Type:
    """The type of lists whose items have a type."""
    return Type(name or f"list<{item.name}>", "list", item=item)


def conforms(value: Any, wanted: Type, steps: Steps) -> bool:
    """Whether a value has a type. Null has every type, as a value that is missing."""
    if value is None:
        return True
    steps.charge(1)
    if wanted.base is not None:
        return conforms(value, wanted.base, steps) and (wanted.allowed is None or wanted.allowed(value, steps))
    return _KINDS[wanted.kind](value, wanted, steps)


def is_instance(value: Any, wanted: Type, steps: Steps) -> bool:
    """`value instance of wanted`: as `conforms`, but null is of no type save Null."""
    if value is None:
        return wanted.kind == "null"
    return conforms(value, wanted, steps)


def _is_list(value: Any, wanted: Type, steps: Steps) -> bool:
    item = wanted.item
    return type(value) is list and (item is None or all(conforms(one, item, steps) for one in value))


def _is_context(value: Any, wanted: Type, steps: Steps) -> bool:
    return type(value) is dict and all(conforms(value.get(name), kind, steps) for name, kind in wanted.fields)


def _is_range(value: Any, wanted: Type, steps: Steps) -> bool:
    if type(value) is not Interval:
        return False
    return wanted.item is None or all(conforms(end, wanted.item, steps) for end in (value.start, value.end))


_KINDS: dict[str, Callable[[Any, Type, Steps], bool]] = {
    "any": lambda value, wanted, steps: True,
    "null": lambda value, wanted, steps: False,
    "single": lambda value, wanted, steps: type(value) is wanted.python,
    "list": _is_list,
    "context": _is_context,
    "function": lambda value, wanted, steps: type(value) is Function,
    "range": _is_range,
}


def coerced(value: Any, wanted: Type, steps: Steps) -> tuple[Any, bool]:
    """The value as one of a type, and whether it is one; if not, it is null.

    A list of one item becomes the item, an item the list of it, a day the point in time at which it begins in UTC.
    """
    if value is None or conforms(value, wanted, steps):
        return value, True
    kind = root_of(wanted)
    if kind.kind == "list" and type(value) is not list and conforms([value], wanted, steps):
        return [value], True
    if type(value) is list and len(value) == 1 and kind.kind != "list" and conforms(value[0], wanted, steps):
        return value[0], True
    if type(value) is date and kind.python is datetime:
        return coerced(datetime.combine(value, time(), tzinfo=UTC), wanted, steps)
    return None, False


def expectation(value: Any, wanted: Type, steps: Steps) -> str:
    """What a value that is none of a type should have been: the type, or where it has that, the allowed values."""
    if wanted.base is not None and wanted.shown and conforms(value, wanted.base, steps):
        return f"one of {wanted.shown}"
    return wanted.name


def root_of(wanted: Type) -> Type:
    """The type that a narrowed one comes from in the end."""
    while wanted.base is not None:
        wanted = wanted.base
    return wanted
