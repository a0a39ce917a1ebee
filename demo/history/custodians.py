"""The custodians' side of a call, in moved time: taken, answered by its own calendar and shares, or left silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from audit.actors import Actor
from calendars.queries import calendar
from demo.custodian import answer_for
from demo.history.hours import after
from demo.history.scene import Scene
from integrations import actions as integrations
from integrations.models import Connector, OutboxCall

SENDER = Actor.system("outbox")


class Custodians:
    """Both simulated custodians."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.connectors = {connector.pk: connector for connector in Connector.objects.all()}

    def called(self, call: OutboxCall, now: datetime) -> None:
        """A call waits: it goes out within a minute. One whose answer lies past the end is left to the real worker."""
        draws = self.scene.order_draws(call.order_id, call.node, call.task)
        about = self.connectors[call.connector_id].settings
        reply = answer_for(call.operation, draws.random, about)
        sent = now + timedelta(seconds=draws.between(5, 55))
        answered = after(calendar(about["calendar"]), sent, int(reply.delay.total_seconds()))
        if reply.outcome == "silent":
            self.scene.timeline.at(sent, partial(self._send, call))
        elif answered < self.scene.timeline.until:
            self.scene.timeline.at(sent, partial(self._send, call))
            self.scene.timeline.at(answered, partial(self._answer, call, reply.payload))

    def _send(self, call: OutboxCall, now: datetime) -> None:
        if integrations.begin_attempt(call.pk, now=now):
            integrations.mark_sent(call.pk, actor=SENDER, now=now)

    def _answer(self, call: OutboxCall, payload: dict[str, str], now: datetime) -> None:
        connector = self.connectors[call.connector_id]
        # The message takes effect as a later reaction to its receipt, like every other.
        integrations.receive(
            connector,
            message_id=str(uuid5(NAMESPACE_URL, f"{connector.code}:{call.public_id}")),
            call_id=str(call.public_id),
            payload=payload,
            actor=connector.as_actor(),
            now=now,
        )
