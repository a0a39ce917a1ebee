"""for … return, some/every … satisfies, and filters: what evaluates a part once for each item."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from rulebook.feel.nodes import NODES_PER_STEP, Node, weight
from rulebook.feel.scope import STEPS, Run, Scope, steps_of
from rulebook.feel.values import Interval, checked_list

Compile = Callable[[Node], Run]


def compile_for(node: Node, compile_node: Compile) -> Run:
    """`for x in xs, y in ys return …`: the list of the results, the last name varying fastest."""
    sources, body = _sources(node, compile_node)
    cost = weight(node)
    looks_back = any(part.kind == "name" and part.value == "partial" for part in node.walk())

    def run(scope: Scope) -> list[Any] | None:
        results: list[Any] = []
        for inner in _bindings(sources, scope, cost):
            if inner is None:
                return None
            if looks_back:
                inner["partial"] = list(results)
                scope[STEPS].charge(len(results))
            results.append(body(inner))
            checked_list(results)
        return results

    return run


def compile_quantified(node: Node, compile_node: Compile) -> Run:
    """`some …` is true when one satisfies, `every …` when all do; null where that can't be said."""
    sources, body = _sources(node, compile_node)
    decisive, cost = node.value == "some", weight(node)

    def run(scope: Scope) -> bool | None:
        answer: bool | None = not decisive
        for inner in _bindings(sources, scope, cost):
            value = None if inner is None else body(inner)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                answer = None
        return answer

    return run


def _sources(node: Node, compile_node: Compile) -> tuple[list[tuple[str, tuple[Run, ...]]], Run]:
    *iterations, body = node.parts
    return [(part.value, tuple(map(compile_node, part.parts))) for part in iterations], compile_node(body)


def _bindings(sources: list[tuple[str, tuple[Run, ...]]], scope: Scope, cost: int) -> Iterator[Scope | None]:
    """One scope for each combination of items, each charged; None once where a source is no list."""
    (name, runs), others = sources[0], sources[1:]
    items = _range(runs, scope) if len(runs) == 2 else items_of(runs[0](scope))
    if items is None:
        yield None
        return
    steps, each = steps_of(scope), cost + len(scope) // NODES_PER_STEP
    for item in items:
        steps.charge(each)
        inner = {**scope, name: item}
        if others:
            yield from _bindings(others, inner, cost)
        else:
            yield inner


def items_of(value: Any) -> Any:
    """What a loop goes over: the items of a list, the numbers or days of a range; None for null."""
    if type(value) is Interval:
        return _between(value.start, value.end, value.start_closed, value.end_closed)
    if value is None:
        return None
    return value if type(value) is list else [value]


def _range(runs: tuple[Run, ...], scope: Scope) -> Iterator[Any] | None:
    return _between(runs[0](scope), runs[1](scope))


def _between(start: Any, end: Any, with_start: bool = True, with_end: bool = True) -> Iterator[Any] | None:
    """The whole numbers or days from one to another, up or down."""
    if type(start) is date and type(end) is date:
        days = _whole(start.toordinal(), end.toordinal(), with_start, with_end)
        return map(date.fromordinal, days)
    if type(start) is not Decimal or type(end) is not Decimal or max(abs(start), abs(end)) > 10**15:
        return None
    return map(Decimal, _whole(int(start), int(end), with_start, with_end))


def _whole(first: int, last: int, with_start: bool, with_end: bool) -> range:
    step = 1 if first <= last else -1
    return range(first if with_start else first + step, last + step if with_end else last, step)


def compile_filter(target: Run, node: Node, compile_node: Compile) -> Run:
    """`xs[2]` is the second item, `xs[-1]` the last; `xs[item > 3]` the items for which it is true."""
    condition, cost = compile_node(node.parts[0]), weight(node)

    def run(scope: Scope) -> Any:
        value = target(scope)
        items = value if type(value) is list else ([] if value is None else [value])
        steps, each = steps_of(scope), cost + len(scope) // NODES_PER_STEP
        kept: list[Any] = []
        for place, item in enumerate(items or [None]):
            steps.charge(each)
            answer = condition(item_scope(scope, item))
            if place == 0 and type(answer) is Decimal:
                return at_place(items, answer)
            if answer is True and items:
                kept.append(item)
        return None if value is None and not kept else kept

    return run


def item_scope(scope: Scope, item: Any) -> Scope:
    """What a filter's condition sees: the item, and its entries where it has some."""
    if type(item) is dict:
        return {**scope, **item, "": scope[""], "item": item}
    return {**scope, "item": item}


def at_place(items: list[Any], index: Decimal) -> Any:
    """The item at a place, from 1, or from -1 at the end; None where there is none."""
    if index != index.to_integral_value() or not 1 <= abs(index) <= len(items):
        return None
    return items[int(index) - 1] if index > 0 else items[int(index)]
