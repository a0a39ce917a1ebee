"""What keeps an instance from moving to another version: each fault by name, so that the instance stays untouched."""

from __future__ import annotations

import pytest

from processes import migration
from processes.engine import EngineError, Started, TaskCompleted, advance, compile_graph, parse
from processes.engine.joining import endless
from processes.engine.state import State
from processes.evaluate import evaluate
from processes.outside import outside
from tests.conftest import MONDAY
from tests.processes.drawings import drawn, message, named
from tests.processes.engine.bpmn import element, end, extensions, flow, path, start, timer, user

PAID = named("message", "paid")


def graph_of(*parts: str):
    return compile_graph(parse(drawn(*parts, around=PAID)))


def repeated(tag: str, inner: str = "", **attributes: str) -> str:
    return element(tag, f"{tag}_of_it", inner, **attributes)


def many(sequential: bool, *more: str, **attributes: str) -> str:
    count = "<bpmn:loopCardinality>3</bpmn:loopCardinality>" + "".join(more)
    return repeated("multiInstanceLoopCharacteristics", count, isSequential=str(sequential).lower(), **attributes)


PARALLEL, SEQUENTIAL = many(False), many(True)
LOOP = repeated("standardLoopCharacteristics", "<bpmn:loopCondition>again</bpmn:loopCondition>")
WAYS = {"once": "", "loop": LOOP, "parallel": PARALLEL, "sequential": SEQUENTIAL}
OTHERWISE = [(one, other) for one in WAYS for other in WAYS if one != other]


def before(old, *done: str, **variables):
    """The state of an instance of a version in which these tasks are completed."""
    state, _ = advance(old, {}, Started(variables), MONDAY, evaluate)
    for node in done:
        task = next(number for number, name in old.open_tasks(state).items() if name == node)
        state, _ = advance(old, state, TaskCompleted(task), MONDAY, evaluate)
    return state


def hindered(old, new, given, state):
    found = migration.problems(old, new, state, migration.mapping(old, new, given))
    return [(problem.node, problem.why) for problem in found]


def held(inner: str, tag: str = "userTask"):
    return graph_of(start(), user("first"), element(tag, "t", inner), end(), path("start -> first -> t -> end"))


INSIDE = start("s") + user("x") + end("e") + path("s -> x -> e")


@pytest.mark.parametrize(("one", "other"), OTHERWISE, ids=map(" to ".join, OTHERWISE))
@pytest.mark.parametrize(("tag", "inner"), [("userTask", ""), ("subProcess", INSIDE)])
def test_what_stands_in_an_activity_that_is_repeated_in_another_way_stays(one, other, tag, inner):
    old, new = held(WAYS[one] + inner, tag), held(WAYS[other] + inner, tag)
    assert hindered(old, new, {}, before(old, "first")) == [("t", migration.REPEATED)]
    assert hindered(old, new, {}, before(old)) == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_repeated_in_the_same_way_moves(way):
    old, new = held(WAYS[way]), held(WAYS[way])
    assert hindered(old, new, {}, before(old, "first")) == []


def test_items_that_were_not_kept_cannot_be_asked_for():
    old, new = held(SEQUENTIAL), held(many(True, tl_elementVariable="item", tl_collection="[1, 2, 3]"))
    assert new.nodes["t"].loop.element
    assert hindered(old, new, {}, before(old, "first")) == [("t", migration.REPEATED)]
    assert hindered(new, old, {}, before(new, "first")) == []


def test_variables_of_its_own_cannot_be_given_to_what_has_begun():
    mapped = extensions('<tl:output source="answer" target="given"/>')
    old, new = held(""), held(mapped)
    assert new.nodes["t"].outputs
    assert hindered(old, new, {}, before(old, "first")) == [("t", migration.MAPPED)]
    assert hindered(new, old, {}, before(new, "first")) == []
    assert hindered(new, new, {}, before(new, "first")) == []


def fork(*names: str, join: str = "parallelGateway", after: str = "z") -> tuple[str, ...]:
    ways = "".join(path(f"split -> {name} -> join") for name in names)
    return (
        start(), element("parallelGateway", "split"), *map(user, names), element(join, "join"), user(after), end(),
        path("start -> split"), ways, path(f"join -> {after} -> end"),
    )  # fmt: skip


