"""Judging a model: each fault is named by element and line, all of a file's at once."""

from __future__ import annotations

import pytest

from processes.engine import NotExecutable, check, compile_graph, parse

from .bpmn import element, end, extensions, flow, path, process, start, timer, user
from .conftest import evaluate


def compile_condition(text: str) -> None:
    evaluate(text, {})


def judge(*parts: str, publishable: bool = False):
    return check(parse(process(*parts)), compile_condition, publishable=publishable)


def simple(*more: str):
    return (start(), *more, end(), path("start -> end"))


MESSAGE = "<bpmn:messageEventDefinition/>"
UNSUPPORTED = [
    element("adHocSubProcess", "odd"),
    element("complexGateway", "odd"),
    element("businessRuleTask", "odd"),
    element("callActivity", "odd"),
    element("intermediateCatchEvent", "odd", MESSAGE),
    element("intermediateCatchEvent", "odd"),
    element("intermediateThrowEvent", "odd", "<bpmn:signalEventDefinition/>"),
    element("endEvent", "odd", "<bpmn:errorEventDefinition/><bpmn:signalEventDefinition/>"),
    element("userTask", "odd", "<bpmn:multiInstanceLoopCharacteristics/>"),
    element("userTask", "odd", "<bpmn:standardLoopCharacteristics/>"),
    element("userTask", "odd", startQuantity="2"),
    element("userTask", "odd", completionQuantity="3"),
    element(
        "userTask", "odd", '<bpmn:multiInstanceLoopCharacteristics behavior="None"><bpmn:loopCardinality>2'
        "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
    ),
    element("subProcess", "odd", triggeredByEvent="true"),
    element("subProcess", "odd", start("i1") + start("i2")),
    element("eventBasedGateway", "odd", instantiate="true", eventGatewayType="Parallel") + flow("odd -> r")
    + flow("odd -> q") + element("receiveTask", "r") + element("receiveTask", "q"),
    element("scriptTask", "odd", "<bpmn:script>print(1)</bpmn:script>", scriptFormat="groovy"),
    user("t") + element("boundaryEvent", "odd", "<bpmn:compensateEventDefinition/>", attachedToRef="t"),
    element("exclusiveGateway", "g", default="g-end") + flow("g -> end") + flow("g -> end", "${x.run()}", id="odd"),
    element("exclusiveGateway", "g") + flow("g -> end", "true", id="x") + flow("g -> end", id="odd"),
    element("intermediateCatchEvent", "odd", "<bpmn:timerEventDefinition/>"),
    element("intermediateCatchEvent", "odd", "<bpmn:conditionalEventDefinition/>"),
]  # fmt: skip


@pytest.mark.parametrize("part", UNSUPPORTED)
def test_legal_elements_that_do_not_run_are_named_and_block_only_running(part):
    data = process(*simple(part))
    report = check(parse(data), compile_condition)
    assert report.errors == ()
    blocking = [finding for finding in report.blocking if finding.element == "odd"]
    assert blocking
    assert all(finding.line >= 5 for finding in blocking)
    assert not report.executable
    assert any(finding.element == "odd" for finding in check(parse(data), publishable=True).errors)
    with pytest.raises(NotExecutable) as refused:
        compile_graph(parse(data))
    assert any(finding.element == "odd" for finding in refused.value.report.errors) or "${" in part


HOUR, TOLD = timer("timeDuration", "PT1H"), MESSAGE

LINK = '<bpmn:linkEventDefinition name="L"/>'
LINKED = element("intermediateThrowEvent", "l1", LINK) + element("intermediateCatchEvent", "l2", LINK)


def choice(*events: str) -> str:
    """An event-based gateway before events c1, c2, …."""
    caught = {f"c{place}": event for place, event in enumerate(events, 1)}
    drawn = "".join(element("intermediateCatchEvent", name, event) for name, event in caught.items())
    return element("eventBasedGateway", "g") + drawn + "".join(flow(f"g -> {name}") for name in caught)


