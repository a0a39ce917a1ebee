"""Built-in functions on lists. A single value stands for the list of it; numbers may be given one by one."""

from decimal import Decimal as D
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.feel.functions.registry import builtin, call
from rulebook.feel.limits import MAX_NESTING, Steps
from rulebook.feel.values import Function, checked_list, equal, frozen
from rulebook.said import Said
from rulebook.said import gettext_noop as _


def as_list(value: Any) -> list[Any]:
    """A list as it is, anything else as the list of it."""
    return value if type(value) is list else [value]


def given_list(values: tuple[Any, ...]) -> list[Any]:
    return values[0] if len(values) == 1 and type(values[0]) is list else list(values)


@builtin("count", "list")
def count(steps: Steps, values: Any) -> D | None:
    """How many items a list has; null has none to count."""
    return None if values is None else D(len(as_list(values)))


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


@builtin("all", "list…", may_find_nothing=True)
def every_true(steps: Steps, *values: Any) -> bool | None:
    """True if all are true, false if one is false, else null."""
    items = given_list(values)
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "list…", may_find_nothing=True)
def some_true(steps: Steps, *values: Any) -> bool | None:
    """True if one is true, false if all are false, else null."""
    items = given_list(values)
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("list replace", "list, position, newItem", list, None, None, also={"match": "position"})
def list_replace(steps: Steps, values: list[Any], place: Any, item: Any) -> list[Any] | None:
    """The list with another item at a place, or at each item that a function of it and the new one picks."""
    if type(place) is Function:
        return _replaced(steps, values, place, item)
    if type(place) is not D or not 1 <= abs(place) <= len(values):
        return None
    at = int(place) - 1 if place > 0 else len(values) + int(place)
    return [*values[:at], item, *values[at + 1 :]]


def _replaced(steps: Steps, values: list[Any], picks: Function, item: Any) -> list[Any] | None:
    answers = [call(picks, [one, item], steps) for one in values]
    if any(type(answer) is not bool for answer in answers):
        return None
    return [item if answer else one for one, answer in zip(values, answers)]