def test_two_ways_of_a_join_that_become_one_keep_both_tokens_where_they_are():
    old, new = graph_of(*fork("a", "b", "c")), graph_of(*fork("x", "c"))
    given = {"a": "x", "b": "x"}
    assert hindered(old, new, given, before(old, "a", "b")) == [("join", migration.ONE_WAY)]
    # its join would open at once, and what is left of the other way would wait there alone for ever
    assert hindered(old, new, given, before(old, "a", "c")) == [("b", migration.SHARED)]


def test_two_tasks_at_once_that_become_one_stay_and_each_is_named():
    old, new = graph_of(*fork("a", "b", "c")), graph_of(*fork("x", "c"))
    found = migration.problems(old, new, before(old), migration.mapping(old, new, {"a": "x", "b": "x"}))
    assert [str(one) for one in found] == ["a would stand at one element there with b"]
    assert hindered(old, new, {"a": "x", "b": "x"}, before(old, "a")) == [("b", migration.SHARED)]


def test_two_tasks_that_exclude_each_other_move_to_the_one_that_they_became():
    choice = (
        start(), element("exclusiveGateway", "which", default="which-b"), user("a"), user("b"), end(),
        path("start -> which -> b -> end"), flow("which -> a", "small"), path("a -> end"),
    )  # fmt: skip
    old, new = graph_of(*choice), graph_of(start(), user("x"), end(), path("start -> x -> end"))
    for small in (True, False):
        state = before(old, small=small)
        assert hindered(old, new, {"a": "x", "b": "x"}, state) == []
        nodes = migration.mapping(old, new, {"a": "x", "b": "x"})
        moved, _ = migration.moved(old, new, state, nodes, MONDAY, outside(MONDAY))
        assert list(new.open_tasks(moved).values()) == ["x"]


def test_two_tokens_at_one_task_are_no_two_that_became_one():
    twice = (start(), element("parallelGateway", "split"), element("exclusiveGateway", "meet"), user("a"), end(),
             path("start -> split -> meet -> a -> end"), flow("split -> meet", id="again"))  # fmt: skip
    drawing = graph_of(*twice)
    assert hindered(drawing, drawing, {}, before(drawing)) == []


def test_two_joins_with_tokens_that_become_one_keep_them():
    twice = (
        start(), *(element("parallelGateway", name) for name in ("split", "j", "k")), *map(user, "abcd"), end(),
        path("start -> split"), *(path(f"split -> {name} -> j") for name in "ab"),
        *(path(f"split -> {name} -> k") for name in "cd"), path("j -> end"), path("k -> end"),
    )  # fmt: skip
    old, new = graph_of(*twice), graph_of(*fork("a", "b", "c", "d"))
    given = {"j": "join", "k": "join"}
    assert hindered(old, new, given, before(old, "a", "c")) == [("j", migration.ONE_WAY), ("k", migration.ONE_WAY)]


@pytest.mark.parametrize("done", [("a",), ()])
def test_a_way_that_is_added_to_a_join_keeps_what_is_past_its_fork(done):
    old, new = graph_of(*fork("a", "b")), graph_of(*fork("a", "b", "c"))
    assert hindered(old, new, {}, before(old, *done)) == [("join", migration.ENDLESS)]
    assert hindered(old, new, {}, before(old, "a", "b")) == []


def test_a_join_at_which_the_old_version_waits_for_ever_as_well_keeps_nothing():
    way_out = (element("exclusiveGateway", "x"), end("out"))
    parts = [part.replace('id="b-join" sourceRef="b" targetRef="join"', 'id="b-x" sourceRef="b" targetRef="x"')
             for part in fork("a", "b")]  # fmt: skip
    drawing = graph_of(*parts, *way_out, flow("x -> join", "more"), flow("x -> out", "not(more)"))
    state = before(drawing, "b", more=False)
    assert list(endless(drawing, State.load(state))) == ["join"]
    assert hindered(drawing, drawing, {}, state) == []


