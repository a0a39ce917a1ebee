"""What one event may open and how far it may move: refused at the element, before memory and time are used up."""

from __future__ import annotations

import pytest

from processes.engine import EngineError, Started, advance, compile_graph, parse
from processes.engine.outside import Outside
from processes.engine.run import MAX_OPEN
from processes.evaluate import evaluate

from .bpmn import element, end, flow, path, process, start, user
from .conftest import NOON


def repeated(times: int) -> str:
    count = f"<bpmn:loopCardinality>{times}</bpmn:loopCardinality>"
    return f"<bpmn:multiInstanceLoopCharacteristics>{count}</bpmn:multiInstanceLoopCharacteristics>"


def when(condition: str) -> str:
    inner = f"<bpmn:condition>{condition}</bpmn:condition>"
    return f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"


def begin(data, variables=None, evaluate=evaluate):
    return advance(compile_graph(parse(data)), {}, Started(variables or {}), NOON, evaluate)[0]


def refusal(*args):
    with pytest.raises(EngineError) as refused:
        begin(*args)
    return refused.value.code, refused.value.node


def test_repetitions_inside_each_other_open_no_more_than_the_bound():
    inside = start("in") + element("userTask", "each", repeated(300)) + end("out") + path("in -> each -> out")
    data = process(start(), element("subProcess", "many", repeated(300) + inside), end(), path("start -> many -> end"))
    assert refusal(data) == ("too_many", "each")


def test_the_most_repetitions_of_a_sub_process_with_a_task_are_within_the_bound():
    inside = start("in") + user("each") + end("out") + path("in -> each -> out")
    data = process(
        start(), element("subProcess", "many", repeated(10_000) + inside), end(), path("start -> many -> end")
    )
    state = begin(data)
    assert (len(state["tasks"]), len(state["tasks"]) + len(state["scopes"]) < MAX_OPEN) == (10_000, True)


def test_ways_that_multiply_are_stopped():
    ways = "".join(flow("t -> t", id=f"way{number}") for number in range(1000))
    data = process(start(), element("task", "t"), path("start -> t"), ways)
    assert refusal(data) == ("too_many", "t")


def test_a_condition_that_always_holds_behind_a_gateway_for_events_is_stopped():
    data = process(
        start(), element("eventBasedGateway", "first"), element("intermediateCatchEvent", "holds", when("x = 2")),
        element("receiveTask", "other"), end(), path("start -> first -> holds -> first"), path("first -> other -> end"),
    )  # fmt: skip
    assert refusal(data, {"x": 2}) == ("livelock", "first")


def test_looking_at_many_conditions_again_and_again_counts_too():
    looked = []
    waits = "".join(
        element("intermediateCatchEvent", f"wait{number}", when("x = 3")) + flow(f"start -> wait{number}")
        for number in range(100)
    )
    script = element("scriptTask", "spin", "<bpmn:script>x = 2</bpmn:script>")
    data = process(start(), waits, script, path("start -> spin -> spin"))
    assert refusal(data, {"x": 2}, lambda text, *_: looked.append(text) or text == "2") == ("livelock", "spin")
    assert len(looked) < 110_000


def test_an_inclusive_gateway_that_leads_to_itself_is_stopped():
    data = process(
        start(), element("inclusiveGateway", "g"), user("work"), end(), path("start -> g"), flow("g -> g", "true"),
        flow("g -> work", "true"), path("work -> end"),
    )  # fmt: skip
    assert refusal(data)[0] == "livelock"


def test_a_thousand_inclusive_joins_that_are_ready_at_once_all_pass():
    ways = flow("split -> join", "true", "one") + flow("split -> join", "true", "two")
    inside = start("in") + element("inclusiveGateway", "split") + element("inclusiveGateway", "join") + user("each")
    inside += end("out") + path("in -> split") + ways + path("join -> each -> out")
    data = process(
        start(), element("subProcess", "many", repeated(1_000) + inside), end(), path("start -> many -> end")
    )
    assert len(begin(data)["tasks"]) == 1_000


def blocks(count, *parts):
    """Blocks of an inclusive split with two ways and their join, one after the other."""
    drawn, last = list(parts), "start"
    for n in range(count):
        drawn += [element("inclusiveGateway", f"g{n}"), element("inclusiveGateway", f"j{n}")]
        drawn += [element("task", f"a{n}"), element("task", f"b{n}"), path(f"{last} -> g{n} -> a{n} -> j{n}")]
        drawn += [path(f"g{n} -> b{n} -> j{n}")]
        last = f"j{n}"
    return process(start(), *drawn, end(), path(f"{last} -> end"))


def test_a_join_that_waits_for_nothing_passes_without_looking_where_tokens_could_come_from():
    graph = compile_graph(parse(blocks(50)))
    state, _ = advance(graph, {}, Started(), NOON, evaluate)
    assert (state["finished"], graph.upstream) == (True, {})


def test_each_look_of_a_join_asks_whether_there_is_time():
    asked = []
    graph = compile_graph(parse(blocks(50)))
    advance(graph, {}, Started(), NOON, Outside(evaluate, go_on=lambda: asked.append(1)))
    moves = 2 + 50 * 5  # start and end; in a block the split, two tasks, two tokens to the join
    assert len(asked) >= moves + 50