WRONG = [
    (user("a") + user("a"), "a", "unique"),
    (flow("start -> nowhere", id="f"), "f", "nowhere"),
    (user("a", default="nothing"), "a", "default"),
    (element("boundaryEvent", "b", timer("timeDuration", "PT1H"), attachedToRef="none"), "b", "attachedToRef"),
    (element("boundaryEvent", "b", timer("timeDuration", "PT1H"), attachedToRef="start"), "b", "on a task"),
    (element("userTask", "a", timer("timeDuration", "PT1H")), "a", "in events only"),
    (user("b") + user("a", attachedToRef="b"), "a", "Expected only boundary events"),
    (user("a", default="start-end"), "a", "leaves start"),
    (flow("end -> start", id="f"), "f", "leads to"),
    (user("a") + flow("end -> a", id="f"), "f", "begins at"),
    (user("a") + flow("start -> a", "true", id="f"), "f", "no condition"),
    (element("parallelGateway", "g") + flow("g -> end", "true", id="f"), "f", "no condition"),
    (
        element("eventBasedGateway", "g")
        + element("intermediateCatchEvent", "c", timer("timeDuration", "PT1H"))
        + flow("g -> c", "true", id="f"),
        "f",
        "no condition",
    ),
    (choice(HOUR), "g", "two or more flows"),
    (element("eventBasedGateway", "g"), "g", "none"),
    (choice(HOUR, TOLD) + element("receiveTask", "r") + flow("g -> r"), "g", "there are both"),
    (choice(HOUR, TOLD) + user("a") + flow("a -> c1"), "c1", "another flow does"),
    (
        choice(HOUR)
        + element("receiveTask", "r")
        + flow("g -> r")
        + element("boundaryEvent", "b", HOUR, attachedToRef="r"),
        "b",
        "no event on a task behind",
    ),
    (element("intermediateThrowEvent", "e", HOUR), "e", "has timer"),
    (element("intermediateThrowEvent", "e", "<bpmn:terminateEventDefinition/>"), "e", "has terminate"),
    (element("intermediateThrowEvent", "e", "<bpmn:errorEventDefinition/>" + MESSAGE), "e", "has error"),
    (element("intermediateCatchEvent", "e", "<bpmn:escalationEventDefinition/>"), "e", "has escalation"),
    (element("endEvent", "e", LINK), "e", "has link"),
    (user("a") + element("boundaryEvent", "e", LINK, attachedToRef="a"), "e", "has link"),
    (user("a") + element("boundaryEvent", "e", attachedToRef="a"), "e", "has none"),
    (
        element(
            "subProcess", "s", element("startEvent", "e", "<bpmn:cancelEventDefinition/>"), triggeredByEvent="true"
        ),
        "e",
        "waits for cancel",
    ),
    (LINKED + path("l1 -> end"), "l1", "no flow out of"),
    (LINKED + path("start -> l2"), "l2", "no flow into"),
    (element("subProcess", "s", start("i") + end("j") + path("i -> j")) + flow("i -> end", id="f"), "f", "crosses"),
    (user("a") + flow("a -> end", "what is this?", id="f"), "f", "FEEL"),
    (element("intermediateCatchEvent", "w", timer("timeDuration", "in an hour")), "w", "FEEL"),
    (
        element("intermediateThrowEvent", "m1", extensions('<tl:milestone key="k" en="A" zh-Hans="甲"/>'))
        + element("intermediateThrowEvent", "m2", extensions('<tl:milestone key="k" en="B" zh-Hans="乙"/>')),
        "m2",
        "meaning",
    ),
]


@pytest.mark.parametrize(("part", "name", "words"), WRONG)
def test_wrong_models_are_errors(part, name, words):
    report = judge(*simple(part))
    assert any(finding.element == name and words in finding.message for finding in report.errors)
    assert not report.executable


def test_all_faults_of_a_file_come_at_once_in_the_order_of_lines():
    report = judge(*simple(*(part for part, _, _ in WRONG[1:5])))
    named = {finding.element for finding in report.errors}
    assert {"f", "a", "b"} <= named
    assert [finding.line for finding in report.errors] == sorted(finding.line for finding in report.errors)


def test_words_for_conditions_are_legal_in_a_sketch_but_do_not_run():
    gateway = (
        element("exclusiveGateway", "g", default="g-end") + flow("g -> end") + flow("g -> a", "Looks good?", id="f")
    )
    data = process(*simple(gateway, user("a"))).replace(b'isExecutable="true"', b'isExecutable="false"')
    report = check(parse(data), compile_condition)
    assert report.errors == ()
    assert [finding.element for finding in report.blocking] == ["f"]


