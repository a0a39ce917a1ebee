"""The sweep with a hundred clocks due, among few and among many open ones: its cost must follow what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import perf_counter

from django.utils import timezone

from audit.context import replaying
from insights.bench import scratch
from insights.bench.generator import open_orders
from insights.bench.results import Result, Run, measured
from sla.models import Clock
from sla.tasks import sweep

SMALL, LARGE, DUE, ROUNDS = 1_000, 100_000, 100, 7


def run(size: int | None = None) -> Result:
    """Milliseconds of one sweep over 100 due clocks, with `size` (100k) open ones against 1k."""
    largest = size or LARGE
    small, large = _measure(SMALL), _measure(largest)
    what = f"the same with {SMALL:,} open clocks"
    unit = f"ms a sweep of {DUE} due clocks"
    return Result("sla-sweep", largest, unit, large.median, [small, large], what, small.median)


def _measure(size: int) -> Run:
    name = scratch.kept(f"open_{size}", lambda: open_orders(size), base=scratch.firm())
    now = timezone.now()
    with scratch.copy_of(name), replaying():
        keys = list(Clock.objects.filter(state="running").order_by("pk").values_list("pk", flat=True)[: DUE * ROUNDS])
        times = [_sweep(keys[one * DUE : (one + 1) * DUE], now + timedelta(seconds=one)) for one in range(ROUNDS)]
    return measured("sweep", size, times[1:])  # the first one warms up


def _sweep(keys: list[int], now: datetime) -> float:
    """Make these clocks due, which is not measured, then sweep."""
    due, later = now - timedelta(seconds=30), now + timedelta(days=3)
    Clock.objects.filter(pk__in=keys).update(yellow_at=due, next_check_at=due, red_at=later, due_at=later)
    began = perf_counter()
    turned = sweep(now)
    took = (perf_counter() - began) * 1000
    if turned != len(keys):
        raise RuntimeError(f"Expected {len(keys)} clocks to turn, but {turned} did.")
    return took
