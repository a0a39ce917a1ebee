"""Built-in functions on lists. A single value stands for the list of it; numbers may be given one by one."""

from collections.abc import Callable
from decimal import Decimal as D
from functools import reduce
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import DECIMAL128, MAX_NESTING, Steps
from rulebook.feel.operators import arithmetic, number, ordered
from rulebook.feel.values import ORDERED, checked_list, equal, frozen
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def as_list(value: Any) -> list[Any]:
    """A list as it is, anything else as the list of it."""
    return value if type(value) is list else [value]


def _given(values: tuple[Any, ...]) -> list[Any]:
    return values[0] if len(values) == 1 and type(values[0]) is list else list(values)


@builtin("count", "list")
def count(steps: Steps, values: Any) -> D | None:
    """How many items a list has; null has none to count."""
    return None if values is None else D(len(as_list(values)))


@builtin("sum", "list…")
def total(steps: Steps, *values: Any) -> Any:
    """The sum of numbers or durations; null of an empty list or one with anything else in it."""
    items = _given(values)
    return reduce(lambda a, b: arithmetic("+", a, b), items) if items and _summable(items) else None


def _summable(items: list[Any]) -> bool:
    return type(items[0]) is not str and arithmetic("+", items[0], items[0]) is not None


@builtin("mean", "list…")
def mean(steps: Steps, *values: Any) -> Any:
    """The arithmetic mean; null of an empty list."""
    items = _given(values)
    whole = total(steps, items)
    return None if whole is None else arithmetic("/", whole, D(len(items)))


@builtin("median", "list…")
def median(steps: Steps, *values: Any) -> D | None:
    """The middle number, or the mean of the two in the middle."""
    items = _given(values)
    if not items or any(type(item) is not D for item in items):
        return None
    ranked, half = sorted(items), len(items) // 2
    if len(ranked) % 2:
        return ranked[half]
    return number(DECIMAL128.divide(DECIMAL128.add(ranked[half - 1], ranked[half]), D(2)))


def _extreme(sign: str) -> Callable[..., Any]:
    def pick(steps: Steps, *values: Any) -> Any:
        items = _given(values)
        if not items:
            return None
        best = items[0]
        for item in items:
            better = ordered(sign, item, best)
            if better is None:
                return None
            best = item if better else best
        return best

    return pick


builtin("min", "list…")(_extreme("<"))
builtin("max", "list…")(_extreme(">"))


@builtin("list contains", "list, element")
def list_contains(steps: Steps, values: Any, element: Any) -> bool | None:
    """Whether an item of the list equals the element."""
    return None if values is None else any(equal(item, element, steps) is True for item in as_list(values))


@builtin("index of", "list, match")
def index_of(steps: Steps, values: Any, match: Any) -> list[D] | None:
    """The places, from 1, of the items that equal the match."""
    if values is None:
        return None
    return [D(place) for place, item in enumerate(as_list(values), 1) if equal(item, match, steps) is True]


@builtin("append", "list, item…")
def append(steps: Steps, values: Any, *items: Any) -> list[Any]:
    """The list with items at its end."""
    return checked_list([*as_list(values), *items])


@builtin("concatenate", "list…")
def concatenate(steps: Steps, *lists: Any) -> list[Any]:
    """The lists one after the other."""
    return checked_list([item for values in lists for item in as_list(values)])


@builtin("distinct values", "list")
def distinct_values(steps: Steps, values: Any) -> list[Any]:
    """The items without doubles, each at its first place."""
    return _distinct(steps, as_list(values))


def _distinct(steps: Steps, items: list[Any]) -> list[Any]:
    kept: dict[Any, Any] = {}
    for item in items:
        kept.setdefault(frozen(item, steps), item)
    return list(kept.values())


@builtin("union", "list…")
def union(steps: Steps, *lists: Any) -> list[Any]:
    """The items of all lists without doubles."""
    return _distinct(steps, concatenate(steps, *lists))


@builtin("flatten", "list")
def flatten(steps: Steps, values: Any) -> list[Any]:
    """The items of a list and of all lists in it."""
    flat: list[Any] = []
    _pour(as_list(values), flat, steps, 0)
    return checked_list(flat)


def _pour(values: list[Any], into: list[Any], steps: Steps, depth: int) -> None:
    if depth > MAX_NESTING:
        raise FeelError(Said(_("A list is nested more than %(most)s deep."), most=MAX_NESTING))
    for item in values:
        steps.charge(1)
        if type(item) is list:
            _pour(item, into, steps, depth + 1)
        else:
            into.append(item)


@builtin("sort", "list")
def sort(steps: Steps, values: Any) -> list[Any] | None:
    """The items from the smallest to the largest; null where they can't be compared."""
    items = as_list(values)
    if any(type(item) not in ORDERED or type(item) is not type(items[0]) for item in items):
        return None
    try:
        return sorted(items)
    except TypeError:
        return None


@builtin("reverse", "list")
def reverse(steps: Steps, values: Any) -> list[Any]:
    """The items from the last to the first."""
    return as_list(values)[::-1]


@builtin("sublist", "list, start position, length", list, D, D, required=2)
def sublist(steps: Steps, values: list[Any], start: D, length: D | None = None) -> list[Any] | None:
    """A part of a list; null for a start outside it."""
    size = len(values)
    if not 1 <= abs(start) <= size or (length is not None and not 1 <= length <= size):
        return None
    first = int(start) - 1 if start > 0 else size + int(start)
    return values[first : first + (size if length is None else int(length))]


@builtin("remove", "list, position", list, D)
def remove(steps: Steps, values: list[Any], position: D) -> list[Any] | None:
    """The list without the item at a place."""
    if not 1 <= abs(position) <= len(values):
        return None
    at = int(position) - 1 if position > 0 else len(values) + int(position)
    return values[:at] + values[at + 1 :]


@builtin("insert before", "list, position, newItem", list, D, None)
def insert_before(steps: Steps, values: list[Any], position: D, item: Any) -> list[Any] | None:
    """The list with an item put before a place."""
    if not 1 <= abs(position) <= len(values):
        return None
    at = int(position) - 1 if position > 0 else len(values) + int(position)
    return checked_list([*values[:at], item, *values[at:]])


@builtin("all", "list…")
def every_true(steps: Steps, *values: Any) -> bool | None:
    """True if all are true, false if one is false, else null."""
    items = _given(values)
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "list…")
def some_true(steps: Steps, *values: Any) -> bool | None:
    """True if one is true, false if all are false, else null."""
    items = _given(values)
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("get value", "m, key", dict, str)
def get_value(steps: Steps, context: dict[str, Any], key: str) -> Any:
    """The entry of a context by its name."""
    return context.get(key)


@builtin("get entries", "m", dict)
def get_entries(steps: Steps, context: dict[str, Any]) -> list[Any]:
    """The entries of a context as a list of contexts with key and value."""
    return [{"key": key, "value": value} for key, value in context.items()]
