"""Orders per second from submission to completion, through the real actions, three work items each."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter

from django.utils import timezone

from audit.context import replaying
from insights.bench import scratch
from insights.bench.journeys import analyst, complete, submit
from insights.bench.results import Result, Run
from orders.models import Order

SIZE, ROUNDS = 60, 3


def run(size: int | None = None) -> Result:
    """Play `size` orders three times, one after another in one process."""
    orders, now = size or SIZE, timezone.now()
    with scratch.copy_of(scratch.firm()), replaying():
        who = analyst()
        complete(submit("warm-up", now), who, now)
        runs = [_round(orders, number, who, now + timedelta(days=number)) for number in range(ROUNDS)]
        done = Order.objects.filter(state="completed").count()
    if done != orders * ROUNDS + 1:
        raise RuntimeError(f"Expected {orders * ROUNDS + 1} completed orders, but {done} are.")
    return Result("order-journey", orders, "orders/s", median(one.median for one in runs), runs)


def _round(orders: int, number: int, who: object, now: object) -> Run:
    began = perf_counter()
    for order in range(orders):
        complete(submit(f"{number}-{order}", now), who, now)  # type: ignore[arg-type]
    return Run("orders/s", orders, round(orders / (perf_counter() - began), 2))
