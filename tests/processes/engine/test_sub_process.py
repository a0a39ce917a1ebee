"""Embedded sub-process: a scope that ends with its last token, or is taken away as a whole."""

from __future__ import annotations

import pytest

from processes.engine import Cancelled

from .bpmn import element, end, path, process, start, timer, user

INNER = (
    start("s") + element("parallelGateway", "split") + user("a") + user("b") + end("e1") + end("e2")
    + element("boundaryEvent", "slow", timer("timeDuration", "PT1H"), attachedToRef="a", cancelActivity="false")
    + element("intermediateCatchEvent", "rest", timer("timeDuration", "PT9H")) + end("e3")
    + path("s -> split -> a -> e1") + path("split -> b -> e2") + path("slow -> rest -> e3")
)  # fmt: skip
MODEL = process(
    start(), element("subProcess", "sub", INNER), user("after"), end(), user("late"), end("late_end"),
    element("boundaryEvent", "guard", timer("timeDuration", "P30D"), attachedToRef="sub"),
    path("start -> sub -> after -> end"), path("guard -> late -> late_end"),
)  # fmt: skip


def test_the_token_goes_on_when_the_last_inner_token_has_ended(walk):
    instance = walk(MODEL)
    assert instance.start()[2:6] == ["Entered sub", "SetTimer guard", "Entered s", "Left s"]
    assert instance.complete("a") == ["CancelTimer slow", "Left a", "Entered e1", "Left e1"]
    assert instance.complete("b") == [
        "Left b", "Entered e2", "Left e2", "CancelTimer guard", "Left sub", "Entered after", "OpenTask after",
    ]  # fmt: skip


def test_an_interrupting_timer_takes_all_inner_work_and_timers_away(walk):
    instance = walk(MODEL)
    instance.start()
    instance.fire("slow")
    effects = instance.fire("guard")
    assert sorted(effects[:7]) == sorted([
        "CancelTask a", "Left a", "CancelTask b", "Left b", "CancelTimer rest", "Left rest", "Left sub",
    ])  # fmt: skip
    assert effects[7:] == ["Entered guard", "Left guard", "Entered late", "OpenTask late"]
    assert (instance.active, instance.timers) == (["late"], [])
    assert list(instance.state["scopes"]) == ["0"]


@pytest.mark.parametrize("depth", [1, 5, 40])
def test_cancelling_reaches_every_level(walk, depth):
    inner = user("deep")
    content = start("s0") + inner + end("e0") + path("s0 -> deep -> e0")
    for level in range(1, depth + 1):
        sub = element("subProcess", f"sub{level}", content)
        content = start(f"s{level}") + sub + end(f"e{level}") + path(f"s{level} -> sub{level} -> e{level}")
    instance = walk(process(content))
    instance.start()
    assert instance.active == ["deep"]
    effects = instance.send(Cancelled())
    assert effects[0] == "CancelTask deep"
    assert effects[-1] == "Finished cancelled"
    assert [e for e in effects if e.startswith("Left sub")] == [f"Left sub{n}" for n in range(1, depth + 1)]


def test_an_outcome_inside_does_not_end_the_order(walk):
    inner = start("s") + end("e", tl_outcome="rejected") + path("s -> e")
    data = process(start(), element("subProcess", "sub", inner), end(), path("start -> sub -> end"))
    assert walk(data).start()[-1] == "Finished completed"
