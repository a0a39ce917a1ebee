"""The simulated custodians' books: what they confirmed on a day, read from the answers that they gave."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import NAMESPACE_URL, uuid5

from calendars.queries import calendar
from calendars.rules import Calendar, is_working, subtract_business_days
from demo.custodian import Confirmed
from integrations.models import Connector, OutboxCall
from integrations.queries import confirmed_between
from reconciliation.rules import span_of


def confirmed_on(connector: Connector, day: date) -> list[Confirmed]:
    """What a custodian confirmed on a working day, of what its statements list."""
    calls = confirmed_between(connector, *span_of(_calendar(connector), day))
    return [_confirmed(call) for call in calls.filter(operation__in=connector.settings["statement"]["operations"])]


def sent_at(connector: Connector, morning: date) -> datetime | None:
    """When a custodian sends its statement on a date; None on a day without work."""
    cal = _calendar(connector)
    if not is_working(cal, morning):
        return None
    return datetime.combine(morning, time.fromisoformat(connector.settings["statement"]["sent_at"]), cal.zone)


def morning_of(connector: Connector, now: datetime) -> date:
    """The date at a custodian."""
    return now.astimezone(_calendar(connector).zone).date()


def day_before(connector: Connector, morning: date) -> date:
    """The working day that the statement of a morning is about."""
    return subtract_business_days(_calendar(connector), morning, 1)


def message_id(code: str, day: date) -> str:
    """Under which id a custodian sends the statement of a day: always the same."""
    return str(uuid5(NAMESPACE_URL, f"{code}:statement:{day.isoformat()}"))


def _confirmed(call: OutboxCall) -> Confirmed:
    money = call.payload["variables"].get("amount")
    amount, currency = (money["amount"], money["currency"]) if isinstance(money, dict) else ("", "")
    return Confirmed(call.reference, call.operation, str(call.payload["order"]), amount, currency)


def _calendar(connector: Connector) -> Calendar:
    return calendar(connector.settings["calendar"])
