"""Parallel gateway: one token along each flow, and one from each before it goes on."""

from __future__ import annotations

from .bpmn import element, end, path, process, start, user

BLOCK = (
    element("parallelGateway", "split"), user("a"), user("b"), element("parallelGateway", "join"),
    path("split -> a -> join"), path("split -> b -> join"),
)  # fmt: skip


def test_all_branches_open_and_the_join_waits_for_each(walk):
    instance = walk(process(start(), *BLOCK, end(), path("start -> split"), path("join -> end")))
    assert instance.start() == [
        "Entered start", "Left start", "Entered split", "Left split",
        "Entered a", "OpenTask a", "Entered b", "OpenTask b",
    ]  # fmt: skip
    assert instance.complete("b") == ["Left b"]
    assert "join" in instance.graph.active_nodes(instance.state)
    assert instance.complete("a") == [
        "Left a",
        "Entered join",
        "Left join",
        "Entered end",
        "Left end",
        "Finished completed",
    ]


def test_two_tokens_on_one_flow_are_not_one_on_each(walk):
    data = process(
        start(), element("parallelGateway", "fork"), element("exclusiveGateway", "twice"), user("a"), user("b"),
        element("parallelGateway", "join"), user("after"), end(),
        path("start -> fork -> twice -> a -> join -> after -> end"), path("fork -> b -> join"),
        element("task", "second"), path("fork -> second -> twice"),
    )  # fmt: skip
    instance = walk(data)
    instance.start()
    instance.complete("a")
    instance.complete("a")
    assert instance.active == ["b"]
    instance.complete("b")
    assert instance.active == ["after"]
    assert "join" in instance.graph.active_nodes(instance.state)


def test_joins_in_two_runs_of_a_sub_process_do_not_mix(walk):
    inner = start("s") + "".join(BLOCK) + end("e") + path("s -> split") + path("join -> e")
    data = process(
        start(), element("parallelGateway", "fork"), element("task", "x"), element("task", "y"),
        element("exclusiveGateway", "meet"), element("subProcess", "sub", inner), end(),
        path("start -> fork -> x -> meet -> sub -> end"), path("fork -> y -> meet"),
    )  # fmt: skip
    instance = walk(data)
    instance.start()
    assert instance.active == ["a", "a", "b", "b"]
    instance.complete("a")
    instance.complete("a")
    assert instance.active == ["b", "b"]
    assert instance.complete("b")[-1] == "Left sub" or "sub" in instance.graph.active_nodes(instance.state)
    assert instance.complete("b")[-1] == "Finished completed"
