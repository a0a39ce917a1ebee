"""Custodians that confirm and send statements, and the mornings on which they are compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson

from audit.context import replaying
from audit.due import run_due
from integrations import actions as integrations
from integrations.messages import read_incoming
from integrations.models import Connector, InboxMessage, OutboxCall
from orders.models import Order
from processes.models import Instance
from reconciliation.models import Break
from tests.firm import Cast
from tests.integrations.calls import waiting_call

MONDAY_NOON = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)  # 07:00 in New York
DAY = timedelta(days=1)


def pass_time(to: datetime) -> None:
    """What is due up to a moment happens."""
    with replaying():
        run_due(to)


def confirmed(firm: Cast, at: datetime, *, key: str = "key-1", custodian: str = "meridian") -> OutboxCall:
    """A transfer of ana's that a custodian confirmed: 1,000 dollars."""
    call = waiting_call(firm, at, key=key, custodian=custodian)
    answer = {"outcome": "acknowledged", "reference": f"REF-{key}", "code": ""}
    message = receive(custodian, at, answer, call_id=str(call.public_id))
    integrations.apply_message(message.pk, actor=call.connector.as_actor(), now=at)
    call.refresh_from_db()
    return call


def line(call: OutboxCall, **changed: Any) -> dict[str, Any]:
    """A confirmed call as a statement lists it."""
    said = {"reference": call.reference, "operation": call.operation, "order": call.order.number}
    return {**said, "amount": "1000.00", "currency": "USD", **changed}


def statement(*lines: dict[str, Any], day: str = "2026-11-16") -> dict[str, Any]:
    """A statement as bytes say it."""
    return {"kind": "statement", "day": day, "count": len(lines), "lines": list(lines)}


def send(custodian: str, at: datetime, said: dict[str, Any], *, message_id: str = "") -> InboxMessage:
    """A custodian's message comes in, and what follows from it happens."""
    read = read_incoming(orjson.dumps(said))
    message = receive(custodian, at, read.payload, kind=read.kind, message_id=message_id)
    pass_time(at)
    message.refresh_from_db()
    return message


def receive(custodian: str, at: datetime, payload: dict[str, Any], **about: Any) -> InboxMessage:
    connector = Connector.objects.get(code=custodian)
    about = {"call_id": "", **about, "message_id": about.get("message_id") or uuid4().hex}
    return integrations.receive(connector, payload=payload, **about, actor=connector.as_actor(), now=at)


def run_of_today() -> Instance:
    """The newest run of the daily reconciliation."""
    return Instance.objects.filter(version__model__key="daily_reconciliation").latest("pk")


def breaks() -> list[tuple[str, str, str]]:
    """Kind, severity and reference of every break."""
    return list(Break.objects.order_by("pk").values_list("kind", "severity", "reference"))


def order_of(found: Break) -> Order:
    return Order.objects.select_related("product", "client").get(reconciliation_break=found)
