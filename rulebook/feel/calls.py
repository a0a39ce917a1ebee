"""Calls of built-in functions, checked when the expression is compiled: an unknown name is never a surprise later."""

from collections.abc import Callable
from typing import Any

from rulebook.feel.errors import FeelError
from rulebook.feel.functions import BUILTINS, Builtin
from rulebook.feel.limits import CALL_STEPS, Steps
from rulebook.feel.nodes import Node
from rulebook.feel.scope import Run, Scope, steps_of
from rulebook.feel.values import kind_of
from rulebook.said import Said
from rulebook.said import gettext_noop as _

Compile = Callable[[Node], Run]


def compile_call(node: Node, compile_node: Compile) -> Run:
    """The function that calls a built-in; FeelError for an unknown one or the wrong number of values."""
    name, labels = node.value
    function = BUILTINS.get(name)
    if function is None:
        raise FeelError(Said(_("There is no function %(name)s."), name=name), node.position)
    given = [compile_node(part) for part in node.parts]
    if labels is None:
        _check_count(function, len(given), node.position)
        return _typed(function, tuple(given))
    return _by_label(function, labels, given, node.position)


def _check_count(function: Builtin, count: int, position: int) -> None:
    if count < function.required or (count > len(function.parameters) and not function.rest):
        call = f"{function.name}({', '.join(function.parameters)})"
        raise FeelError(Said(_("%(call)s was given %(count)s values."), call=call, count=count), position)


def _by_label(function: Builtin, labels: tuple[str, ...], given: list[Run], position: int) -> Run:
    labels = tuple(function.also.get(label, label) for label in labels)
    by_label = dict(zip(labels, given))
    unknown = [label for label in labels if label not in function.parameters]
    if unknown or len(by_label) < len(labels):
        sentence = _("%(function)s has no value named %(name)s, or it is given twice.")
        raise FeelError(Said(sentence, function=function.name, name=(unknown or labels)[0]), position)
    runs = [by_label.get(parameter) for parameter in function.parameters]
    while runs and runs[-1] is None:
        runs.pop()
    _check_count(function, len(runs), position)
    return _typed(function, tuple(run or (lambda scope: None) for run in runs))


def _typed(function: Builtin, given: tuple[Run, ...]) -> Run:
    body, types = function.body, function.types

    def run(scope: Scope) -> Any:
        values = [value(scope) for value in given]
        for value, wanted in zip(values, types):
            if wanted is not None and not isinstance(value, wanted):
                return _no_answer(function, values, steps_of(scope))
        steps = steps_of(scope)
        steps.charge(CALL_STEPS)
        for value in values:
            steps.charge_for(value)
        answer = body(steps, *values)
        return _no_answer(function, values, steps) if answer is None else answer

    return run


def _no_answer(function: Builtin, values: list[Any], steps: Steps) -> None:
    """Null; remembered where no null went in and it does not merely say that nothing was found."""
    if not function.may_find_nothing and None not in values:
        steps.note(f"{function.name}({', '.join(map(kind_of, values))}) has no answer.")
