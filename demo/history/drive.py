"""The driver: moves the time from event to event, lets due things happen, and tells everybody what the ledger says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from audit.context import replaying
from audit.due import run_due
from audit.models import Entry
from audit.prepared import prepared
from demo.history.arrivals import arrivals
from demo.history.bookkeeping import Bookkeeping
from demo.history.clientele import Clientele
from demo.history.custodians import Custodians
from demo.history.deciding import Deciding
from demo.history.due import sweep
from demo.history.ending import leave_things_open
from demo.history.hours import starts_and_ends
from demo.history.managing import Managing
from demo.history.ordering import BRANCHES, Ordering
from demo.history.scene import Scene
from demo.history.timeline import Timeline
from demo.history.workforce import Workforce
from demo.load import Firm
from integrations.models import OutboxCall
from orders.models import ClientRequest, Order
from work.models import Queue, WorkItem

TICK = timedelta(minutes=15)  # appointments begin at quarters of an hour
LUNCH_ENDS = timedelta(hours=4, minutes=10)


@dataclass(frozen=True)
class Progress:
    """How far the history is."""

    reached: datetime
    share: float  # of the time, 0 to 1
    orders: int


@prepared
def _written_after(key: int) -> QuerySet[Entry, tuple[int, str, str]]:
    return Entry.objects.filter(pk__gt=key).order_by("pk").values_list("pk", "fact", "subject")


@prepared
def _order(public_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(public_id=public_id)


@prepared
def _item(public_id: UUID) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(public_id=public_id)


class _Drive:
    """One run."""

    def __init__(self, scene: Scene, since: datetime) -> None:
        self.scene, self.since, self.day = scene, since, since.date()
        self.ordering, self.workforce = Ordering(scene), Workforce(scene)
        self.deciding, self.clientele = Deciding(scene), Clientele(scene)
        self.custodians, self.managing = Custodians(scene), Managing(scene)
        self.bookkeeping = Bookkeeping(scene)
        self.queues = {row.pk: row for row in Queue.objects.select_related("branch", "team")}
        self.last_entry = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.heard: dict[str, Callable[[str, datetime], None]] = {
            "orders.order.submitted": self._order_submitted,
            "orders.order.completed": self._order_completed,
            "work.item.opened": self._item_opened,
            "orders.request.opened": self._request_opened,
            "integrations.call.queued": self._call_queued,
            "approvals.log.opened": lambda ref, now: self.deciding.logged(int(ref), now),
            "sla.clock.breached": lambda ref, now: self.managing.breached(int(ref), now),
        }

    def prepare(self, share: float) -> None:
        """Put down what is known from the start: arrivals, and the days of the branches."""
        zones = {family: self.scene.firm.branches[code].timezone for family, code in BRANCHES.items()}
        plan, until = self.scene.plan, self.scene.timeline.until
        known = {product for shares in plan["shares"].values() for product in shares} & set(self.ordering.products)
        for arrival in arrivals(plan, zones=zones, since=self.since, until=until, seed=self.scene.seed, share=share):
            if arrival.product in known:
                self.ordering.expect(arrival)
        for cal in self.scene.calendars.values():
            for start, _end in starts_and_ends(cal, self.since, until):
                self.scene.timeline.at(start, self.workforce.come_to_work)
                self.scene.timeline.at(start + LUNCH_ENDS, self.workforce.come_to_work)
        self.bookkeeping.prepare(self.since)
        day = self.since + timedelta(days=1)
        while day < until:
            self.scene.timeline.at(day, self.managing.open_places)
            day += timedelta(days=1)

    def run(self, tell: Callable[[Progress], None]) -> None:
        """Play everything up to the end."""
        tick = _quarter_after(self.since)
        until = self.scene.timeline.until
        while (when := self.scene.timeline.next_time()) is not None:
            while tick <= when:
                self._due(tick)
                tick += TICK
            self._listen(self.scene.timeline.happen())
            tell(Progress(when, (when - self.since) / (until - self.since), self.ordering.submitted))
        while tick <= until:
            self._due(tick)
            tick += TICK
        self._due(until)

    def _due(self, now: datetime) -> None:
        # Rules and processes come into force on a date: once a day is enough for them.
        new_day = now.date() != self.day
        self.day = now.date()
        if run_due(now) if new_day else sweep(now):
            self._listen(now)

    def _listen(self, now: datetime) -> None:
        """Tell everybody what was written to the ledger since the last time."""
        for pk, fact, subject in _written_after(self.last_entry):
            self.last_entry = pk
            if fact in self.heard:
                self.heard[fact](subject.rpartition(":")[2], now)

    def _order_submitted(self, ref: str, now: datetime) -> None:
        [order] = _order(UUID(ref))
        if self._is_a_client_s(order):
            self.clientele.submitted(order, now)

    def _order_completed(self, ref: str, now: datetime) -> None:
        [order] = _order(UUID(ref))
        if self._is_a_client_s(order):
            self.clientele.completed(order, now)

    def _is_a_client_s(self, order: Order) -> bool:
        return order.pk not in self.scene.staged and order.client_id in self.scene.speakers

    def _item_opened(self, ref: str, now: datetime) -> None:
        [item] = _item(UUID(ref))
        if item.order_id in self.scene.staged:
            return
        item.queue = self.queues[item.queue_id]
        room = self.deciding if item.kind == WorkItem.Kind.APPROVAL else self.workforce
        room.opened(item, now)

    def _request_opened(self, ref: str, now: datetime) -> None:
        request = ClientRequest.objects.select_related("order").get(public_id=UUID(ref))
        if request.order_id not in self.scene.staged:
            self.clientele.asked(request, now)

    def _call_queued(self, ref: str, now: datetime) -> None:
        self.custodians.called(OutboxCall.objects.get(public_id=UUID(ref)), now)


def _quarter_after(at: datetime) -> datetime:
    return at + TICK - (at - datetime.min.replace(tzinfo=UTC)) % TICK


def make_history(
    firm: Firm,
    *,
    until: datetime,
    seed: int,
    share: float = 1.0,
    tell: Callable[[Progress], None] = lambda _: None,
) -> int:
    """Play the firm's life from `firm.now` to `until`; returns how many orders were submitted.

    share: of the orders of `generated.yaml`; small for tests.
    """
    until = until.astimezone(UTC)
    with replaying():
        scene = Scene(firm, seed, Timeline(until))
        drive = _Drive(scene, firm.now)
        drive.prepare(share)
        leave_things_open(scene, drive.ordering, drive.clientele)
        drive.run(tell)
    return drive.ordering.submitted
