"""The process engine by itself and stored, against SpiffWorkflow and django-viewflow; and that size costs nothing.

In memory both read an instance from text, complete one task and write it as text, each as it is stored. Stored, a
person takes and completes each task: theirs is assign and execute, ours the product's claim and completion, first with
engine, work items, history and ledger alone, then with all that other rooms let follow (clocks, priorities, news).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import connection, reset_queries
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from audit.actors import Actor
from audit.context import replaying
from audit.fields import text_of, value_of_text
from audit.prepared import prepared
from audit.reactions import wiring
from audit.wiring import nothing
from insights.bench import scratch
from insights.bench.journeys import analyst, submit
from insights.bench.peers import Peer, peer
from insights.bench.results import PeerFigure, Result, Run, measured
from insights.bench.ten_nodes import PROCESS, TASKS, chain, ten_nodes
from processes import queries
from processes.engine import Graph, OpenTask, Outside, Started, TaskCompleted, advance, compile_graph, parse
from processes.evaluate import evaluate
from processes.models import ProcessVersion
from work import actions as work
from work.models import WorkItem

SIZE, ROUNDS, STORED = 200, 5, 20
OFTEN, PART = 40, 4  # turns in memory, each a part of the size: a shared core changes its speed from second to second
WARM = 0.4  # seconds played unmeasured first: so long a core is slow that slept while the other was measured
SMALL, LARGE, STEPS = 100, 5_000, 90
AROUND, HISTORY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"), "_historical"
VARIABLES = {"amount": 1}
OUTSIDE = Outside(evaluate)


def run(size: int | None = None) -> Result:
    """Play `size` instances of ten nodes in memory ten times, in turns with the peer; then all the rest."""
    instances, now = size or SIZE, timezone.now()
    ours, theirs, version, bytes_ours = _in_memory(instances, now)
    runs = [measured("in memory, ms a task", instances, ours)]
    if theirs:
        runs.append(measured(f"in memory, ms a task: SpiffWorkflow {version}", instances, theirs))
    runs.append(Run("state of an instance, bytes", instances, bytes_ours))
    runs += [*_growth(now), *_stored(now)]
    rival = PeerFigure("SpiffWorkflow", version, median(theirs)) if theirs else None
    return Result("engine-step", instances, "ms", median(ours), runs, peer=rival)


def _in_memory(instances: int, now: datetime) -> tuple[list[float], list[float], str, int]:
    """Milliseconds of each completed task, ours and theirs; their version; our largest state.

    Many short turns, so that both meet the core in the same moods.
    """
    graph = compile_graph(parse(ten_nodes().encode(), file="ten_nodes.bpmn"))
    ours: list[float] = []
    theirs: list[float] = []
    version, largest, each_turn = "", 0, max(1, instances // PART)
    with peer("spiffworkflow_peer") as other:
        if other is not None:
            version = other.ask(do="model", model=ten_nodes(duration='"PT72H"'), process=PROCESS)["version"]
        for _round in range(OFTEN):
            began = perf_counter()
            while perf_counter() - began < WARM:
                _play(graph, now, [])
            for _instance in range(each_turn):
                largest = max(largest, _play(graph, now, ours))
            if other is not None:
                asked = {"warm": WARM, "instances": each_turn, "variables": VARIABLES}
                theirs += other.ask(do="measure", **asked)["milliseconds"]
    return ours, theirs, version, largest


def _play(graph: Graph, now: datetime, times: list[float], most: int = TASKS) -> int:
    """One instance in memory, text in and text out at each step; the size of its largest text."""
    state, effects = advance(graph, {}, Started(VARIABLES), now, OUTSIDE)
    text, opened, largest = text_of(state), _opened(effects), 0
    for _step in range(most):
        largest = max(largest, len(text.encode()))
        began = perf_counter()
        state, effects = advance(graph, value_of_text(text), TaskCompleted(opened.pop(0), {}), now, OUTSIDE)
        text = text_of(state)
        times.append((perf_counter() - began) * 1000)
        opened += _opened(effects)
    return largest


def _opened(effects: list[Any]) -> list[int]:
    return [effect.task for effect in effects if isinstance(effect, OpenTask)]


def _growth(now: datetime) -> list[Run]:
    """What 5,000 nodes take to compile, and a step among 100 and among 5,000 nodes, measured alternately."""
    began = perf_counter()
    large = compile_graph(parse(chain(LARGE).encode(), file="chain.bpmn"))
    compiled = Run("read, check and compile, ms", LARGE, round((perf_counter() - began) * 1000, 1))
    graphs = {SMALL: compile_graph(parse(chain(SMALL).encode(), file="chain.bpmn")), LARGE: large}
    times: dict[int, list[float]] = {nodes: [] for nodes in graphs}
    for _round in range(ROUNDS):
        for nodes, graph in graphs.items():
            _play(graph, now, times[nodes], STEPS)
    return [compiled, *(measured("a step among so many nodes, ms", nodes, times[nodes]) for nodes in graphs)]


def _stored(now: datetime) -> list[Run]:
    """Completed tasks a second with everything stored, ours and theirs, alternately; statements a task."""
    ours: list[float] = []
    whole: list[float] = []
    theirs: list[float] = []
    runs: list[Run] = []
    quick = override_settings(DEBUG=False)  # no log of statements, as in use
    with scratch.copy_of(scratch.firm()), replaying(), scratch.empty("viewflow") as database, quick:
        _draw_ten_nodes()
        gc.freeze()  # as the product does when it is served (config/wsgi.py), and the peer as well
        with peer("viewflow_peer") as other:
            version = other.ask(do="database", database=database)["version"] if other else ""
            for number in range(ROUNDS):
                with _alone():
                    _rate(f"warm {number}", now)
                    ours.append(_rate(f"alone {number}", now))
                whole.append(_rate(f"whole {number}", now))
                theirs += [_rate_of(other)["rate"]] if other else []
            without, statements = _statements(now)
            if other:
                runs = [Run(f"stored, tasks a second: django-viewflow {version}", STORED, round(median(theirs), 1))]
                taken = _rate_of(other)["statements"]
                runs.append(Run("statements a task: django-viewflow", STORED, round(taken, 1)))
    gc.unfreeze()
    queries.forget()
    return [
        Run("stored, tasks a second: engine, work items, ledger", STORED, round(median(ours), 1)),
        Run("stored, tasks a second: with all that follows", STORED, round(median(whole), 1)),
        Run("statements a completion: engine, work item, ledger", TASKS, round(without, 1)),
        Run("statements a completion: with history", TASKS, round(statements, 1)),
        *runs,
    ]


def _rate_of(other: Peer) -> dict[str, float]:
    return other.ask(do="measure", warm=WARM, instances=STORED)


def _draw_ten_nodes() -> None:
    """In this scratch database the product that the benchmarks order runs the ten nodes."""
    version = ProcessVersion.objects.filter(model__key="address_change", state="in_force")
    version.update(xml=ten_nodes(queue="maintenance").encode(), forms={})
    queries.forget()


@contextmanager
def _alone() -> Iterator[None]:
    """Nothing follows from a fact: what other rooms do with it is not measured."""
    reactions = wiring().REACTIONS
    kept = dict(reactions)
    reactions.update(dict.fromkeys(kept, nothing))
    try:
        yield
    finally:
        reactions.update(kept)


def _rate(label: str, now: datetime) -> float:
    """Tasks a second: taken and completed, one order after another."""
    who = Actor.of(analyst())
    orders = [submit(f"{label}-{order}", now) for order in range(STORED)]
    began = perf_counter()
    for order in orders:
        for _task in range(TASKS):
            item = work.claim(_next(order.pk), actor=who, now=now)
            work.complete(item.public_id, answers={}, actor=who, now=now)
    return STORED * TASKS / (perf_counter() - began)


def _next(order: int) -> UUID:
    """The key of the order's oldest open item, which a page would bring along."""
    return _open_items(order)[0]


@prepared
def _open_items(order: int) -> QuerySet[WorkItem, UUID]:
    open_ones = WorkItem.objects.open().filter(order_id=order)
    return open_ones.order_by("pk").values_list("public_id", flat=True)


def _statements(now: datetime) -> tuple[float, float]:
    """Statements of a completion without and with its history, the means of an instance's three.

    Those around its transaction are left out.
    """
    who, order = Actor.of(analyst()), submit("statements", now)
    asked: list[str] = []
    for _task in range(TASKS):
        item = work.claim(_next(order.pk), actor=who, now=now)
        reset_queries()
        with _alone(), CaptureQueriesContext(connection) as caught:
            work.complete(item.public_id, answers={}, actor=who, now=now)
        asked += [query["sql"] for query in caught if not query["sql"].startswith(AROUND)]
    return sum(HISTORY not in sql for sql in asked) / TASKS, len(asked) / TASKS
