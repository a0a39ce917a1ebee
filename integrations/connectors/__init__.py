"""The ways to reach a connected system, one module a way; each has `send(call)`, which raises NotDelivered."""

from __future__ import annotations

from integrations.connectors import file_drop, rest
from integrations.models import Connector, OutboxCall

WAYS = {Connector.Way.REST: rest.send, Connector.Way.FILE: file_drop.send}


def send(call: OutboxCall) -> None:
    """Hand a call to the other side by its connector's way. Never inside a transaction. Raises NotDelivered."""
    WAYS[Connector.Way(call.connector.way)](call)
