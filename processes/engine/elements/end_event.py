"""End events: the token ends; `tl:outcome` says how the order ends. What is thrown has its effect first."""

from __future__ import annotations

from processes.engine import closing, compensating
from processes.engine.cancelling import clear
from processes.engine.effects import Left
from processes.engine.elements.behaviour import Behaviour
from processes.engine.elements.throw_event import compensating_event, escalation, signal, throwing
from processes.engine.graph import Node
from processes.engine.messages import throw
from processes.engine.rules import EventRule
from processes.engine.run import Run, Token
from processes.engine.state import ROOT
from processes.engine.throwing import Thrown, receive, throw_error


def enter(run: Run, node: Node, token: Token) -> None:
    """A none end event."""
    run.enter(node)
    receive(run, node, token.scope, {})
    end(run, node, token)


def end(run: Run, node: Node, token: Token) -> None:
    """Take the token away; the scope ends with its last one."""
    _keep_outcome(run, node, token.scope)
    closing.leave(run, node, token.scope, flows=())


def enter_error(run: Run, node: Node, token: Token) -> None:
    """The error ends what catches it."""
    run.enter(node)
    run.effects.append(Left(node.id))
    event = node.event or EventRule("error")
    said = run.kept(event.said, node.id, run.variables(token.scope)) if event.said else node.name
    throw_error(run, node, token.scope, Thrown(event.code, "" if said is None else str(said)))


def enter_terminate(run: Run, node: Node, token: Token) -> None:
    """Everything in the innermost process or sub-process ends, and it is done (13.5.6)."""
    run.enter(node)
    _keep_outcome(run, node, token.scope)
    clear(run, token.scope)
    scope = run.state.scopes[token.scope]
    scope.done.clear()
    scope.live = 1
    closing.leave(run, node, token.scope, flows=())


def enter_cancel(run: Run, node: Node, token: Token) -> None:
    """The transaction around it is undone and left by its cancel event."""
    run.enter(node)
    run.effects.append(Left(node.id))
    compensating.cancel_transaction(run, node, token.scope)


def _keep_outcome(run: Run, node: Node, scope: int) -> None:
    """The first end of the process itself that is not "completed" wins."""
    if scope == ROOT and run.state.outcome in ("", "completed"):
        run.state.outcome = node.outcome or "completed"


NONE = Behaviour(enter)
MESSAGE = throwing(throw, end)
SIGNAL = throwing(signal, end)
ESCALATION = throwing(escalation, end)
COMPENSATION = compensating_event(end)
ERROR = Behaviour(enter_error)
TERMINATE = Behaviour(enter_terminate)
CANCEL = Behaviour(enter_cancel)
