"""Benchmarks: the rows that the generator makes are rows that the product could have made, and figures are honest."""

import json
from contextlib import contextmanager

import pytest
from django.core.management import call_command

from audit.models import Entry
from insights.bench import sla_arithmetic
from insights.bench.generator import open_orders
from insights.bench.journeys import QUEUE, analyst, complete, submit
from insights.bench.results import Result, measured
from insights.management.commands import bench
from orders.models import Order
from processes.models import Instance
from sla.models import Clock
from sla.tasks import sweep
from work.models import WorkItem
from work.queries import counts, queue_for, queue_page

COUNT = 120


@pytest.fixture
def many(firm):
    open_orders(COUNT)


def test_the_generator_makes_whole_orders(many):
    assert {model.objects.count() for model in (Order, Instance, WorkItem, Clock)} == {COUNT}
    for order in Order.objects.select_related("process"):
        assert order.process.subject == order.subject
        assert order.milestones.count() == 4
        item, clock = order.work_items.get(), order.clocks.get()
        assert (item.client_id, item.order_number) == (order.client_id, order.number)
        assert item.history.exists()
        assert clock.history.exists()
        assert order.history.exists()
        subjects = set(Entry.objects.filter(order_ref=order.ledger_ref).values_list("subject", flat=True))
        assert subjects >= {order.subject, item.subject, clock.subject}


def test_generated_orders_stand_in_the_queue_and_can_be_worked(many, now):
    who = analyst()
    queue = queue_for(who, QUEUE)
    due = [item.due_at for item in queue_page(queue, "open", who).items]
    assert len(due) == 50
    assert due == sorted(due)
    assert counts(queue, who)["open"] == COUNT
    order = Order.objects.filter(work_items__state="queued").latest("pk")
    complete(order, who, now)
    assert Order.objects.get(pk=order.pk).state == "completed"


def test_generated_clocks_are_swept_when_they_are_due(many):
    clock = Clock.objects.latest("pk")
    Clock.objects.exclude(pk=clock.pk).update(next_check_at=None)
    assert sweep(clock.next_check_at) == 1


def test_a_played_order_takes_three_items(firm, now):
    order = submit("played", now)
    complete(order, analyst(), now)
    assert order.work_items.filter(state="completed").count() == 3


def test_figures_are_the_median_and_the_nearest_rank():
    run = measured("page", 1000, [float(number) for number in range(1, 41)])
    assert (run.median, run.p95) == (20.5, 38.0)


def test_the_command_prints_the_contracts_shape(capsys, monkeypatch):
    result = Result("sla-sweep", 100, "ms", 30.0, [measured("sweep", 100, [30.0])], "the same at 10", 20.0)
    monkeypatch.setitem(bench.BENCHES, "sla-sweep", lambda size: result)
    call_command("bench", "sla-sweep", "--json")
    assert json.loads(capsys.readouterr().out) == {
        "name": "sla-sweep",
        "size": 100,
        "ours": {"median": 30.0, "unit": "ms"},
        "peer": None,
        "ratio": 1.5,
        "limit": {"what": "the same at 10", "median": 20.0},
        "runs": [{"what": "sweep", "size": 100, "median": 30.0, "p95": 30.0}],
    }


def test_a_size_that_is_too_small_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        call_command("bench", "sla-sweep", "--size", "3")
    assert "from 10" in capsys.readouterr().err


class Wrong:
    """A peer that gives one answer to everything."""

    def ask(self, **request):
        answers = ["2026-01-02T12:00:00+00:00"] * len(request.get("questions", ()))
        return {"version": "0", "answers": answers, "rate": 1.0}


def test_due_times_are_measured_only_where_both_answer_the_same(monkeypatch):
    @contextmanager
    def peer(name):
        yield Wrong()

    monkeypatch.setattr(sla_arithmetic, "peer", peer)
    with pytest.raises(RuntimeError, match="but the peer says 2026-01-02"):
        sla_arithmetic.run(10)


def test_due_times_are_measured_without_the_peer_as_well(monkeypatch):
    @contextmanager
    def no_peer(name):
        yield None

    monkeypatch.setattr(sla_arithmetic, "peer", no_peer)
    result = sla_arithmetic.run(10)
    assert (result.unit, result.size, result.ratio) == ("due times/s", 10, None)
    assert result.ours > 0
