"""What a table's cell depends on: the constants at which its answer can change. The checker proves with them."""

from typing import Any

from rulebook.feel.cells import TESTED
from rulebook.feel.compiler import compile_node
from rulebook.feel.errors import FeelError
from rulebook.feel.expressions import UnaryTests
from rulebook.feel.limits import Steps
from rulebook.feel.nodes import Node
from rulebook.feel.scope import STEPS
from rulebook.feel.values import SCALARS, Interval

_JOINED = frozenset({"tests", "negated", "and", "or", "in"})


class _NotAnalysable(Exception):
    """The cell is more than comparisons of the tested value with constants."""


def constants_of(tests: UnaryTests) -> frozenset[Any] | None:
    """The constants of a cell: between two neighbouring ones its answer stays the same.

    None where that can't be said: the cell reads other facts, computes with the tested value, or orders texts.
    """
    try:
        return frozenset(_constants(tests.tree))
    except (_NotAnalysable, FeelError):
        return None


def _constants(node: Node) -> list[Any]:
    if node.kind == "any_value" or (node.kind == "name" and node.value == TESTED):
        return []
    if node.kind in _JOINED:
        return [value for part in node.parts for value in _constants(part)]
    if node.kind == "unary_comparison":
        return _compared(node.parts, node.value)
    if node.kind == "compare":
        return _compared(_beside_tested(node.parts), node.value)
    if node.kind == "between":
        return _compared(_beside_tested(node.parts), ">=")
    return _fixed(node)


def _beside_tested(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    others = tuple(part for part in parts if not (part.kind == "name" and part.value == TESTED))
    if len(others) != len(parts) - 1:
        raise _NotAnalysable
    return others


def _compared(parts: tuple[Node, ...], sign: str) -> list[Any]:
    values = [value for part in parts for value in _fixed(part)]
    if sign not in ("=", "!=") and any(type(value) is str for value in values):
        raise _NotAnalysable
    return values


def _fixed(node: Node) -> list[Any]:
    if any(part.kind == "name" for part in node.walk()):
        raise _NotAnalysable
    return _values(compile_node(node)({STEPS: Steps()}))


def _values(value: Any) -> list[Any]:
    if type(value) is Interval:
        if type(value.start) is str:
            raise _NotAnalysable
        return [value.start, value.end]
    if type(value) is list:
        return [inner for item in value for inner in _values(item)]
    if type(value) not in SCALARS:
        raise _NotAnalysable
    return [value]