WARNED = [
    (user("a"), "a", "path from a start"),
    (user("a") + flow("start -> a"), "a", "flow out of"),
    (element("exclusiveGateway", "g") + flow("start -> g") + flow("g -> end", "true"), "g", "default flow"),
    (
        element(
            "subProcess",
            "s",
            element("startEvent", "e", "<bpmn:errorEventDefinition/>", isInterrupting="false"),
            triggeredByEvent="true",
        ),
        "e",
        "to interrupt",
    ),
]


@pytest.mark.parametrize("gateway", ["parallelGateway", "eventBasedGateway"])
def test_what_chooses_nothing_is_not_asked_for_a_default(gateway):
    way = element("receiveTask", "a") + path("start -> g") + flow("g -> a", "true")
    found = judge(start(), element(gateway, "g"), way, end(), path("a -> end"))
    assert "g-a" in [error.element for error in found.errors]
    assert not any("default flow" in warning.message for warning in found.warnings)


@pytest.mark.parametrize(("part", "name", "words"), WARNED)
def test_what_may_go_wrong_is_a_warning(part, name, words):
    report = judge(*simple(part))
    assert report.executable
    assert any(finding.element == name and words in finding.message for finding in report.warnings)


def test_inside_an_ad_hoc_sub_process_nothing_needs_a_way_in_or_out():
    inside = user("a") + user("b") + user("c") + path("b -> c") + element("subProcess", "s", user("d") + user("e"))
    report = judge(*simple(element("adHocSubProcess", "odd", inside), path("start -> odd -> end")))
    ways = {one.element for one in report.warnings if "flow out" in one.message or "path" in one.message}
    assert ways == {"d", "e"}


def test_a_process_that_runs_has_one_start_without_a_trigger():
    report = judge(start("s1"), start("s2"), user("a"))
    assert not report.executable
    assert any("exactly one start event" in finding.message for finding in report.warnings)


NAMES = '<tl:name zh-Hans="核"/>'
LACKING = [
    (element("userTask", "t", extensions('<tl:work queue="q"/>' + NAMES)), "English name"),
    (user("t", name="T"), "zh-Hans"),
    (element("userTask", "t", extensions(NAMES), name="T"), "queue"),
    (element("userTask", "t", extensions(NAMES + '<tl:work queue="q" effort="soon"/>'), name="T"), "effort"),
    (element("userTask", "t", extensions(NAMES + '<tl:work queue="q" priority="9"/>'), name="T"), "priority"),
    (element("userTask", "t", extensions(NAMES), name="T", tl_kind="approval"), "matrix"),
    (element("userTask", "t", extensions(NAMES), name="T", tl_kind="client"), "tl:request form"),
    (element("userTask", "t", extensions(NAMES), name="T", tl_kind="client"), "tl:title zh-Hans"),
    (element("userTask", "t", extensions(NAMES), name="T", tl_kind="magic"), "magic"),
    (element("serviceTask", "t", extensions(NAMES), name="T"), "tl:kind"),
    (element("serviceTask", "t", extensions(NAMES), name="T", tl_kind="custodian"), "connector"),
    (element("userTask", "t", extensions('<tl:milestone key="k" en="K" zh-Hans="K"/>')), "milestones on start"),
    (element("intermediateThrowEvent", "t", extensions('<tl:milestone key="k" en="K"/>')), "zh-Hans"),
    (element("userTask", "t", tl_outcome="rejected"), "tl:outcome"),
    (element("endEvent", "t", tl_outcome="lost"), "lost"),
]


@pytest.mark.parametrize(("part", "words"), LACKING)
def test_what_a_published_model_must_say_is_a_warning_before(part, words):
    draft, published = judge(*simple(part)), judge(*simple(part), publishable=True)
    assert any(finding.element == "t" and words in finding.message for finding in draft.warnings)
    assert any(finding.element == "t" and words in finding.message for finding in published.errors)
    assert draft.executable


