"""Steps files: what is played, what is expected, what stops."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine import compile_graph, parse
from processes.engine.patience import MAX_SECONDS, Patience
from processes.engine.steps import PLAYS, BadSteps, follow
from processes.engine.steps_check import BESIDE
from processes.evaluate import evaluate as in_feel

from .bpmn import element, end, flow, path, process, start, timer, user
from .conftest import evaluate

MODEL = process(
    start(), user("check"), element("serviceTask", "tell"), element("exclusiveGateway", "ok"), end(),
    element("boundaryEvent", "guard", timer("timeDuration", "PT4H"), attachedToRef="check", cancelActivity="false"),
    element("intermediateCatchEvent", "wait", timer("timeDuration", "PT2H")), user("chase"), end("late"),
    path("start -> check -> tell -> ok"), flow("ok -> end", "ok = yes"), path("guard -> wait -> chase -> late"),
)  # fmt: skip


def play(*steps, **plan):
    graph = compile_graph(parse(MODEL))
    return list(follow(graph, {"now": "2026-11-23T09:00:00Z", **plan, "steps": list(steps)}, evaluate))


def test_a_run_from_start_to_end():
    results = play(
        {"expect_status": "running"}, {"expect_active": ["check"]},
        {"complete": "check", "variables": {"ok": "yes"}},
        {"expect_status": "completed"}, {"expect_variables": {"ok": "yes"}}, {"expect_active": []},
    )  # fmt: skip
    assert [result.ok for result in results] == [True] * 6
    assert [result.step for result in results] == [1, 2, 3, 4, 5, 6]
    assert results[-1].status == "completed"


def test_the_first_step_that_does_not_hold_is_the_last():
    results = play({"expect_active": ["chase"]}, {"complete": "check"})
    assert [result.ok for result in results] == [False]
    assert results[0].message == "Expected these to be active: chase; but active are: check."


def test_who_writes_the_counter_of_a_repetition_moves_no_result():
    repeated = (
        '<bpmn:multiInstanceLoopCharacteristics tl:outputCollection="all" tl:outputElement="x">'
        "<bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    model = process(start(), element("userTask", "t", repeated), end(), path("start -> t -> end"))
    plan = {"now": "2026-11-23T09:00:00Z", "steps": [
        {"complete": "t", "variables": {"loopCounter": 99, "x": 1}}, {"complete": "t", "variables": {"x": 2}},
        {"expect_variables": {"all": [1, 2]}}, {"expect_status": "completed"},
    ]}  # fmt: skip
    assert all(result.ok for result in follow(compile_graph(parse(model)), plan, in_feel))


@pytest.mark.parametrize(
    "step",
    [
        {"expect_waiting": ["chase"]},
        {"expect_status": "completed"},
        {"expect_variables": {"missing": None}},
        {"complete": "chase"},
    ],
)
def test_expectations_that_fail_say_so(step):
    (result,) = play(step)
    assert not result.ok
    assert result.message.startswith("Expected")


def test_time_fires_what_is_due_on_the_way_in_order():
    results = play(
        {"advance_time": "PT5H"}, {"expect_waiting": ["wait"]}, {"expect_active": ["check"]},
        {"advance_time": "PT1H"}, {"expect_active": ["chase", "check"]}, {"expect_waiting": []},
    )  # fmt: skip
    assert all(result.ok for result in results)


def test_boundary_events_may_be_named_among_what_waits():
    assert play({"expect_waiting": []})[0].ok
    assert play({"expect_waiting": ["guard"]})[0].ok
    assert play()[0:] == []


def test_a_held_service_task_waits_for_its_step():
    results = play(
        {"complete": "check"}, {"expect_active": []}, {"expect_status": "running"},
        {"complete": "tell", "variables": {"ok": "yes"}}, {"expect_status": "completed"}, hold=["tell"],
    )  # fmt: skip
    assert all(result.ok for result in results)


def test_what_fails_inside_is_an_incident_not_a_lost_run():
    results = play({"complete": "check", "variables": {"ok": "no"}}, {"expect_status": "error"}, {"complete": "check"})
    assert [result.ok for result in results] == [True, True, False]
    assert "none does" in results[0].message


def test_cancelling():
    results = play({"cancel": True}, {"expect_status": "cancelled"}, {"expect_active": []}, {"set_variables": {"a": 1}})
    assert [result.ok for result in results] == [True, True, True, False]


def test_several_instances_share_the_clock_and_nothing_else():
    results = play(
        {"expect_active": ["check"], "instance": "a"}, {"complete": "check", "instance": "a"},
        {"expect_status": "completed", "instance": "a"}, {"expect_status": "running", "instance": "b"},
        {"advance_time": "PT4H"}, {"expect_waiting": ["wait"], "instance": "b"},
        {"set_variables": {"x": 1}, "instance": "b"}, {"expect_variables": {"x": 1, "ok": "no"}, "instance": "b"},
        instances={"a": {"ok": "yes"}, "b": {}}, variables={"ok": "no"},
    )  # fmt: skip
    assert [result.message for result in results if not result.ok] == []
    assert len(results) == 8


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"message": 5}, "message"),
        ({"dance": 1}, "dance"),
        ({}, "nothing"),
        ({"complete": "nobody"}, "nobody"),
        ({"complete": []}, "id of a task"),
        ({"advance_time": "soon"}, "soon"),
        ({"advance_time": "-PT1H"}, "forward"),
        ({"advance_time": "P99999Y"}, "year 10000"),
        ({"expect_active": "check"}, "list"),
        ({"expect_status": "happy"}, "happy"),
        ({"cancel": True, "instance": "x"}, '"x"'),
        ({"complete": "check", "variables": []}, "variables as a JSON object"),
        ({"message": "tell", "activity": []}, "activity as the id of an element"),
        ({"message": "tell", "correlation": {"activity": {}}}, "activity as the id of an element"),
        ({"message": "tell", "expect_rejected": "yes"}, "expect_rejected to be true or false"),
        ({"cancel": True, "instance": []}, "name of an instance"),
        ({"throw_error": {"task": "check", "code": []}}, "its code as a text"),
        ({"throw_error": {"task": "check", "message": {}}}, "its message as a text"),
        ({"escalate": {"task": "check", "code": True}}, "its code as a text"),
        ("complete", "object"),
    ],
)
def test_steps_that_mean_nothing_are_refused_before_anything_runs(step, words):
    with pytest.raises(BadSteps, match=words) as refused:
        play({"expect_active": ["check"]}, step)
    assert refused.value.step == 2


BAD_HEADS = [
    {"now": "today"},
    {"now": 5},
    {"variables": [1]},
    {"instances": {"a": 1}},
    {"hold": {"a": 1}},
    {"hold": [[]]},
]


@pytest.mark.parametrize("plan", BAD_HEADS)
def test_a_head_that_means_nothing_is_refused(plan):
    with pytest.raises(BadSteps) as refused:
        play(**plan)
    assert refused.value.step == 0


def test_timers_that_never_stop_coming_due_are_stopped():
    data = process(
        start(), element("intermediateCatchEvent", "wait", timer("timeDuration", "PT0S")),
        element("exclusiveGateway", "again"), path("start -> again -> wait -> again"),
    )  # fmt: skip
    (result,) = follow(compile_graph(parse(data)), {"steps": [{"advance_time": "PT1H"}]}, evaluate)
    assert not result.ok
    assert "keep coming" in result.message


REPEATED = "<bpmn:multiInstanceLoopCharacteristics{}><bpmn:loopCardinality>9000</bpmn:loopCardinality>"
REPEATED += "</bpmn:multiInstanceLoopCharacteristics>"
SLOW = {
    "timers": (
        user("a") + element("boundaryEvent", "late", timer("timeCycle", "R/PT1S"), attachedToRef="a",
                            cancelActivity="false") + end("e2") + path("start -> a -> end") + path("late -> e2"),
        [{"expect_active": ["a"]}, {"advance_time": "PT1H"}],
    ),
    "repetitions in repetitions": (
        user("a") + element("subProcess", "s", REPEATED.format("") + start("i") + element(
            "task", "t", REPEATED.format("")) + end("j") + path("i -> t -> j")) + path("start -> a -> s -> end"),
        [{"expect_active": ["a"]}, {"complete": "a"}],
    ),
    "moves without an expression": (
        user("a") + "".join(element("task", f"t{n}") for n in range(20))
        + path(" -> ".join(["start", "a", *(f"t{n}" for n in range(20)), "end"])),
        [{"expect_active": ["a"]}, {"complete": "a"}],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("inner", "steps"), SLOW.values(), ids=SLOW)
def test_a_step_that_takes_too_long_is_refused_and_the_one_before_it_was_not(inner, steps):
    seconds = itertools.count(step=MAX_SECONDS / 8)  # a clock that goes on each time somebody looks at it
    graph = compile_graph(parse(process(start(), inner, end())))
    *held, last = follow(graph, {"steps": steps}, in_feel, patience=Patience(lambda: next(seconds)))
    assert [result.ok for result in held] == [True]
    assert (last.ok, last.status) == (False, "running")
    assert last.message == "Expected a step that comes to rest within 10 seconds, but it still moves."


def test_service_tasks_that_never_stop_passing_are_an_incident():
    data = process(start(), element("serviceTask", "spin"), element("exclusiveGateway", "again"),
                   path("start -> again -> spin -> again"))  # fmt: skip
    (result,) = follow(compile_graph(parse(data)), {"steps": [{"expect_status": "error"}]}, evaluate)
    assert result.ok


VERBS = st.sampled_from(sorted(PLAYS))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "check", "PT5H", "P9999Y", "tell", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
BESIDES = st.dictionaries(st.sampled_from(sorted(BESIDE)), ANYTHING, max_size=2)
PLAYED = st.builds(dict.__or__, st.dictionaries(VERBS, ANYTHING, min_size=1, max_size=1), BESIDES)
STEPS = st.lists(PLAYED | ANYTHING, max_size=4)


@settings(max_examples=300, deadline=None)
@given(steps=STEPS, head=st.dictionaries(st.sampled_from(["now", "hold", "variables", "instances"]), ANYTHING))
def test_any_json_is_played_or_refused(steps, head):
    try:
        results = play(*steps, **head)
    except BadSteps:
        return
    assert all(result.ok for result in results[:-1])


def test_time_past_the_calendar_is_a_step_that_does_not_hold():
    *_, result = play({"advance_time": "P7000Y"}, {"advance_time": "P7000Y"})
    assert (result.step, result.ok) == (2, False)
    assert "year 10000" in result.message
