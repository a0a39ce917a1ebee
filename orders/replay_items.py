"""What a recorded loan log says about one application: its work items, who worked on them and when. Pure.

A work item is opened by SCHEDULE, taken up and put down by pairs of START and COMPLETE, and done with its last
COMPLETE. A COMPLETE with no START before it is a sitting of no length: the item was taken up and closed in one go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from orders.replay_log import LogEvent

ENDINGS = {"A_APPROVED": "approved", "A_ACTIVATED": "approved", "A_DECLINED": "declined", "A_CANCELLED": "cancelled"}
AUTOMATIC = "112"
"""The resource under which the bank's own system wrote its events."""


@dataclass
class Sitting:
    """One stretch of work on an item. `stop` is None while nobody put the item down again."""

    start: datetime
    person: str | None
    stop: datetime | None = None
    closed_by: str | None = None


@dataclass
class RecordedItem:
    """One work item of the log. `opened_by` is the recorded resource of the SCHEDULE, if any."""

    node: str
    opened_at: datetime
    line: int
    opened_by: str | None = None
    sittings: list[Sitting] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        """Nobody ever took the item up."""
        return not self.sittings

    @property
    def current(self) -> Sitting | None:
        """The sitting that is still going on, if any."""
        return self.sittings[-1] if self.sittings and self.sittings[-1].stop is None else None


def recorded_items(events: Sequence[LogEvent]) -> list[RecordedItem]:
    """The application's work items in the order in which they were opened.

    events: of one application, in their order.
    """
    items: list[RecordedItem] = []
    for event in events:
        if event.node is None:
            _name_sitting(items, event)
        elif event.lifecycle == "SCHEDULE":
            items.append(RecordedItem(event.node, event.at, event.line, event.person))
        elif event.lifecycle == "START":
            _start(items, event)
        else:
            _stop(items, event)
    return items


def ending(events: Sequence[LogEvent]) -> str | None:
    """How the application ended: approved, declined or cancelled; None while it is open."""
    return next((ENDINGS[event.activity] for event in events if event.activity in ENDINGS), None)


def _start(items: list[RecordedItem], event: LogEvent) -> None:
    item = _latest(items, event)
    item.sittings.append(Sitting(event.at, event.person))


def _stop(items: list[RecordedItem], event: LogEvent) -> None:
    item = next((item for item in reversed(items) if item.node == event.node and item.current), None)
    if item is None:
        _latest(items, event).sittings.append(Sitting(event.at, event.person, event.at, event.person))
        return
    sitting = item.current
    if sitting is not None:
        sitting.stop, sitting.closed_by = event.at, event.person or sitting.person
        sitting.person = sitting.person or event.person


def _latest(items: list[RecordedItem], event: LogEvent) -> RecordedItem:
    """The youngest item of the event's node; work without a SCHEDULE opens one."""
    for item in reversed(items):
        if item.node == event.node:
            return item
    items.append(RecordedItem(str(event.node), event.at, event.line, event.person))
    return items[-1]


def _name_sitting(items: list[RecordedItem], event: LogEvent) -> None:
    """A state that a person set while an item was being worked on tells who that person is."""
    sitting = next((item.current for item in reversed(items) if item.current), None)
    if sitting is not None and sitting.person is None and event.person not in (None, AUTOMATIC):
        sitting.person = event.person
