"""Tree to closures: each node becomes one Python function of the scope, made once and run often."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from rulebook.feel.callables import compile_function, compile_invoke
from rulebook.feel.calls import compile_call
from rulebook.feel.errors import FeelError
from rulebook.feel.loops import compile_filter, compile_for, compile_quantified
from rulebook.feel.nodes import Node
from rulebook.feel.operators import ORDERINGS, arithmetic, negated, note_undefined, ordered
from rulebook.feel.properties import member
from rulebook.feel.scope import STEPS, Run, Scope
from rulebook.feel.types import is_instance
from rulebook.feel.values import ORDERED, Interval, equal
from rulebook.said import Said
from rulebook.said import gettext_noop as _

POWER_STEPS = 25  # a root takes that much longer than a sum


def compile_node(node: Node) -> Run:
    """The function that evaluates a node in a scope."""
    return _COMPILERS[node.kind](node)


def placed(node: Node, run: Run) -> Run:
    """The same function, whose errors carry the node's place in the text."""

    def run_placed(scope: Scope) -> Any:
        try:
            return run(scope)
        except FeelError as error:
            if error.position is None:
                error.position = node.position
            raise

    return run_placed


def _literal(node: Node) -> Run:
    value = node.value
    return lambda scope: value


def _name(node: Node) -> Run:
    name = node.value
    return lambda scope: scope.get(name)


def _if(node: Node) -> Run:
    condition, then, otherwise = map(compile_node, node.parts)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _and(node: Node) -> Run:
    parts = tuple(map(compile_node, node.parts))

    def run(scope: Scope) -> bool | None:
        answer: bool | None = True
        for part in parts:
            value = part(scope)
            if value is False:
                return False
            if value is not True:
                answer = None
        return answer

    return run


def _or(node: Node) -> Run:
    parts = tuple(map(compile_node, node.parts))

    def run(scope: Scope) -> bool | None:
        answer: bool | None = False
        for part in parts:
            value = part(scope)
            if value is True:
                return True
            if value is not False:
                answer = None
        return answer

    return run


def _negated(node: Node) -> Run:
    if len(node.parts) != 1 or node.parts[0].kind == "unary_comparison":
        raise FeelError(Said(_("Outside a table's cell, not(…) takes one condition.")), node.position)
    operand = compile_node(node.parts[0])

    def run(scope: Scope) -> bool | None:
        value = operand(scope)
        return not value if value is True or value is False else None

    return run


def _compare(node: Node) -> Run:
    left, right = map(compile_node, node.parts)
    if node.value in ORDERINGS:
        return _order(node.value, left, right)
    wanted = node.value == "="

    def run(scope: Scope) -> bool | None:
        a, b = left(scope), right(scope)
        answer = equal(a, b, scope[STEPS])
        if answer is None:
            note_undefined(node.value, a, b, scope[STEPS])
            return None
        return answer if wanted else not answer

    return placed(node, run)


def _order(sign: str, left: Run, right: Run) -> Run:
    holds = ORDERINGS[sign]

    def run(scope: Scope) -> bool | None:
        a, b = left(scope), right(scope)
        if type(a) is Decimal and type(b) is Decimal:
            return holds(a, b)
        answer = ordered(sign, a, b)
        if answer is None:
            note_undefined(sign, a, b, scope[STEPS])
        return answer

    return run


def _between(node: Node) -> Run:
    value, low, high = map(compile_node, node.parts)

    def run(scope: Scope) -> bool | None:
        tested = value(scope)
        above, below = ordered(">=", tested, low(scope)), ordered("<=", tested, high(scope))
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return run


def _in(node: Node) -> Run:
    from rulebook.feel.cells import compile_test  # cells are made of expressions, and `in` is made of cells

    value, test = compile_node(node.parts[0]), compile_test(node.parts[1])
    return placed(node, lambda scope: test(value(scope), scope))


