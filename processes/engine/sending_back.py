"""Sending back: the token of an open task goes to an earlier step instead of on, without a flow that is drawn.

It goes only to a step beside the task, in the same process or sub-process, and only while it is the one token there:
beside others it would come to a split again whose other ways are still gone, and to a join that waits for them. To its
own node it may always go: that opens the task anew.
"""

from __future__ import annotations

from processes.engine.errors import EngineError
from processes.engine.graph import Graph, Node
from processes.engine.run import Run, Token
from processes.engine.state import FLOW, Place, State
from processes.engine.waiting import call_off, unwatch

STEPS = frozenset(("userTask", "manualTask"))


def send_back(run: Run, task: int, to: str) -> None:
    """Call an open task off and put its token on a step. Raises EngineError(unknown_task, no_way_back)."""
    place = run.state.tasks.get(task)
    if place is None or run.graph.nodes[place.node].element not in STEPS:
        raise EngineError("unknown_task", "", f"Expected an open step of a person, but task {task} is none.")
    if to not in steps_beside(run.graph, run.state, place):
        message = f'Expected a step to which "{place.node}" can be sent back, but "{to}" is none.'
        raise EngineError("no_way_back", place.node, message)
    call_off(run, task)
    unwatch(run, task)
    run.left(run.graph.nodes[place.node], place.scope, called_off=True)
    run.ready.append(Token(to, place.scope))


def steps_beside(graph: Graph, state: State, place: Place) -> set[str]:
    """The steps of people to which the token of a task could be put, the task's own among them."""
    holder = state.scopes[place.scope]
    if holder.kind != FLOW:
        return set()
    if holder.live != 1 or holder.joins:
        return {place.node}
    return {node.id for node in graph.nodes.values() if _is_beside(node, graph.nodes[place.node])}


def _is_beside(node: Node, task: Node) -> bool:
    return node.element in STEPS and node.scope == task.scope
