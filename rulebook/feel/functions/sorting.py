"""The built-in function `sort`: by the order of the values, or by a function that says which of two comes first."""

from functools import cmp_to_key
from typing import Any

from rulebook.feel.functions.lists import as_list
from rulebook.feel.functions.registry import builtin, call
from rulebook.feel.limits import Steps
from rulebook.feel.values import ORDERED, Function


@builtin("sort", "list, precedes", required=1)
def sort(steps: Steps, values: Any, precedes: Any = None) -> list[Any] | None:
    """The items in their order; null where they can't be compared. DMN 1.5, clause 10.3.4.5."""
    items = as_list(values)
    if type(precedes) is Function:
        return _sorted_by(steps, items, precedes)
    if any(type(item) not in ORDERED or type(item) is not type(items[0]) for item in items):
        return None
    try:
        return sorted(items)
    except TypeError:
        return None


def _sorted_by(steps: Steps, items: list[Any], precedes: Function) -> list[Any] | None:
    wrong = False

    def compared(one: Any, other: Any) -> int:
        nonlocal wrong
        answer = call(precedes, [one, other], steps)
        wrong = wrong or type(answer) is not bool
        return -1 if answer is True else int(call(precedes, [other, one], steps) is True)

    found = sorted(items, key=cmp_to_key(compared))
    return None if wrong else found
