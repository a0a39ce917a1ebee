"""What the engine's effects do in integrations: a service task becomes a call in the outbox."""

from __future__ import annotations

from audit.actions import record
from audit.claims import lock
from integrations.models import Connector, OutboxCall
from integrations.refusals import NoSuchConnector
from processes.steps import OpenedTask


def queue_call(task: OpenedTask) -> None:
    """A service task of kind custodian opened: write the call down; the worker sends it after the commit."""
    code = task.attribute("call", "connector")
    if code.startswith("{"):
        code = str(task.variables.get(code.strip("{}"), ""))
    connector = Connector.objects.filter(code=code).first()
    if connector is None:
        raise NoSuchConnector(f'Expected a connected custodian, but there is none with the code "{code}".')
    call = OutboxCall.objects.create(
        connector=connector,
        order=task.order,
        task=task.task,
        node=task.node.id,
        operation=task.attribute("call", "operation"),
        payload=_payload(task),
        created_at=task.now,
        next_attempt_at=task.now,
    )
    _record("integrations.call.queued", call, task)


def withdraw_call(task: OpenedTask) -> None:
    """The process no longer waits for the answer; one that still comes is kept as late."""
    call = lock(OutboxCall.objects.filter(order=task.order, task=task.task)).select_related("connector").get()
    if call.state in (OutboxCall.State.ANSWERED, OutboxCall.State.WITHDRAWN):
        return
    call.withdraw()
    call.next_attempt_at = None
    call.save()
    _record("integrations.call.withdrawn", call, task)


def _payload(task: OpenedTask) -> dict:
    order = task.order
    return {"order": order.number, "account": order.client.account, "variables": dict(task.variables)}


def _record(fact: str, call: OutboxCall, task: OpenedTask) -> None:
    record(
        fact,
        subject=f"integrations.call:{call.public_id}",
        order=task.order,
        actor=task.actor,
        now=task.now,
        data={"connector": call.connector.code, "operation": call.operation, "node": call.node},
    )
