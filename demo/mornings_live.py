"""The simulated custodians' mornings as they run in the demo: each working day one statement of the day before."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta

from demo import books
from demo.custodian import statement_of
from demo.custodian_live import Custodian, Desk
from integrations.models import Connector

LOOKS_EVERY = timedelta(minutes=1)
LATE = timedelta(hours=5)


class Mornings:
    """Looks once a minute whether a statement is to go out; the same one again, after a restart, is taken once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.sent: set[str] = set()
        self.looks_at: datetime | None = None

    def is_time(self, now: datetime) -> bool:
        """Whether a minute has passed since the last look."""
        return self.looks_at is None or now >= self.looks_at

    def look(self, now: datetime) -> int:
        """Hand out the statements whose hour has come; returns how many."""
        self.looks_at = now + LOOKS_EVERY
        rows = [row for row in Connector.objects.order_by("code") if row.settings.get("statement")]
        return sum(self._hand_out(row, now) for row in rows)

    def _hand_out(self, connector: Connector, now: datetime) -> bool:
        habits = connector.settings["statement"]
        morning = books.morning_of(connector, now)
        at, day = books.sent_at(connector, morning), books.day_before(connector, morning)
        message_id = books.message_id(connector.code, day)
        dice = random.Random(message_id)
        late = LATE if dice.random() < habits["late"] else timedelta()
        if at is None or now < at + late or message_id in self.sent:
            return False
        self.sent.add(message_id)
        said = statement_of(day, books.confirmed_on(connector, day), dice, habits)
        custodian = Custodian(connector.code, connector.way, connector.secret, connector.settings)
        self.desk.say(custodian, json.dumps(said).encode(), message_id)
        return True
