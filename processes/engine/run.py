"""One `advance` at work: tokens that are ready to move, and the effects so far."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.engine.document import Flow
from processes.engine.effects import (
    CancelTask,
    CancelTimer,
    Effect,
    Entered,
    Finished,
    Left,
    OpenTask,
    ReachMilestone,
    SetTimer,
)
from processes.engine.errors import EngineError
from processes.engine.graph import Graph, Node
from processes.engine.state import ROOT, ScopeState, State
from processes.engine.timers import TimerRule

Evaluate = Callable[[str, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Token:
    """A token about to enter `node` in `scope` by `flow` ("" where none led to it)."""

    node: str
    scope: int
    flow: str = ""


@dataclass(slots=True)
class Run:
    """The working copy of an instance during one event."""

    graph: Graph
    state: State
    now: datetime
    evaluate: Evaluate
    effects: list[Effect] = field(default_factory=list)
    ready: deque[Token] = field(default_factory=deque)

    # tokens

    def put(self, node: str, scope: int) -> None:
        """A new token at a node."""
        self.state.scopes[scope].live += 1
        self.ready.append(Token(node, scope))

    def enter(self, node: Node) -> None:
        """Say that a token came to the node, and reach its milestone."""
        self.effects.append(Entered(node.id))
        key = node.attributes.get("milestone", {}).get("key")
        if key:
            self.effects.append(ReachMilestone(key, node.id))

    def leave(self, node: Node, scope: int, flows: tuple[Flow, ...] | None = None) -> None:
        """One token leaves by the flows, by default by all that its conditions allow; none: the token ends here."""
        taken = self.open_flows(node) if flows is None else flows
        self.effects.append(Left(node.id))
        self.state.scopes[scope].live += len(taken) - 1
        self.ready.extend(Token(flow.target, scope, flow.id) for flow in taken)
        self._close_if_empty(scope)

    def open_flows(self, node: Node) -> tuple[Flow, ...]:
        """Flows without a condition or whose condition holds; the default flow where no condition holds."""
        usual = [flow for flow in node.outgoing if flow.id != node.default]
        taken = tuple(flow for flow in usual if not flow.condition or self.holds(flow))
        if taken or not node.outgoing:
            return taken
        if node.default:
            return (self.graph.flows[node.default],)
        message = f'Expected a flow out of "{node.name or node.id}" whose condition holds, but none does.'
        raise EngineError("no_flow_taken", node.id, message)

    def holds(self, flow: Flow) -> bool:
        """Whether a flow's condition is true; null counts as not true."""
        value = self.value(flow.condition, flow.id)
        if value is None or isinstance(value, bool):
            return bool(value)
        message = f"Expected true or false from the condition of {flow.id}, but it gives {value!r}."
        raise EngineError("not_a_boolean", flow.id, message)

    def value(self, text: str, element: str) -> Any:
        """Value of an expression over the variables. Raises EngineError(expression_failed).

        The evaluator is the caller's: whatever it raises is this element's failure and is kept as the cause.
        """
        try:
            return self.evaluate(text, self.state.variables)
        except Exception as error:
            raise EngineError("expression_failed", element, f"The expression of {element} failed: {error}") from error

    # what waits

    def open_task(self, node: Node, scope: int) -> None:
        """A task waits for its completion, watched by its boundary timers."""
        number = self.state.number()
        self.state.tasks[number] = (node.id, scope)
        self.effects.append(OpenTask(number, node.id))
        self.watch(node, number)

    def set_timer(self, node: Node, scope: int) -> None:
        """An event waits for its time."""
        self.state.timers[self._timer(node)] = (node.id, scope)

    def watch(self, host: Node, number: int) -> None:
        """Set the boundary timers of a task or scope."""
        for boundary in host.boundary:
            self.state.guards[self._timer(self.graph.nodes[boundary])] = (boundary, number)

    def unwatch(self, number: int) -> None:
        """Cancel the boundary timers of a task or scope."""
        for timer in [timer for timer, (_, host) in self.state.guards.items() if host == number]:
            node, _ = self.state.guards.pop(timer)
            self.effects.append(CancelTimer(timer, node))

    def open_scope(self, node: Node, parent: int) -> None:
        """A sub-process begins at its start event."""
        number = self.state.number()
        self.state.scopes[number] = ScopeState(node.id, parent)
        self.watch(node, number)
        self.put(node.start, number)

    def cancel_task(self, number: int) -> None:
        """Cancel an open task with its timers."""
        node, _ = self.state.tasks.pop(number)
        self.effects.append(CancelTask(number, node))
        self.unwatch(number)
        self.effects.append(Left(node))

    def cancel_scope(self, number: int) -> None:
        """Cancel everything that waits in a scope, inner scopes included, and the scope with its timers."""
        for task in [task for task, (_, scope) in self.state.tasks.items() if scope == number]:
            self.cancel_task(task)
        for timer in [timer for timer, (_, scope) in self.state.timers.items() if scope == number]:
            node, _ = self.state.timers.pop(timer)
            self.effects += [CancelTimer(timer, node), Left(node)]
        for inner in [inner for inner, scope in self.state.scopes.items() if scope.parent == number]:
            self.cancel_scope(inner)
        self.unwatch(number)
        scope_node = self.state.scopes.pop(number).node
        if scope_node:
            self.effects.append(Left(scope_node))

    def end_with(self, outcome: str) -> None:
        """Remember how the order ends: the first end that is not "completed" wins."""
        if self.state.outcome in ("", "completed"):
            self.state.outcome = outcome or "completed"

    def finish(self, outcome: str) -> None:
        """Nothing is left to do."""
        self.state.outcome = outcome
        self.state.finished = True
        self.effects.append(Finished(outcome))

    def _timer(self, node: Node) -> int:
        due = self._due(node)
        number = self.state.number()
        self.effects.append(SetTimer(number, node.id, due))
        return number

    def _due(self, node: Node) -> datetime:
        rule = node.timer or TimerRule("timeDuration", "")
        try:
            return rule.due(self.now, lambda text: self.value(text, node.id))
        except ValueError as error:
            raise EngineError("bad_timer", node.id, f"The time of {node.id} is not one: {error}") from error

    def _close_if_empty(self, number: int) -> None:
        scope = self.state.scopes[number]
        if scope.live:
            return
        if number == ROOT:
            del self.state.scopes[number]
            self.finish(self.state.outcome or "completed")
            return
        self.unwatch(number)
        del self.state.scopes[number]
        self.leave(self.graph.nodes[scope.node], scope.parent)
