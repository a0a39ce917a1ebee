"""A thrown message: its name, what it is recognised by, and what it says."""

from __future__ import annotations

from processes.engine.effects import ThrowMessage
from processes.engine.graph import Node
from processes.engine.run import Run


def throw(run: Run, node: Node, scope: int) -> None:
    """Hand a message to the caller, who finds the one that waits for it. Without a name there is nothing to send."""
    if node.event is None or not node.event.name:
        return
    seen = run.variables(scope)
    payload = run.assigned(node.payload, node.id, seen)
    keys = run.keys(node, {**seen, **payload})
    given = {name: value for name, value in keys.items() if value is not None}
    run.effects.append(ThrowMessage(node.id, node.event.name, given, payload))
