"""Start event, plain task, none throw event, end event."""

from __future__ import annotations

import pytest

from processes.engine import Cancelled, EngineError, TaskCompleted, TimerDue, VariablesSet

from .bpmn import element, end, milestone, path, process, start, user


def test_a_token_passes_what_does_not_wait(walk):
    data = process(start(), element("task", "note"), end(), path("start -> note -> end"))
    assert walk(data).start() == [
        "Entered start", "Left start", "Entered note", "Left note", "Entered end", "Left end", "Finished completed",
    ]  # fmt: skip


def test_milestones_are_reached_where_the_token_passes(walk):
    data = process(
        element("startEvent", "start", milestone("received")),
        element("intermediateThrowEvent", "half", milestone("checked")),
        element("endEvent", "end", milestone("done")),
        path("start -> half -> end"),
    )
    instance = walk(data)
    reached = [effect for effect in instance.start() if effect.startswith("ReachMilestone")]
    assert reached == ["ReachMilestone received", "ReachMilestone checked", "ReachMilestone done"]
    assert [step.key for step in instance.graph.milestones] == ["received", "checked", "done"]


@pytest.mark.parametrize("outcome", ["completed", "rejected", "cancelled"])
def test_the_end_event_says_how_the_order_ends(walk, outcome):
    data = process(start(), end(tl_outcome=outcome), path("start -> end"))
    assert walk(data).start()[-1] == f"Finished {outcome}"


@pytest.mark.parametrize("first", ["good", "bad"])
def test_one_rejected_end_outweighs_a_completed_one(walk, first):
    data = process(
        start(), element("parallelGateway", "split"), user("good"), user("bad"),
        end("yes"), end("no", tl_outcome="rejected"),
        path("start -> split -> good -> yes"), path("split -> bad -> no"),
    )  # fmt: skip
    instance = walk(data)
    instance.start()
    instance.complete(first)
    last = instance.complete("bad" if first == "good" else "good")
    assert last[-1] == "Finished rejected"


def test_a_node_without_a_way_on_ends_its_token(walk):
    data = process(start(), user("last"), path("start -> last"))
    instance = walk(data)
    instance.start()
    assert instance.complete("last") == ["Left last", "Finished completed"]


def test_variables_change_without_moving_anything(walk):
    instance = walk(process(start(), user("check"), end(), path("start -> check -> end")))
    instance.start(a=1)
    assert instance.send(VariablesSet({"b": 2})) == []
    assert instance.state["variables"] == {"a": 1, "b": 2}
    assert instance.active == ["check"]


def test_cancelling_takes_everything_back_and_finishes(walk):
    instance = walk(process(start(), user("check"), end(), path("start -> check -> end")))
    instance.start()
    assert instance.send(Cancelled()) == ["CancelTask check", "Left check", "Finished cancelled"]
    assert instance.active == []


@pytest.mark.parametrize(
    ("event", "code"),
    [(TaskCompleted(99), "unknown_task"), (TimerDue(99), "unknown_timer")],
)
def test_events_for_what_is_not_open_are_refused_by_name(walk, event, code):
    instance = walk(process(start(), user("check"), end(), path("start -> check -> end")))
    instance.start()
    before = instance.state
    with pytest.raises(EngineError) as refused:
        instance.send(event)
    assert refused.value.code == code
    assert instance.state == before


def test_an_instance_starts_once_and_takes_nothing_after_its_end(walk):
    instance = walk(process(start(), user("check"), end(), path("start -> check -> end")))
    with pytest.raises(EngineError, match="not started"):
        instance.send(Cancelled())
    instance.start()
    with pytest.raises(EngineError, match="has started"):
        instance.start()
    instance.complete("check")
    with pytest.raises(EngineError, match="has finished"):
        instance.send(VariablesSet({}))


def test_a_loop_without_a_wait_is_stopped(walk):
    data = process(
        start(), element("exclusiveGateway", "again"), element("task", "spin"),
        path("start -> again -> spin -> again"),
    )  # fmt: skip
    with pytest.raises(EngineError) as refused:
        walk(data).start()
    assert refused.value.code == "livelock"
