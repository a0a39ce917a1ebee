"""Random well-structured models: no token is lost or multiplied, every instance ends, every replay agrees."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine import (
    CancelTask,
    CancelTimer,
    Entered,
    Finished,
    Left,
    MessageArrived,
    OpenTask,
    SetTimer,
    Started,
    Subscribe,
    TaskCompleted,
    TimerDue,
    Unsubscribe,
    advance,
    check,
    compile_graph,
    parse,
)

from .bpmn import element, end, path, process, start
from .conftest import NOON, evaluate
from .random_models import blocks, model

BLOCKS = blocks()


def play(graph, picks: list[int]) -> tuple[list, list, dict[str, Any]]:
    """Start, then complete or fire whatever `picks` points at until nothing waits."""
    state: dict[str, Any] = {}
    events: list = []
    effects: list = []
    event: Any = Started({"choice": picks[0] if picks else 0, "two": 2})
    while event is not None:
        state, new = advance(graph, state, event, NOON, evaluate)
        state = json.loads(json.dumps(state))
        events.append(event)
        effects += new
        choices: list = [TaskCompleted(n) for n in graph.open_tasks(state)]
        choices += [TimerDue(n) for n in graph.open_timers(state)] + [
            MessageArrived(n) for n in graph.open_waits(state)
        ]
        pick = picks[len(events) % len(picks)] if picks else 0
        event = choices[pick % len(choices)] if choices else None
    return events, effects, state


@settings(max_examples=150, deadline=None)
@given(block=BLOCKS, picks=st.lists(st.integers(0, 7), max_size=12))
def test_every_instance_ends_once_and_leaves_nothing_behind(block, picks):
    document = parse(model(block))
    assert check(document).errors == ()
    events, effects, state = play(compile_graph(document), picks)
    assert [e for e in effects if isinstance(e, Finished)] == [Finished("completed")]
    assert effects[-1] == Finished("completed")
    assert set(state).isdisjoint(("tasks", "timers", "waits", "scopes"))
    assert len(events) < 5000


@settings(max_examples=100, deadline=None)
@given(block=BLOCKS, picks=st.lists(st.integers(0, 7), max_size=12))
def test_what_is_opened_is_closed_and_what_is_entered_is_left(block, picks):
    events, effects, _ = play(compile_graph(parse(model(block))), picks)
    opened = [e.task for e in effects if isinstance(e, OpenTask)]
    closed = [e.task for e in events if isinstance(e, TaskCompleted)] + [
        e.task for e in effects if isinstance(e, CancelTask)
    ]
    assert sorted(opened) == sorted(closed)
    timers = [e.timer for e in effects if isinstance(e, SetTimer)]
    spent = [e.timer for e in events if isinstance(e, TimerDue)] + [
        e.timer for e in effects if isinstance(e, CancelTimer)
    ]
    assert sorted(timers) == sorted(spent)
    assert len(set(opened + timers)) == len(opened) + len(timers)
    entered = Counter(e.node for e in effects if isinstance(e, Entered))
    assert entered == Counter(e.node for e in effects if isinstance(e, Left))
    begun = [e.subscription for e in effects if isinstance(e, Subscribe)]
    assert sorted(begun) == sorted(e.subscription for e in effects if isinstance(e, Unsubscribe))


@settings(max_examples=60, deadline=None)
@given(block=BLOCKS, picks=st.lists(st.integers(0, 7), max_size=12))
def test_replaying_the_events_gives_the_same_state_and_effects(block, picks):
    data = model(block)
    events, effects, state = play(compile_graph(parse(data)), picks)
    again: dict[str, Any] = {}
    replayed: list = []
    graph = compile_graph(parse(data))
    for event in events:
        before = json.dumps(again)
        twice = advance(graph, again, event, NOON, evaluate)
        assert twice == advance(graph, again, event, NOON, evaluate)
        assert json.dumps(again) == before
        again, new = twice
        replayed += new
    assert (again, replayed) == (state, effects)


def test_an_instances_state_stays_small(walk):
    block = ("sequence", [("userTask", ())] * 3 + [("and", [("guarded", ()), ("userTask", ()), ("wait", ())])])
    graph = compile_graph(parse(model(block)))
    state: dict[str, Any] = {}
    event: Any = Started({"amount": 5})
    while len(graph.open_tasks(state)) < 2:
        state, _ = advance(graph, state, event, NOON, evaluate)
        event = TaskCompleted(next(iter(graph.open_tasks(state))))
    assert len(json.dumps(state)) < 500


def test_a_step_costs_no_more_lookups_in_a_large_model():
    """Counted, not timed: the nodes that a step looks at do not grow with the model."""
    looked = [_lookups(size) for size in (10, 2000)]
    assert looked[0] == looked[1]


def _lookups(size: int) -> int:
    names = [f"t{number}" for number in range(size)]
    tasks = "".join(element("userTask", name) for name in names)
    graph = compile_graph(parse(process(start(), tasks, end(), path(" -> ".join(["start", *names, "end"])))))
    seen: list[str] = []

    class Counting(dict):
        def __getitem__(self, key: str) -> Any:
            seen.append(key)
            return super().__getitem__(key)

        def __iter__(self):
            raise AssertionError("a step must not walk through all nodes")

    object.__setattr__(graph, "nodes", Counting(graph.nodes))
    state, _ = advance(graph, {}, Started(), NOON, evaluate)
    advance(graph, state, TaskCompleted(1), NOON, evaluate)
    return len(seen)
