"""The real queue page as an analyst sees it, at several numbers of open items: it must not depend on them."""

from __future__ import annotations

from functools import partial
from time import perf_counter

from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from insights.bench import scratch
from insights.bench.generator import open_orders
from insights.bench.journeys import QUEUE, analyst
from insights.bench.results import Result, measured

SMALL, MIDDLE, LARGE = 1_000, 100_000, 1_000_000
WARM_UP, PAGES, ROUNDS = 8, 30, 4


def run(size: int | None = None) -> Result:
    """95th percentile of the page's time at 1k, 100k and `size` (1M) open items, measured alternately."""
    largest = size or LARGE
    sizes = sorted({SMALL, min(MIDDLE, largest), largest})
    names = {one: scratch.kept(f"open_{one}", partial(open_orders, one), base=scratch.firm()) for one in sizes}
    times: dict[int, list[float]] = {one: [] for one in sizes}
    for _round in range(ROUNDS):
        for one in sizes:
            times[one] += _pages(names[one])
    runs = [measured("queue page", one, times[one]) for one in sizes]
    small, large = runs[0].p95 or 0.0, max(one.p95 or 0.0 for one in runs[1:] or runs)
    return Result("queue-page", largest, "ms (p95)", large, runs, f"the same page at {SMALL:,} open items", small)


def _pages(name: str) -> list[float]:
    """Milliseconds of the page, again and again, as one analyst sees it."""
    with scratch.use(name), override_settings(DEBUG=False):
        browser, page = Client(), reverse("staff:queue", args=[QUEUE])
        browser.force_login(analyst(), backend="django.contrib.auth.backends.ModelBackend")
        return [_open(browser, page) for _page in range(WARM_UP + PAGES)][WARM_UP:]


def _open(browser: Client, page: str) -> float:
    began = perf_counter()
    answer = browser.get(page)
    took = (perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"Expected the queue page, but got {answer.status_code}.")
    return took
