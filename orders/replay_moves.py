"""Turns what a log recorded about an application into moves of our own process. Pure.

The log is history, so it is read with foresight: what the person who completed an item answered in the field `next` is
what the log shows next. Nothing is invented for work that the log does not hold; what can't be a move is named by kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from orders.replay_items import RecordedItem, Sitting, ending, recorded_items
from orders.replay_log import Application, LogEvent

CREDIT_CHECKS = {"handle_lead": "unsure", "complete_application": "good", "examine_fraud": "suspicious"}


@dataclass(frozen=True)
class Move:
    """One thing that somebody or the clock did.

    kind: submit, start, put_down or complete. item: number of the recorded work item from 0, -1 at submission.
    person: the log's resource, None where it names nobody. next: the answer given on completion.
    """

    kind: str
    at: datetime
    person: str | None = None
    node: str = ""
    item: int = -1
    next: str = ""


@dataclass(frozen=True)
class Plan:
    """All moves of one application in time, and what its log holds beside them.

    items: the recorded work items by number. left_out: (item number, kind) of those that no move can reach.
    """

    application: Application
    credit_check: str
    moves: tuple[Move, ...]
    items: tuple[RecordedItem, ...]
    left_out: tuple[tuple[int, str], ...] = ()

    @property
    def variables(self) -> dict[str, object]:
        """The order form's fields as submitted."""
        return {"amount": self.application.amount, "credit_check": self.credit_check}


@dataclass
class _Route:
    """The items that can be worked, in order, and the end they lead to."""

    items: list[tuple[int, RecordedItem]]
    outcome: str
    left_out: list[tuple[int, str]] = field(default_factory=list)


def plan(application: Application, events: Sequence[LogEvent]) -> Plan:
    """The moves of one application.

    events: all of this application, in their order; at least one.
    """
    items = recorded_items(events)
    route = _route(items, ending(events) or "open")
    moves = [Move("submit", events[0].at, events[0].person)]
    for position in range(len(route.items)):
        moves += _item_moves(route, position)
    ordered = _apart(sorted(moves, key=lambda move: move.at))
    return Plan(application, _credit_check(route), ordered, tuple(items), tuple(route.left_out))


def _apart(moves: list[Move]) -> tuple[Move, ...]:
    """Moves recorded at one instant get a microsecond between them, so that a time names one move."""
    apart = moves[:1]
    for move in moves[1:]:
        earliest = apart[-1].at + timedelta(microseconds=1)
        apart.append(replace(move, at=max(move.at, earliest)))
    return tuple(apart)


def _route(items: list[RecordedItem], outcome: str) -> _Route:
    route = _Route([], outcome)
    for number, item in enumerate(items):
        waits_at_end = number == len(items) - 1 and outcome == "open"
        if item.is_idle and not waits_at_end:
            route.left_out.append((number, f"{item.node}: opened and never taken up"))
        else:
            route.items.append((number, item))
    return route


def _credit_check(route: _Route) -> str:
    if route.items:
        return CREDIT_CHECKS.get(route.items[0][1].node, "unsure")
    return "bad" if route.outcome == "declined" else "unsure"


def _item_moves(route: _Route, position: int) -> list[Move]:
    number, item = route.items[position]
    is_last = position == len(route.items) - 1
    handed_on_at = None if is_last else _first_touch(route.items[position + 1][1])
    in_time = [sitting for sitting in item.sittings if handed_on_at is None or sitting.start < handed_on_at]
    too_late = item.sittings[len(in_time) :]
    moves: list[Move] = []
    for sitting in in_time[:-1]:
        moves += _sitting_moves(number, item, sitting)
    if in_time:
        moves += _last_sitting_moves(route, position, in_time[-1], handed_on_at)
    for sitting in too_late:
        moves += _sitting_moves(number, item, sitting)
    return moves


def _first_touch(item: RecordedItem) -> datetime | None:
    return item.sittings[0].start if item.sittings else None


def _sitting_moves(number: int, item: RecordedItem, sitting: Sitting) -> list[Move]:
    moves = [Move("start", sitting.start, sitting.person, item.node, number)]
    if sitting.stop is not None:
        moves.append(Move("put_down", sitting.stop, sitting.person, item.node, number))
    return moves


def _last_sitting_moves(route: _Route, position: int, sitting: Sitting, handed_on_at: datetime | None) -> list[Move]:
    number, item = route.items[position]
    is_last = position == len(route.items) - 1
    if is_last and route.outcome == "open":
        return _sitting_moves(number, item, sitting)
    done_at = max(sitting.start, min(sitting.stop or sitting.start, handed_on_at or sitting.stop or sitting.start))
    moves = [Move("start", sitting.start, sitting.person, item.node, number)]
    if sitting.closed_by not in (None, sitting.person):
        moves.append(Move("put_down", done_at, sitting.person, item.node, number))
        moves.append(Move("start", done_at, sitting.closed_by, item.node, number))
    answer = _answer(route, position)
    person = sitting.closed_by or sitting.person
    return [*moves, Move("complete", done_at, person, item.node, number, answer)]


def _answer(route: _Route, position: int) -> str:
    """The field `next` of the completed item: the node of the item after it, or the end."""
    if position + 1 < len(route.items):
        return route.items[position + 1][1].node
    return route.outcome