def test_a_complete_model_can_be_published():
    work = extensions(NAMES + '<tl:work queue="maintenance" skill="senior" effort="20" priority="3" form="f"/>')
    call = extensions(NAMES + '<tl:call connector="{custodian}" operation="change"/>')
    ask = extensions(NAMES + '<tl:request form="f"/><tl:title en="A" zh-Hans="甲"/><tl:text en="A" zh-Hans="甲"/>')
    decide = extensions(NAMES + '<tl:approval matrix="m"/>')
    report = judge(
        element("startEvent", "start", extensions('<tl:milestone key="received" en="R" zh-Hans="收"/>')),
        element("userTask", "check", work, name="Check"),
        element("serviceTask", "tell", call, name="Tell", tl_kind="custodian"),
        element("userTask", "ask", ask, name="Ask", tl_kind="client"),
        element("userTask", "approve", decide, name="Approve", tl_kind="approval"),
        end(tl_outcome="completed"), path("start -> check -> tell -> ask -> approve -> end"), publishable=True,
    )  # fmt: skip
    assert report.errors == report.warnings == ()


def test_two_ends_may_reach_the_same_milestone():
    same = extensions('<tl:milestone key="closed" en="Closed" zh-Hans="关闭"/>')
    data = process(start(), user("a"), element("endEvent", "e1", same), element("endEvent", "e2", same),
                   path("start -> a -> e1"), path("a -> e2"))  # fmt: skip
    assert check(parse(data)).errors == ()
    assert [step.key for step in compile_graph(parse(data)).milestones] == ["closed"]


def test_a_file_with_several_processes_needs_to_be_told_which():
    one = element("process", "one", start("s1") + end("e1") + path("s1 -> e1"))
    data = process(start(), end(), path("start -> end")).replace(
        b"</bpmn:definitions>", one.encode() + b"</bpmn:definitions>"
    )
    data = data.replace(b' isExecutable="true"', b"")
    with pytest.raises(NotExecutable, match="p, one"):
        compile_graph(parse(data))
    assert compile_graph(parse(data), "one").start == "s1"
    with pytest.raises(NotExecutable, match='"two"'):
        compile_graph(parse(data), "two")


def test_five_thousand_nodes_compile_in_time():
    import time

    names = [f"t{number}" for number in range(5000)]
    tasks = "".join(user(name) for name in names)
    data = process(start(), tasks, end(), path(" -> ".join(["start", *names, "end"])))
    begun = time.process_time()
    graph = compile_graph(parse(data))
    assert len(graph.nodes) == 5002
    assert time.process_time() - begun < 60  # it ends; how soon is for the benchmark to say


def test_five_thousand_conditions_are_each_read_once():
    names = [f"x{number}" for number in range(5000)]
    gateways = "".join(element("exclusiveGateway", name, default=f"{name}-end") for name in names)
    away = "".join(flow(f"{name} -> end") for name in names[:-1])
    on = "".join(flow(f"{one} -> {other}", f"n = {one[1:]}") for one, other in zip(names, names[1:]))
    data = process(start(), gateways, end(), flow("start -> x0"), flow("x4999 -> end"), away, on)
    read = []
    graph = compile_graph(parse(data), compile_condition=read.append)
    assert sorted(read) == sorted(f"n = {number}" for number in range(4999))
    assert graph.flows["x7-x8"].condition == "n = 7"


ROUND = (user("a"), element("exclusiveGateway", "g", default="g-e"), end("e"), path("a -> g"), flow("g -> a", "true"),
         flow("g -> e"))  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "named"),
    [(ROUND, "process p"), ((start(), element("subProcess", "s", "".join(ROUND)), path("start -> s")), "subProcess s")],
)
def test_where_nothing_begins_the_model_does_not_run(parts, named):
    report = check(parse(process(*parts)), compile_condition)
    (found,) = report.blocking
    assert (found.element, found.legal) == (named.split()[1], True)
    assert found.message == (
        f"Expected a start event in {named}, or something that no flow leads to, but there is neither."
    )
    assert not report.executable


def test_code_of_another_tool_is_named_and_not_called():
    task = element("serviceTask", "a", **{"camunda:expression": "${bean.run()}"})
    data = process(start(), task, end(), path("start -> a -> end"))
    camunda = b'<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    report = check(parse(data.replace(b"<bpmn:definitions", camunda, 1)), compile_condition)
    assert [each.element for each in report.warnings if "expression" in each.message] == ["a"]
