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

from .bpmn import element, end, flow, path, process, start, timer
from .conftest import NOON, evaluate

LEAVES = ("task", "userTask", "serviceTask", "wait", "guarded", "many", "loop", "message", "choice", "undone", "beside")
BLOCKS = st.recursive(
    st.sampled_from(LEAVES).map(lambda leaf: (leaf, ())),
    lambda inner: st.tuples(
        st.sampled_from(("sequence", "xor", "and", "or", "sub", "each", "apart")),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=12,
)


def twice(*, sequential: bool) -> str:
    tag, order = "bpmn:multiInstanceLoopCharacteristics", str(sequential).lower()
    return f'<{tag} isSequential="{order}"><bpmn:loopCardinality>two</bpmn:loopCardinality></{tag}>'


class Writer:
    """Writes a nested block as BPMN; every block has one way in and one way out."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.count = 0

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def add(self, tag: str, inner: str = "", **attributes: str) -> str:
        name = self.name(tag)
        self.parts.append(element(tag, name, inner, **attributes))
        return name

    def block(self, block: tuple) -> tuple[str, str]:
        kind, inner = block
        return (
            getattr(self, f"write_{kind}")(inner)
            if kind not in ("task", "userTask", "serviceTask")
            else self.leaf(kind)
        )

    def leaf(self, tag: str) -> tuple[str, str]:
        name = self.add(tag)
        return name, name

    def write_wait(self, inner) -> tuple[str, str]:
        name = self.add("intermediateCatchEvent", timer("timeDuration", "PT1H"))
        return name, name

    def write_guarded(self, inner) -> tuple[str, str]:
        task, meet = self.add("userTask"), self.add("exclusiveGateway")
        stop = self.add("boundaryEvent", timer("timeDuration", "PT2H"), attachedToRef=task)
        beside = self.add("boundaryEvent", timer("timeDuration", "PT1H"), attachedToRef=task, cancelActivity="false")
        self.parts += [
            path(f"{task} -> {meet}"),
            path(f"{stop} -> {meet}"),
            path(f"{beside} -> {self.add('endEvent')}"),
        ]
        return task, meet

    def write_many(self, inner) -> tuple[str, str]:
        name = self.add("userTask", twice(sequential=False))
        stop = self.add("boundaryEvent", timer("timeDuration", "PT2H"), attachedToRef=name)
        meet = self.add("exclusiveGateway")
        self.parts += [path(f"{name} -> {meet}"), path(f"{stop} -> {meet}")]
        return name, meet

    def write_loop(self, inner) -> tuple[str, str]:
        name = self.add("userTask", '<bpmn:standardLoopCharacteristics loopMaximum="2"/>')
        return name, name

    def write_message(self, inner) -> tuple[str, str]:
        name = self.add("intermediateCatchEvent", '<bpmn:messageEventDefinition messageRef="paid"/>')
        return name, name

    def write_choice(self, inner) -> tuple[str, str]:
        gate, meet = self.add("eventBasedGateway"), self.add("exclusiveGateway")
        for event in (self.write_message(()), self.write_wait(())):
            self.parts += [path(f"{gate} -> {event[0]}"), path(f"{event[1]} -> {meet}")]
        return gate, meet

    def write_undone(self, inner) -> tuple[str, str]:
        task, undo = self.add("userTask"), self.add("userTask", isForCompensation="true")
        asked = self.add("boundaryEvent", "<bpmn:compensateEventDefinition/>", attachedToRef=task)
        throw = self.add("intermediateThrowEvent", f'<bpmn:compensateEventDefinition activityRef="{task}"/>')
        self.parts += [path(f"{task} -> {throw}")]
        self.add("association", sourceRef=asked, targetRef=undo)
        return task, throw

    def write_beside(self, inner) -> tuple[str, str]:
        """A sub-process with an event sub-process that may run beside its task."""
        begin, task, finish = self.name("begin"), self.name("inner"), self.name("finish")
        at, late, over = self.name("at"), self.name("late"), self.name("over")
        extra = element("startEvent", at, timer("timeCycle", "R2/PT1H"), isInterrupting="false")
        extra += element("userTask", late) + end(over) + path(f"{at} -> {late} -> {over}")
        content = start(begin) + element("userTask", task) + end(finish) + path(f"{begin} -> {task} -> {finish}")
        content += element("subProcess", self.name("aside"), extra, triggeredByEvent="true")
        name = self.add("subProcess", content)
        return name, name

    def write_or(self, inner) -> tuple[str, str]:
        split, join = self.name("some"), self.add("inclusiveGateway")
        for number, item in enumerate(inner):
            first, last = self.block(item)
            self.parts += [
                flow(f"{split} -> {first}", f"choice < {number + 1}" if number else ""),
                path(f"{last} -> {join}"),
            ]
        self.parts.append(element("inclusiveGateway", split))
        return split, join

    def write_each(self, inner) -> tuple[str, str]:
        return self.write_sub(inner, twice(sequential=True))

    def write_apart(self, inner) -> tuple[str, str]:
        return self.write_sub(inner, tag="transaction")

    def write_sequence(self, inner) -> tuple[str, str]:
        ends = [self.block(item) for item in inner]
        self.parts += [path(f"{a[1]} -> {b[0]}") for a, b in zip(ends, ends[1:])]
        return ends[0][0], ends[-1][1]

    def write_and(self, inner) -> tuple[str, str]:
        split, join = self.add("parallelGateway"), self.add("parallelGateway")
        for item in inner:
            first, last = self.block(item)
            self.parts += [path(f"{split} -> {first}"), path(f"{last} -> {join}")]
        return split, join

    def write_xor(self, inner) -> tuple[str, str]:
        split, meet = self.name("choose"), self.add("exclusiveGateway")
        ends = [self.block(item) for item in inner]
        for number, (first, last) in enumerate(ends):
            condition = f"choice = {number}" if number < len(ends) - 1 else ""
            self.parts += [flow(f"{split} -> {first}", condition), path(f"{last} -> {meet}")]
        self.parts.append(element("exclusiveGateway", split, default=f"{split}-{ends[-1][0]}"))
        return split, meet

    def write_sub(self, inner, more: str = "", tag: str = "subProcess") -> tuple[str, str]:
        outside, self.parts = self.parts, []
        self.scope(("sequence", inner))
        content, self.parts = "".join(self.parts), outside
        name = self.add(tag, more + content)
        return name, name

    def scope(self, block: tuple) -> None:
        first, last = self.block(block)
        begin, finish = self.add("startEvent"), self.add("endEvent")
        self.parts += [path(f"{begin} -> {first}"), path(f"{last} -> {finish}")]


def model(block: tuple) -> bytes:
    writer = Writer()
    writer.scope(block)
    message = element("message", "paid", name="paid").encode()
    return process(*writer.parts).replace(b"</bpmn:definitions>", message + b"</bpmn:definitions>")


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
