"""Measures for boards and reports: depth, compliance, what is due, breaches, cycle time, throughput.

Everything is counted by the database, a few rows come back. A person sees figures of the orders that they may see.
The conditions of partial indexes are written with literals: SQLite proves them from the text only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Avg, BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from accounts.authority import held
from catalog.models import Product
from orders.models import OPEN, Order, State
from orders.money import Money
from sla.models import Breach, Clock
from work.models import OPEN as OPEN_ITEMS
from work.models import WorkItem

BANDS = ("green", "yellow", "red", "breached", "paused", "none")
MOST_ROWS = 100
_WORST_FIRST = ("breached", "red", "yellow", "green", "paused")
_WORKING = "orders_order.state IN ('submitted', 'in_progress', 'waiting_on_client')"


@dataclass(frozen=True)
class Depth:
    """Open orders of one product by band; `counts` has every key of `BANDS`. name: texts by language."""

    product: str
    name: Mapping[str, str]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Compliance:
    """How many promises of one product were kept and missed in a period."""

    product: str
    name: Mapping[str, str]
    met: int
    breached: int

    @property
    def rate(self) -> float | None:
        """Share kept, 0 to 1; None when nothing was due."""
        return share(self.met, self.breached)


@dataclass(frozen=True)
class Rated:
    """How clients rated one product's orders in a period: how many did, and the average of their stars, 1 to 5."""

    count: int
    average: float


@dataclass(frozen=True)
class WeekCompliance:
    """How many promises were kept and missed in the week that begins on that Monday."""

    monday: date
    met: int
    breached: int

    @property
    def rate(self) -> float | None:
        return share(self.met, self.breached)


@dataclass(frozen=True)
class DueOrder:
    """An order that is due soon; node, holder and item are of its oldest open work item, if any."""

    number: str
    product: Mapping[str, str]
    client: str
    due_at: datetime
    band: str
    amount: Money | None
    item: UUID | None
    node: Mapping[str, str] | None
    holder: str


@dataclass(frozen=True)
class OpenBreach:
    """A missed target that still waits for its root cause or for its work to be done. kind: service or regulatory."""

    id: int
    number: str
    product: Mapping[str, str]
    client: str
    node: Mapping[str, str] | None
    kind: str
    target: str
    breached_at: datetime
    completed_at: datetime | None
    responsible: str
    cause: str
    explanation: str
    timezone: str  # of the order's branch


@dataclass(frozen=True)
class CycleTime:
    """From submission to completion, of one product's orders completed in a period; whole time, weekends included."""

    product: str
    name: Mapping[str, str]
    orders: int
    median: timedelta
    ninetieth: timedelta


@dataclass(frozen=True)
class WeekFlow:
    """Orders received and ended in the week that begins on that Monday."""

    monday: date
    received: int
    completed: int
    rejected: int
    cancelled: int


def share(met: int, breached: int) -> float | None:
    """Kept promises as a share of all; None when there were none."""
    return met / (met + breached) if met + breached else None


def depth_by_product(user: Any, now: datetime) -> list[Depth]:
    """Open orders that the user may see, by product and band, the deepest first. Two statements."""
    opened = Order.objects.visible_to(user).filter(state__in=OPEN, submitted_at__lte=now)
    counted: dict[int, dict[str, int]] = {}
    for row in opened.order_by().values("product_id", "band").annotate(count=Count("pk")):
        counts = counted.setdefault(row["product_id"], dict.fromkeys(BANDS, 0))
        counts[row["band"] if row["band"] in BANDS else "none"] += row["count"]
    depths = [Depth(code, name, counted[pk]) for pk, code, name in _products(counted)]
    return sorted(depths, key=lambda depth: (-depth.total, depth.product))


def compliance_by_product(user: Any, since: datetime, until: datetime) -> list[Compliance]:
    """Promises (service clocks of whole orders) met or missed in [since, until), the worst rate first.

    A missed one counts when it was missed, whether or not the order is done since. Three statements.
    """
    met = dict(_met(user, since, until).values_list("product_id").annotate(Count("pk")))
    breached = dict(_breached(user, since, until).values_list("product_id").annotate(Count("pk")))
    products = _products({*met, *breached})
    rows = [Compliance(code, name, met.get(pk, 0), breached.get(pk, 0)) for pk, code, name in products]
    return sorted(rows, key=lambda row: (row.rate or 0.0, row.product))


