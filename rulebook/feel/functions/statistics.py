"""Built-in functions that make one value of a list of numbers or durations, given as a list or one by one."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal as D
from functools import reduce
from typing import Any

from rulebook.feel.functions.lists import given_list
from rulebook.feel.functions.registry import builtin
from rulebook.feel.limits import DECIMAL128, Steps
from rulebook.feel.operators import arithmetic, number, ordered


@builtin("sum", "list…", may_find_nothing=True)
def total(steps: Steps, *values: Any) -> Any:
    """The sum of numbers or durations; null of an empty list or one with anything else in it."""
    items = given_list(values)
    return reduce(lambda a, b: arithmetic("+", a, b), items) if items and _summable(items) else None


def _summable(items: list[Any]) -> bool:
    return type(items[0]) is not str and arithmetic("+", items[0], items[0]) is not None


@builtin("mean", "list…", may_find_nothing=True)
def mean(steps: Steps, *values: Any) -> Any:
    """The arithmetic mean; null of an empty list."""
    items = given_list(values)
    whole = total(steps, items)
    return None if whole is None else arithmetic("/", whole, D(len(items)))


def _extreme(sign: str) -> Callable[..., Any]:
    def pick(steps: Steps, *values: Any) -> Any:
        items = given_list(values)
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


least = builtin("min", "list…", may_find_nothing=True)(_extreme("<"))
greatest = builtin("max", "list…", may_find_nothing=True)(_extreme(">"))


def _numbers(values: tuple[Any, ...]) -> list[D] | None:
    items = given_list(values)
    return items if all(type(item) is D for item in items) else None


@builtin("median", "list…", may_find_nothing=True)
def median(steps: Steps, *values: Any) -> D | None:
    """The middle number, or the mean of the two in the middle."""
    items = given_list(values)
    if not items or any(type(item) is not D for item in items):
        return None
    ranked, half = sorted(items), len(items) // 2
    if len(ranked) % 2:
        return ranked[half]
    return number(DECIMAL128.divide(DECIMAL128.add(ranked[half - 1], ranked[half]), D(2)))


@builtin("product", "list…", may_find_nothing=True)
def product(steps: Steps, *values: Any) -> D | None:
    """The product of numbers; null of an empty list."""
    items = _numbers(values)
    return reduce(lambda a, b: arithmetic("*", a, b), items) if items else None


@builtin("stddev", "list…", may_find_nothing=True)
def standard_deviation(steps: Steps, *values: Any) -> D | None:
    """The standard deviation of a sample; null of less than two numbers."""
    items = _numbers(values)
    if items is None or len(items) < 2:
        return None
    middle = DECIMAL128.divide(reduce(DECIMAL128.add, items), D(len(items)))
    squares = [DECIMAL128.power(DECIMAL128.subtract(item, middle), D(2)) for item in items]
    return number(DECIMAL128.sqrt(DECIMAL128.divide(reduce(DECIMAL128.add, squares), D(len(items) - 1))))


@builtin("mode", "list…", may_find_nothing=True)
def mode(steps: Steps, *values: Any) -> list[D] | None:
    """The numbers that come most often, from the smallest."""
    items = _numbers(values)
    if items is None:
        return None
    times = Counter(items)
    most = max(times.values(), default=0)
    return sorted(item for item, count in times.items() if count == most)