def _arithmetic(node: Node) -> Run:
    first, *others = map(compile_node, node.parts)
    pairs = tuple(zip(node.value, others))

    def run(scope: Scope) -> Any:
        result = first(scope)
        for sign, other in pairs:
            left, right = result, other(scope)
            result = arithmetic(sign, left, right)
            if result is None:
                note_undefined(sign, left, right, scope[STEPS])
            elif type(result) is str:
                scope[STEPS].charge_for(result)
            elif sign == "**":
                scope[STEPS].charge(POWER_STEPS)
        return result

    return placed(node, run)


def _negate(node: Node) -> Run:
    operand, odd = compile_node(node.parts[0]), node.value % 2 == 1

    def run(scope: Scope) -> Any:
        value = negated(operand(scope))
        return value if odd or value is None else negated(value)

    return run


def _interval(node: Node) -> Run:
    start, end = map(compile_node, node.parts)
    start_closed, end_closed = node.value

    def run(scope: Scope) -> Interval | None:
        low, high = start(scope), end(scope)
        if type(low) is not type(high) or type(low) not in ORDERED:
            return None
        return Interval(low, high, start_closed, end_closed)

    return run


def _list(node: Node) -> Run:
    items = tuple(map(compile_node, node.parts))
    return lambda scope: [item(scope) for item in items]


def _context(node: Node) -> Run:
    entries = tuple((part.value, compile_node(part.parts[0])) for part in node.parts)
    twice = next((key for at, (key, _run) in enumerate(entries) if key in {key for key, _r in entries[:at]}), None)
    if twice is not None:
        return lambda scope: scope[STEPS].note(f"A context has {twice} twice.")

    def run(scope: Scope) -> dict[str, Any]:
        inner, made = dict(scope), {}
        scope[STEPS].charge(len(scope))
        for key, entry in entries:
            made[key] = entry(inner)
            if key != STEPS:
                inner[key] = made[key]
        return made

    return placed(node, run)


def _postfix(node: Node) -> Run:
    run = compile_node(node.parts[0])
    for part in node.parts[1:]:
        run = _TRAILERS[part.kind](part, run)
    return run


def _path(node: Node, target: Run) -> Run:
    name = node.value
    return placed(node, lambda scope: member(target(scope), name, scope[STEPS]))


def _filter(node: Node, target: Run) -> Run:
    return placed(node, compile_filter(target, node, compile_node))


def _trailing_call(node: Node, target: Run) -> Run:
    return placed(node, compile_invoke(target, node.parts, node.value, "", compile_node))


def _invoke(node: Node) -> Run:
    labels, name = node.value
    return placed(node, compile_invoke(compile_node(node.parts[0]), node.parts[1:], labels, name, compile_node))


def _instance(node: Node) -> Run:
    operand, wanted = compile_node(node.parts[0]), node.value
    return lambda scope: is_instance(operand(scope), wanted, scope[STEPS])


_TRAILERS: dict[str, Callable[[Node, Run], Run]] = {"path": _path, "filter": _filter, "invoke": _trailing_call}


def _misplaced(node: Node) -> Run:
    raise FeelError(Said(_("A comparison without a left side belongs into a table's cell.")), node.position)


_COMPILERS: dict[str, Callable[[Node], Run]] = {
    "literal": _literal,
    "name": _name,
    "if": _if,
    "for": lambda node: placed(node, compile_for(node, compile_node)),
    "quantified": lambda node: placed(node, compile_quantified(node, compile_node)),
    "and": _and,
    "or": _or,
    "negated": _negated,
    "compare": _compare,
    "between": _between,
    "in": _in,
    "arithmetic": _arithmetic,
    "negate": _negate,
    "interval": _interval,
    "list": _list,
    "context": _context,
    "postfix": _postfix,
    "call": lambda node: placed(node, compile_call(node, compile_node)),
    "invoke": _invoke,
    "function": lambda node: compile_function(node, compile_node),
    "instance": _instance,
    "unary_comparison": _misplaced,
    "tests": _misplaced,
}
