"""Whether an order can be urged, and from when on its client's side may ask again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from calendars.queries import calendar
from orders import rules
from orders.models import Order, State
from processes.queries import open_nodes

URGED_IN = (State.SUBMITTED, State.IN_PROGRESS, State.EXCEPTION)  # our turn; while waiting it is the client's


@dataclass(frozen=True)
class Asked:
    """That the client's side asked us to hurry, and from when on it may ask again."""

    urged_at: datetime
    again_at: datetime


def can_be_urged(order: Order) -> bool:
    """Whether it is our turn, so that there is somebody to hurry."""
    return order.state in URGED_IN


def asked_already(order: Order, now: datetime) -> Asked | None:
    """The client's urge that still counts: of this working day and this place. One statement.

    Source: seed decision 16.
    """
    cal = calendar(order.branch.calendar)
    day = rules.day_begun(cal, now)
    counting = order.urges.filter(from_client=True, working_day=day, nodes=place_of(order))
    urged_at = counting.values_list("urged_at", flat=True).first()
    return Asked(urged_at, rules.next_opening(cal, day)) if urged_at else None


def place_of(order: Order) -> str:
    """Where the order stands in its process, as an urge keeps it."""
    nodes = open_nodes(order.process) if order.process else []
    return ",".join(nodes)[:500]