def ratings_by_product(user: Any, since: datetime, until: datetime) -> dict[str, Rated]:
    """Ratings given in [since, until), by the product's code. One statement."""
    rated = Order.objects.visible_to(user).filter(rating__rated_at__gte=since, rating__rated_at__lt=until)
    rows = rated.order_by().values_list("product__code").annotate(Count("pk"), Avg("rating__stars"))
    return {code: Rated(count, average) for code, count, average in rows}


def compliance_trend(user: Any, since: datetime, until: datetime) -> list[WeekCompliance]:
    """The same over all products, one row for every ISO week of the user's own time zone. Two statements."""
    zone = ZoneInfo(user.timezone)
    weeks = mondays(since, until, zone)
    met = _by_week(_met(user, since, until), _week("clocks__stopped_at", weeks, zone))
    breached = _by_week(_breached(user, since, until), _week("clocks__breach_record__breached_at", weeks, zone))
    return [WeekCompliance(monday, met.get(place, 0), breached.get(place, 0)) for place, monday in enumerate(weeks)]


def due_soon(user: Any, now: datetime, hours: int = 4) -> list[DueOrder]:
    """Orders that fall due within the next hours: the worst band first, then the earliest, then the most urgent.

    At most `MOST_ROWS`. Two statements.
    """
    opened = RawSQL(_WORKING, (), BooleanField())  # noqa: S611 - our own constant
    coming = Order.objects.visible_to(user).filter(opened, due_at__gt=now, due_at__lte=now + timedelta(hours=hours))
    rank = Case(*(When(band=band, then=Value(place)) for place, band in enumerate(_WORST_FIRST)), default=Value(9))
    ranked = coming.order_by(rank, "due_at", "priority", "pk")
    orders = list(ranked.select_related("product", "client").defer("answers", "product__form")[:MOST_ROWS])
    items = _open_items(orders)
    return [_due(order, items.get(order.pk)) for order in orders]


def open_breaches(user: Any) -> list[OpenBreach]:
    """Breaches that lack their root cause first, then those whose work is still to be done; the latest first.

    At most `MOST_ROWS`. One statement.
    """
    waiting = Breach.objects.filter(Q(cause="") | Q(completed_at=None))
    visible = Order.objects.visible_to(user).filter(pk=OuterRef("clock__order_id"))
    ordered = waiting.filter(Exists(visible)).order_by(Case(When(cause="", then=0), default=1), "-breached_at", "-pk")
    found = ordered.select_related(
        "clock__order__product", "clock__order__client", "clock__order__branch", "clock__work_item", "responsible"
    )
    return [_breach(breach) for breach in found.defer("clock__order__answers", "clock__work_item__form")[:MOST_ROWS]]


def cycle_time(user: Any, since: datetime, until: datetime) -> list[CycleTime]:
    """Median and 90th percentile (nearest rank) of the time to completion, by product. Two statements."""
    done = Order.objects.visible_to(user).filter(state=State.COMPLETED, ended_at__gte=since, ended_at__lt=until)
    per_product = [F("product_id")]
    ranked = done.annotate(
        took=F("ended_at") - F("submitted_at"),
        rank=Window(RowNumber(), partition_by=per_product, order_by=[F("took"), F("pk")]),
        orders=Window(Count("pk"), partition_by=per_product),
    )
    # nearest rank of p percent: the smallest whole number that is not below p * n / 100
    wanted = ranked.filter(
        Q(rank__gte=F("orders") / 2.0, rank__lt=F("orders") / 2.0 + 1)
        | Q(rank__gte=F("orders") * 0.9, rank__lt=F("orders") * 0.9 + 1)
    )
    marks: dict[int, list[Any]] = {}
    for row in wanted.order_by("product_id", "rank").values_list("product_id", "orders", "took"):
        marks.setdefault(row[0], []).append(row[1:])
    return [
        CycleTime(code, name, marks[pk][0][0], marks[pk][0][1], marks[pk][-1][1]) for pk, code, name in _products(marks)
    ]


