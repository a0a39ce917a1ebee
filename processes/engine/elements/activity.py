"""Every activity: repeated ones begin their body, those with data of their own a shell, the others just begin."""

from __future__ import annotations

from processes.engine import repeating
from processes.engine.graph import Node
from processes.engine.run import Run, Token


def enter(run: Run, node: Node, token: Token) -> None:
    """A token came to the activity."""
    run.enter(node)
    if node.loop is not None:
        repeating.begin(run, node, token.scope)
    elif node.inputs or node.outputs:
        repeating.open_shell(run, node, token.scope, {})
    else:
        node.behaviour.begin(run, node, token.scope)