def test_a_token_stays_with_the_way_from_its_own_branch_though_another_took_over_its_id():
    old = graph_of(*fork("a", "b"))
    swapped = [part.replace('"a-join"', '"_"').replace('"b-join"', '"a-join"') for part in fork("a", "b")]
    new = graph_of(*(part.replace('"_"', '"b-join"') for part in swapped))
    state, _ = migration.moved(old, new, before(old, "a"), migration.mapping(old, new), MONDAY, outside(MONDAY))
    assert state["scopes"]["0"][3] == {"join": {"b-join": 1}}


def sub(*inner: str, id: str = "sub") -> str:
    return element("subProcess", id, start(f"{id}_s") + "".join(inner) + end(f"{id}_e"))


OUTSIDE = (start(), user("a"), user("z"), end(), path("start -> a -> z -> end"))
WITHIN = (start(), sub(user("x"), path("sub_s -> x -> sub_e")), user("z"), end(), path("start -> sub -> z -> end"))
BOTH = (
    start(), sub(user("y"), path("sub_s -> y -> sub_e")), sub(user("x"), path("two_s -> x -> two_e"), id="two"), end(),
    path("start -> sub -> two -> end"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "given", "node"),
    [
        (OUTSIDE, WITHIN, {"a": "x"}, "a"),
        (WITHIN, OUTSIDE, {"x": "a"}, "x"),
        (WITHIN, BOTH, {"x": "x"}, "x"),
    ],
    ids=["into a sub-process", "out of one", "into another one"],
)
def test_what_stands_in_another_part_of_the_drawing_there_stays(old, new, given, node):
    old, new = graph_of(*old), graph_of(*new)
    assert (node, migration.ELSEWHERE) in hindered(old, new, given, before(old))


def test_a_sub_process_that_is_called_otherwise_moves_with_what_is_in_it():
    old, new = graph_of(*WITHIN), graph_of(*(part.replace('"sub"', '"part"') for part in WITHIN))
    assert hindered(old, new, {"sub": "part", "x": "x"}, before(old)) == []


def event(id: str, at: str) -> str:
    return element("intermediateCatchEvent", id, timer("timeDuration", at))


def test_an_event_that_stands_alone_does_not_move_behind_a_gateway():
    alone = (start(), event("t", "PT5H"), end(), path("start -> t -> end"))
    choice = (
        start(), element("eventBasedGateway", "g"), event("t", "PT5H"), event("u", "PT9H"), end(),
        path("start -> g -> t -> end"), path("g -> u -> end"),
    )  # fmt: skip
    old, new = graph_of(*alone), graph_of(*choice)
    assert hindered(old, new, {}, before(old)) == [("t", migration.ONE_OF_SEVERAL)]


def test_a_sub_process_and_an_event_sub_process_are_no_counterparts():
    begin = message("s", "startEvent", "paid")
    inner = begin + user("x") + end("e") + path("s -> x -> e")
    old = graph_of(*OUTSIDE, element("subProcess", "t", start("s") + user("x") + end("e") + path("s -> x -> e")))
    new = graph_of(*OUTSIDE, element("subProcess", "t", inner, triggeredByEvent="true"))
    with pytest.raises(migration.BadMap, match="same kind"):
        migration.mapping(old, new, {"t": "t"})


def test_what_fails_on_the_way_is_a_hindrance_as_well():
    condition = element("conditionalEventDefinition", "d", "<bpmn:condition>1 + x</bpmn:condition>")
    watched = element("boundaryEvent", "b", condition, attachedToRef="a")
    old, new = graph_of(*OUTSIDE), graph_of(*OUTSIDE, watched, end("e"), path("b -> e"))
    nodes = migration.mapping(old, new)
    found = migration.hindrances(old, new, before(old, x=1), nodes, MONDAY, outside(MONDAY))
    assert [problem.node for problem in found] == ["b"]
    state, _ = migration.moved(old, new, before(old, x=1), nodes, MONDAY, outside(MONDAY))
    with pytest.raises(EngineError):
        migration.settled(new, state, MONDAY, outside(MONDAY))
