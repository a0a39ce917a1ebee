"""Unary tests: what stands in a decision table's cell, compiled to a function of the tested value."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from rulebook.feel.compiler import compile_node, placed
from rulebook.feel.limits import Steps
from rulebook.feel.nodes import Node
from rulebook.feel.operators import ORDERINGS, ordered
from rulebook.feel.scope import STEPS, Scope, Test, steps_of
from rulebook.feel.values import Interval, equal

TESTED = "?"


def compile_test(node: Node) -> Test:
    """The function that says whether a value passes a test: True, False, or None where that can't be said."""
    special = _SPECIAL.get(node.kind)
    if special is not None:
        return special(node)
    if any(part.kind == "name" and part.value == TESTED for part in node.walk()):
        return _condition(node)
    if node.kind == "interval" and all(part.kind == "literal" for part in node.parts):
        return _fixed_interval(node)
    if node.kind == "literal":
        return _fixed_value(node.value)
    return _computed(node)


def _any_value(node: Node) -> Test:
    return lambda value, scope: True


def _tests(node: Node) -> Test:
    tests = tuple(map(compile_test, node.parts))
    if len(tests) == 1:
        return tests[0]

    def run(value: Any, scope: Scope) -> bool | None:
        answer: bool | None = False
        for test in tests:
            passed = test(value, scope)
            if passed is True:
                return True
            if passed is None:
                answer = None
        return answer

    return run


def _negated(node: Node) -> Test:
    inner = _tests(node)

    def run(value: Any, scope: Scope) -> bool | None:
        passed = inner(value, scope)
        return None if passed is None else not passed

    return run


def _comparison(node: Node) -> Test:
    sign, operand = node.value, node.parts[0]
    if sign in ("=", "!="):
        return _equality(sign == "=", node)
    if operand.kind == "literal" and type(operand.value) is Decimal:
        return _number_comparison(ORDERINGS[sign], operand.value)
    other = compile_node(operand)
    return lambda value, scope: ordered(sign, value, other(scope))


def _number_comparison(holds: Callable[[Any, Any], bool], limit: Decimal) -> Test:
    return lambda value, scope: holds(value, limit) if type(value) is Decimal else None


def _equality(wanted: bool, node: Node) -> Test:
    other = compile_node(node.parts[0])

    def run(value: Any, scope: Scope) -> bool | None:
        answer = equal(value, other(scope), scope[STEPS])
        return answer if answer is None or wanted else not answer

    return run


def _fixed_interval(node: Node) -> Test:
    start, end = node.parts[0].value, node.parts[1].value
    interval = Interval(start, end, *node.value)
    if type(start) is not type(end):
        return lambda value, scope: None
    if type(start) is Decimal and node.value == (True, True):
        return lambda value, scope: start <= value <= end if type(value) is Decimal else None
    return lambda value, scope: interval.contains(value)


def _fixed_value(expected: Any) -> Test:
    kind = type(expected)

    def run(value: Any, scope: Scope) -> bool | None:
        if type(value) is kind:
            return bool(value == expected)
        if type(value) is list:
            return covers(expected, value, steps_of(scope))
        return False if value is None or expected is None else None

    return run


def _condition(node: Node) -> Test:
    """A test that names the tested value itself: `? > 5 and ? < 9`."""
    condition = compile_node(node)

    def run(value: Any, scope: Scope) -> bool | None:
        answer = condition({**scope, TESTED: value})
        return answer if answer is True or answer is False else None

    return run


def _computed(node: Node) -> Test:
    expression = compile_node(node)

    def run(value: Any, scope: Scope) -> bool | None:
        expected = expression(scope)
        if type(expected) is bool and type(value) is not bool:
            return expected
        return covers(expected, value, steps_of(scope))

    safe = placed(node, lambda scope: run(scope[TESTED], scope))
    return lambda value, scope: safe({**scope, TESTED: value})


def covers(expected: Any, value: Any, steps: Steps) -> bool | None:
    """Whether what a cell says covers a value: equal to it, a list with it, an interval around it."""
    if type(expected) is Interval:
        return expected.contains(value)
    if type(expected) is not list:
        return equal(expected, value, steps)
    steps.charge(1 + len(expected))
    if type(value) is list and equal(expected, value, steps):
        return True
    return any(covers(item, value, steps) is True for item in expected)


_SPECIAL: dict[str, Callable[[Node], Test]] = {
    "any_value": _any_value,
    "tests": _tests,
    "negated": _negated,
    "unary_comparison": _comparison,
}
