"""Exclusive gateway: one token in, one token out."""

from __future__ import annotations

import pytest

from processes.engine import EngineError

from .bpmn import element, end, flow, path, process, start, user


def fork(*, default: bool) -> bytes:
    given = {"default": "choose-small"} if default else {}
    return process(
        start(), element("exclusiveGateway", "choose", **given),
        user("large"), user("middle"), user("small"), end(),
        path("start -> choose"), flow("choose -> large", "amount > 100"), flow("choose -> middle", "amount > 10"),
        flow("choose -> small", "" if default else "amount < 3"),
        path("large -> end"), path("middle -> end"), path("small -> end"),
    )  # fmt: skip


@pytest.mark.parametrize(("amount", "taken"), [(500, "large"), (50, "middle"), (5, "small"), (None, "small")])
def test_the_first_flow_whose_condition_holds_is_taken_else_the_default(walk, amount, taken):
    assert walk(fork(default=True)).start(amount=amount) == [
        "Entered start", "Left start", "Entered choose", "Left choose", f"Entered {taken}", f"OpenTask {taken}",
    ]  # fmt: skip


def test_no_condition_and_no_default_is_refused_and_names_the_gateway(walk):
    with pytest.raises(EngineError) as refused:
        walk(fork(default=False)).start(amount=5)
    assert (refused.value.code, refused.value.node) == ("no_flow_taken", "choose")


def test_tokens_do_not_wait_for_each_other_where_branches_meet(walk):
    data = process(
        start(), element("parallelGateway", "split"), user("a"), user("b"),
        element("exclusiveGateway", "meet"), user("after"), end(),
        path("start -> split -> a -> meet -> after -> end"), path("split -> b -> meet"),
    )  # fmt: skip
    instance = walk(data)
    instance.start()
    instance.complete("a")
    assert instance.active == ["after", "b"]
    instance.complete("b")
    assert instance.active == ["after", "after"]


@pytest.mark.parametrize(("condition", "code"), [("amount", "not_a_boolean"), ("what is this?", "expression_failed")])
def test_a_condition_without_an_answer_is_refused_by_its_flow(walk, condition, code):
    data = process(
        start(), element("exclusiveGateway", "choose", default="choose-end"), user("a"), end(),
        path("start -> choose -> end"), flow("choose -> a", condition), path("a -> end"),
    )  # fmt: skip
    with pytest.raises(EngineError) as refused:
        walk(data).start(amount=5)
    assert (refused.value.code, refused.value.node) == (code, "choose-a")


def test_conditions_on_a_tasks_own_flows_take_every_flow_that_holds(walk):
    data = process(
        start(), user("look", default="look-none"), user("a"), user("b"), user("none"),
        path("start -> look"), flow("look -> a", "x > 1"), flow("look -> b", "x > 2"), flow("look -> none"),
    )  # fmt: skip
    expected = {1: ["none"], 2: ["a"], 3: ["a", "b"]}
    for x, active in expected.items():
        instance = walk(data)
        instance.start()
        instance.complete("look", x=x)
        assert instance.active == active
