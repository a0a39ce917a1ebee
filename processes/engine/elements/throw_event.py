"""Intermediate throw events: what is thrown has its effect first; then the token goes on, unless it was interrupted."""

from __future__ import annotations

from collections.abc import Callable

from processes.engine import compensating
from processes.engine.elements.behaviour import Behaviour, goes_on
from processes.engine.graph import Node
from processes.engine.messages import throw
from processes.engine.run import LEAVE, Run, Token
from processes.engine.throwing import Thrown, escalate, throw_signal

Throw = Callable[[Run, Node, int], None]
Resume = Callable[[Run, Node, Token], None]


def throwing(effect: Throw, resume: Resume = goes_on) -> Behaviour:
    """The behaviour of an event that throws; the token stands ready to leave meanwhile."""

    def enter(run: Run, node: Node, token: Token) -> None:
        run.enter(node)
        run.ready.appendleft(Token(node.id, token.scope, step=LEAVE))
        effect(run, node, token.scope)

    return Behaviour(enter, resume=resume)


def compensating_event(resume: Resume = goes_on) -> Behaviour:
    """The behaviour of an event that asks for compensation; its token leaves when that is done."""

    def enter(run: Run, node: Node, token: Token) -> None:
        run.enter(node)
        compensating.compensate(run, node, token.scope)

    return Behaviour(enter, resume=resume)


def signal(run: Run, node: Node, scope: int) -> None:
    """Throw the event's signal with what it says."""
    payload = run.assigned(node.payload, node.id, run.variables(scope))
    throw_signal(run, node, node.event.name if node.event else "", payload)


def escalation(run: Run, node: Node, scope: int) -> None:
    """Throw the event's escalation."""
    escalate(run, node, scope, Thrown(node.event.code if node.event else ""))


MESSAGE = throwing(throw)
SIGNAL = throwing(signal)
ESCALATION = throwing(escalation)
COMPENSATION = compensating_event()
