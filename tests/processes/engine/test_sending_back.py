"""Sending back: the token of an open task returns to an earlier step beside it."""

from __future__ import annotations

import pytest

from processes.engine import EngineError, SentBack

from .bpmn import element, end, flow, path, process, start, timer, user


def send(instance, task, to):
    number = next(number for number, node in instance.tasks.items() if node == task)
    return instance.send(SentBack(number, to))


def line():
    return process(
        start(), user("a"), element("exclusiveGateway", "choose"), user("b"), user("c"), end(),
        path("start -> a -> choose"), flow("choose -> b", "true"), path("b -> c -> end"),
    )  # fmt: skip


def test_the_task_is_called_off_and_the_step_opens_anew(walk):
    instance = walk(line())
    instance.start()
    instance.complete("a", x=1)
    assert send(instance, "b", "a") == ["CancelTask b", "Left b", "Entered a", "OpenTask a"]
    instance.complete("a", x=2)
    assert (instance.active, instance.state["variables"]) == (["b"], {"x": 2})
    instance.complete("b")
    assert instance.complete("c")[-1] == "Finished completed"


def test_a_task_is_asked_anew_by_sending_it_to_itself(walk):
    instance = walk(line())
    instance.start()
    before = set(instance.tasks)
    assert send(instance, "a", "a") == ["CancelTask a", "Left a", "Entered a", "OpenTask a"]
    assert instance.active == ["a"]
    assert not before & set(instance.tasks)


def test_what_watched_the_task_is_over(walk):
    late = element("boundaryEvent", "late", timer("timeDuration", "PT1H"), attachedToRef="b")
    data = process(start(), user("a"), user("b"), late, user("d"), path("start -> a -> b"), path("late -> d"))
    instance = walk(data)
    instance.start()
    instance.complete("a")
    assert instance.timers == ["late"]
    assert "CancelTimer late" in send(instance, "b", "a")
    assert instance.timers == []


@pytest.mark.parametrize("to", ["start", "choose", "end", "nowhere"])
def test_only_a_persons_step_is_gone_back_to(walk, to):
    instance = walk(line())
    instance.start()
    instance.complete("a")
    state = instance.state
    with pytest.raises(EngineError) as refused:
        send(instance, "b", to)
    assert (refused.value.code, refused.value.node, instance.state) == ("no_way_back", "b", state)


def test_beside_another_token_there_is_no_way_back_but_the_task_is_asked_anew(walk):
    data = process(
        start(), user("a"), element("parallelGateway", "split"), user("b"), user("c"),
        element("parallelGateway", "join"), user("d"), end(),
        path("start -> a -> split -> b -> join -> d -> end"), path("split -> c -> join"),
    )  # fmt: skip
    instance = walk(data)
    instance.start()
    instance.complete("a")
    for to in ("a", "d"):
        with pytest.raises(EngineError):
            send(instance, "b", to)
    send(instance, "b", "b")
    instance.complete("c")
    with pytest.raises(EngineError):  # c waits at the join
        send(instance, "b", "a")
    instance.complete("b")
    send(instance, "d", "a")
    assert instance.active == ["a"]
    for node in ("a", "c", "b", "d"):
        effects = instance.complete(node)
    assert effects[-1] == "Finished completed"


def test_a_step_inside_a_sub_process_goes_back_only_inside_it(walk):
    inner = start("s") + user("x") + user("y") + end("e") + path("s -> x -> y -> e")
    data = process(start(), user("a"), element("subProcess", "sub", inner), user("b"), path("start -> a -> sub -> b"))
    instance = walk(data)
    instance.start()
    instance.complete("a")
    instance.complete("x")
    with pytest.raises(EngineError):
        send(instance, "y", "a")
    send(instance, "y", "x")
    assert instance.active == ["x"]
    instance.complete("x")
    instance.complete("y")
    send(instance, "b", "a")
    assert instance.active == ["a"]


def test_a_repetition_is_not_left_backwards(walk):
    many = element("multiInstanceLoopCharacteristics", "many", "<bpmn:loopCardinality>n</bpmn:loopCardinality>")
    data = process(start(), user("a"), element("userTask", "b", many), path("start -> a -> b"))
    instance = walk(data)
    instance.start(n=2)
    instance.complete("a")
    for to in ("a", "b"):
        with pytest.raises(EngineError):
            send(instance, "b", to)


def test_no_task_that_is_not_open_is_sent_back(walk):
    instance = walk(line())
    instance.start()
    with pytest.raises(EngineError, match="not|none"):
        instance.send(SentBack(99, "a"))
