"""The custodians' morning: each sends what it confirmed on the working day before; now and then it is late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import orjson

from demo import books
from demo.custodian import statement_of
from demo.history.scene import Scene
from integrations import actions as integrations
from integrations.messages import read_incoming
from integrations.models import Connector
from processes.models import ProcessModel

PROCESS = "daily_reconciliation"
LATE_MINUTES = (240, 420)  # after its hour: past the time at which it is missed


class Bookkeeping:
    """The statements of both custodians."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        wanted = ProcessModel.objects.filter(key=PROCESS).exists()
        rows = Connector.objects.order_by("code") if wanted else ()
        self.connectors = [row for row in rows if row.settings.get("statement")]

    def prepare(self, since: datetime) -> None:
        """Put down every morning of the history."""
        for connector in self.connectors:
            morning = since.astimezone(UTC).date()
            while morning <= self.scene.timeline.until.date():
                self._put_down(connector, morning, since)
                morning += timedelta(days=1)

    def _put_down(self, connector: Connector, morning: date, since: datetime) -> None:
        at, day = books.sent_at(connector, morning), books.day_before(connector, morning)
        if at is None or at < since:
            return
        draws = self.scene.draws("statement", connector.code, day.isoformat())
        if draws.chance(connector.settings["statement"]["late"]):
            at += timedelta(minutes=draws.between(*LATE_MINUTES))
        self.scene.timeline.at(at.astimezone(UTC), partial(self._send, connector, day))

    def _send(self, connector: Connector, day: date, now: datetime) -> None:
        draws = self.scene.draws("statement", connector.code, day.isoformat(), "lines")
        said = statement_of(day, books.confirmed_on(connector, day), draws.random, connector.settings["statement"])
        read = read_incoming(orjson.dumps(said))
        integrations.receive(
            connector,
            message_id=books.message_id(connector.code, day),
            kind=read.kind,
            call_id=read.call_id,
            payload=read.payload,
            actor=connector.as_actor(),
            now=now,
        )
