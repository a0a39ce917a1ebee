"""Functions as values: literals of the language, and what it takes to call one."""

from collections.abc import Callable
from typing import Any

from rulebook.feel.calls import compile_call
from rulebook.feel.errors import FeelError
from rulebook.feel.functions import BUILTINS
from rulebook.feel.limits import Steps
from rulebook.feel.nodes import Node
from rulebook.feel.scope import STEPS, Run, Scope
from rulebook.feel.types import Type, coerced
from rulebook.feel.values import Function, kind_of

Compile = Callable[[Node], Run]
Parts = tuple[Node, ...]
Labels = tuple[str, ...] | None


def compile_function(node: Node, compile_node: Compile) -> Run:
    """`function(a, b) a + b`: a value that keeps the scope in which it was made. DMN 1.5, table 62 (function)."""
    body, formals = compile_node(node.parts[0]), node.value
    return lambda scope: closure("function", formals, body, scope)


def closure(name: str, formals: tuple[tuple[str, Type], ...], body: Run, scope: Scope) -> Function:
    """A function over a scope. formals: its parameters with their types."""
    names = tuple(formal for formal, _ in formals)

    def call(values: list[Any], steps: Steps) -> Any:
        inner = {**scope, STEPS: steps}
        for (formal, wanted), value in zip(formals, values):
            inner[formal], fits = coerced(value, wanted, steps)
            if not fits:
                steps.note(f"Expected {wanted.name} as {formal} of {name}, but got {kind_of(value)}.")
                return None
        return body(inner)

    return Function(name, names, call)


def compile_invoke(callee: Run, parts: Parts, labels: Labels, name: str, compile_node: Compile) -> Run:
    """A call of what `callee` gives; where that is no function, of the built-in one of its name, else null."""
    given = tuple(map(compile_node, parts))
    otherwise = _builtin(parts, labels, name, compile_node)

    def run(scope: Scope) -> Any:
        function = callee(scope)
        if type(function) is Function:
            return invoke(function, [value(scope) for value in given], labels, scope[STEPS])
        if otherwise is not None:
            return otherwise(scope)
        scope[STEPS].note(f"Expected a function as {name or 'what is called'}, but it is {kind_of(function)}.")
        return None

    return run


def _builtin(parts: Parts, labels: Labels, name: str, compile_node: Compile) -> Run | None:
    try:
        return compile_call(Node("call", parts, (name, labels)), compile_node) if name in BUILTINS else None
    except FeelError:  # the values fit the name in scope only
        return None


def invoke(function: Function, values: list[Any], labels: Labels, steps: Steps) -> Any:
    """Call a function with values by place, or by name where there are labels; null where they don't fit."""
    wanted = function.parameters
    if labels is not None:
        if set(labels) - set(wanted) or len(set(labels)) < len(labels):
            steps.note(f"Expected values named {', '.join(wanted)} for {function.name}, but got {', '.join(labels)}.")
            return None
        by_label = dict(zip(labels, values))
        values = [by_label.get(name) for name in wanted]
    if len(values) != len(wanted):
        steps.note(f"Expected {len(wanted)} values for {function.name}, but got {len(values)}.")
        return None
    with steps.one_deeper():
        return function.body(values, steps)
