"""One `advance` at work: tokens that are ready to move, variables by scope, and the effects so far."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from processes.engine.document import Flow
from processes.engine.effects import Effect, Entered, Finished, Left, ReachMilestone
from processes.engine.errors import EngineError
from processes.engine.graph import Graph, Node
from processes.engine.outside import Evaluate, Outside
from processes.engine.rules import Assigned
from processes.engine.state import LOOP, MANY, SHELL, State
from processes.engine.values import as_json, path_of, placed

__all__ = ["Evaluate", "Run", "Token"]

ENTER, LEAVE, REPEAT = "enter", "leave", "repeat"
MAX_OPEN = 50_000  # of an instance, at once: 10,000 repetitions of a sub-process with a task need 30,001
NO_VARIABLES: Mapping[str, Any] = {}


class Token(NamedTuple):
    """A token of `scope` about to enter `node` by `flow` ("" where none led to it), or about to do another step."""

    node: str
    scope: int
    flow: str = ""
    step: str = ENTER


@dataclass(slots=True)
class Run:
    """The working copy of an instance during one event. changed: variables or conditions are to be looked at."""

    graph: Graph
    state: State
    now: datetime
    outside: Outside
    effects: list[Effect] = field(default_factory=list)
    ready: deque[Token] = field(default_factory=deque)
    changed: bool = False

    # tokens

    def number(self, node: str) -> int:
        """The number of what begins to run or wait at a node. Raises EngineError(too_many)."""
        self.expect_room(node)
        return self.state.number()

    def expect_room(self, node: str) -> None:
        """Not too much is open at once. Raises EngineError(too_many) naming the node that would open more."""
        held = self.state
        count = len(held.tasks) + len(held.timers) + len(held.waits) + len(held.scopes) + len(self.ready)
        if count >= MAX_OPEN:
            message = f"Expected at most {MAX_OPEN:,} tasks, events and scopes open at once, but {node} opens more."
            raise EngineError("too_many", node, message)

    def put(self, node: str, scope: int) -> None:
        """A new token at a node."""
        self.state.scopes[scope].live += 1
        self.ready.append(Token(node, scope))

    def enter(self, node: Node) -> None:
        """Say that a token came to the node, and reach its milestone."""
        self.effects.append(Entered(node.id))
        if node.milestone:
            self.effects.append(ReachMilestone(node.milestone, node.id))

    def left(self, node: Node, scope: int, *, called_off: bool = False) -> None:
        """Say that the token left; the single instances of a repeated activity are not told of."""
        holder = self.state.scopes[scope]
        if holder.kind != SHELL or self.state.scopes[holder.parent].kind not in (MANY, LOOP):
            self.effects.append(Left(node.id, called_off))

    def open_flows(self, node: Node, scope: int) -> tuple[Flow, ...]:
        """Flows without a condition or whose condition holds; the default flow where no condition holds."""
        if not node.chooses:
            return node.outgoing
        taken = tuple(
            flow
            for flow in node.outgoing
            if flow.id != node.default and (not flow.condition or self.holds(flow, scope))
        )
        if taken or not node.outgoing:
            return taken
        if node.default:
            return (self.graph.flows[node.default],)
        message = f'Expected a flow out of "{node.name or node.id}" whose condition holds, but none does.'
        raise EngineError("no_flow_taken", node.id, message)

    def finish(self, outcome: str) -> None:
        """Nothing is left to do."""
        self.state.outcome = outcome
        self.state.finished = True
        self.effects.append(Finished(outcome))

    # values

    def holds(self, flow: Flow, scope: int) -> bool:
        """Whether a flow's condition is true; null counts as not true."""
        return self.truth(flow.condition, flow.id, scope)

    def truth(self, text: str, element: str, scope: int) -> bool:
        """Whether a condition is true; null counts as not true."""
        return self.truth_of(text, element, self.variables(scope))

    def truth_of(self, text: str, element: str, variables: Mapping[str, Any]) -> bool:
        """Whether a condition over given variables is true; null counts as not true."""
        value = self.value_of(text, element, variables)
        if value is None or isinstance(value, bool):
            return bool(value)
        message = f"Expected true or false from the condition of {element}, but it gives {value!r}."
        raise EngineError("not_a_boolean", element, message)

    def value(self, text: str, element: str, scope: int) -> Any:
        """Value of an expression over the variables that a scope sees. Raises EngineError(expression_failed).

        The evaluator is the caller's: whatever it raises is this element's failure and is kept as the cause.
        """
        return self.value_of(text, element, self.variables(scope))

    def value_of(self, text: str, element: str, variables: Mapping[str, Any]) -> Any:
        """Value of an expression over given variables. Raises EngineError(expression_failed)."""
        try:
            return self.outside.evaluate(text, variables, self.now)
        except Exception as error:
            raise EngineError("expression_failed", element, f"The expression of {element} failed: {error}") from error

    def kept(self, text: str, element: str, variables: Mapping[str, Any]) -> Any:
        """Value of an expression as JSON. Raises EngineError(expression_failed, not_a_value)."""
        return self.storable(self.value_of(text, element, variables), element)

    def storable(self, value: Any, element: str) -> Any:
        """A value as JSON. Raises EngineError(not_a_value)."""
        try:
            return as_json(value)
        except ValueError as error:
            raise EngineError("not_a_value", element, f"The value of {element} cannot be kept: {error}") from error

    def assigned(
        self, rules: Assigned, element: str, variables: Mapping[str, Any], onto: Mapping[str, Any] = NO_VARIABLES
    ) -> dict[str, Any]:
        """What assignments give, each seeing those before it. Raises EngineError as `kept`.

        onto: where the targets live; the part `a.b` of a variable stands there beside the other parts of `a`.
        """
        found: dict[str, Any] = {}
        for target, text in rules:
            value = self.kept(text, element, {**variables, **found} if found else variables)
            if target:
                name, *names = path_of(target)
                found[name] = placed(found.get(name, onto.get(name)), names, value)
            elif isinstance(value, Mapping):
                found.update(value)
        return found

    def keys(self, node: Node, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What a message of the node is recognised by. Raises EngineError as `kept`."""
        return {name: self.kept(text, node.id, variables) for name, text in node.keys if name}

    # variables

    def variables(self, scope: int) -> Mapping[str, Any]:
        """All variables that a scope sees, inner ones before outer ones of the same name."""
        return self.state.seen(scope)

    def write(self, scope: int, variables: Mapping[str, Any]) -> None:
        """Each variable goes to the innermost scope that has one of its name, otherwise to the repetition around it,
        otherwise to the instance. BPMN 2.0.2, 13.3.7: each instance of a repeated activity has data of its own."""
        if not variables:
            return
        self.changed = True
        for name, value in variables.items():
            self._holder(scope, name)[name] = value

    def is_known(self, scope: int, name: str) -> bool:
        """Whether a scope or one around it has a variable of the name."""
        return name in self._holder(scope, name)

    def _holder(self, scope: int, name: str) -> dict[str, Any]:
        own: dict[str, Any] | None = None
        while scope > 0:
            held = self.state.scopes[scope]
            if name in held.variables:
                return held.variables
            if own is None and held.kind == SHELL and self.state.scopes[held.parent].kind == MANY:
                own = held.variables
            scope = held.parent
        return self.state.variables if own is None or name in self.state.variables else own