def throughput(user: Any, since: datetime, until: datetime) -> list[WeekFlow]:
    """Orders received and ended, one row for every ISO week of the user's own time zone. Two statements."""
    zone, visible = ZoneInfo(user.timezone), Order.objects.visible_to(user)
    weeks = mondays(since, until, zone)
    arrived = visible.filter(submitted_at__gte=since, submitted_at__lt=until)
    received = _by_week(arrived, _week("submitted_at", weeks, zone))
    ended = visible.filter(ended_at__gte=since, ended_at__lt=until).annotate(week=_week("ended_at", weeks, zone))
    rows = ended.order_by().values_list("week", "state").annotate(Count("pk"))
    counts = {(week, state): count for week, state, count in rows}
    return [
        WeekFlow(
            monday,
            received.get(place, 0),
            *(counts.get((place, state), 0) for state in (State.COMPLETED, State.REJECTED, State.CANCELLED)),
        )
        for place, monday in enumerate(weeks)
    ]


def mondays(since: datetime, until: datetime, zone: ZoneInfo) -> list[date]:
    """The Mondays of all weeks that [since, until) touches in a time zone."""
    first, last = since.astimezone(zone).date(), (until - timedelta(microseconds=1)).astimezone(zone).date()
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=week) for week in range((last - monday).days // 7 + 1)]


def oversees(user: Any) -> bool:
    """Whether boards are for this person: they oversee or examine a branch, or lead a queue."""
    return bool(held(user, "oversee_branch") | held(user, "examine_branch") | held(user, "lead_queue"))


def _met(user: Any, since: datetime, until: datetime) -> QuerySet[Order]:
    return (
        Order.objects.visible_to(user)
        .filter(
            clocks__work_item=None,
            clocks__kind=Clock.Kind.SERVICE,
            clocks__state=Clock.State.MET,
            clocks__stopped_at__gte=since,
            clocks__stopped_at__lt=until,
        )
        .order_by()
    )


def _breached(user: Any, since: datetime, until: datetime) -> QuerySet[Order]:
    return (
        Order.objects.visible_to(user)
        .filter(
            clocks__work_item=None,
            clocks__kind=Clock.Kind.SERVICE,
            clocks__breach_record__breached_at__gte=since,
            clocks__breach_record__breached_at__lt=until,
        )
        .order_by()
    )


def _by_week(orders: QuerySet[Order], week: Case) -> dict[int, int]:
    return dict(orders.annotate(week=week).order_by().values_list("week").annotate(Count("pk")))


def _week(moment: str, weeks: list[date], zone: ZoneInfo) -> Case:
    """Which of these weeks a moment lies in, by their ends: the database compares and needs no time zone."""
    ends = [datetime.combine(monday + timedelta(weeks=1), time.min, zone) for monday in weeks[:-1]]
    cases = [When(**{f"{moment}__lt": end}, then=Value(place)) for place, end in enumerate(ends)]
    return Case(*cases, default=Value(len(weeks) - 1))


def _products(keys: Iterable[int]) -> list[tuple[int, str, dict[str, str]]]:
    return list(Product.objects.filter(pk__in=keys).order_by("code").values_list("pk", "code", "name"))


def _open_items(orders: list[Order]) -> dict[int, WorkItem]:
    items = WorkItem.objects.filter(order__in=orders, state__in=OPEN_ITEMS).select_related("holder")
    found: dict[int, WorkItem] = {}
    for item in items.defer("form", "draft", "result").order_by("pk"):
        found.setdefault(item.order_id, item)
    return found


def _due(order: Order, item: WorkItem | None) -> DueOrder:
    return DueOrder(
        number=order.number or "",
        product=order.product.name,
        client=order.client.name,
        due_at=order.due_at,  # type: ignore[arg-type] # filtered on
        band=order.band or "none",
        amount=order.amount,
        item=item.public_id if item else None,
        node=item.name if item else None,
        holder=item.holder.display_name if item and item.holder else "",
    )


def _breach(breach: Breach) -> OpenBreach:
    clock = breach.clock
    return OpenBreach(
        id=breach.pk,
        number=clock.order.number or "",
        product=clock.order.product.name,
        client=clock.order.client.name,
        node=clock.work_item.name if clock.work_item else None,
        kind=clock.kind,
        target=clock.target,
        breached_at=breach.breached_at,
        completed_at=breach.completed_at,
        responsible=breach.responsible.display_name if breach.responsible else "",
        cause=breach.cause,
        explanation=breach.explanation,
        timezone=clock.order.branch.timezone,
    )
