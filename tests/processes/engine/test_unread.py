"""What tools write that is not carried out here is said, with element and line; what runs here is not said."""

from __future__ import annotations

import pytest

from processes.engine import NotExecutable, check, compile_graph, parse
from processes.engine.details import Assignment
from rulebook.feel import compile_expression

from .bpmn import HEAD, element, end, flow, path, process, start

SPACES = (
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:flowable="http://flowable.org/bpmn" xmlns:drools="http://www.jboss.org/drools" '
)


def drawn(part: str, around: str = "", tool: str = "") -> bytes:
    """One element "x" on line 5 between a start and an end. around, tool: what stands before and in the process."""
    body = element("process", "p", f"{tool}\n{part}\n{start()}{end()}{path('start -> x -> end')}", isExecutable="true")
    return f"{HEAD.replace('xmlns:tl', SPACES + 'xmlns:tl')}{around}\n{body}</bpmn:definitions>\n".encode()


def extended(tag: str, inner: str, body: str = "") -> str:
    return f'<bpmn:{tag} id="x"><bpmn:extensionElements>{inner}</bpmn:extensionElements>{body}</bpmn:{tag}>'


def judged(data: bytes):
    report = check(parse(data), compile_expression)
    assert report.errors == ()
    return report


CODE = [
    ('<bpmn:serviceTask id="x" camunda:class="com.example.Book"/>', "class"),
    ('<bpmn:serviceTask id="x" camunda:type="external" camunda:topic="book"/>', "type"),
    ('<bpmn:callActivity id="x" calledElement="q" camunda:variableMappingClass="com.example.Map"/>', "MappingClass"),
    (extended("userTask", '<camunda:taskListener event="create" expression="${a}"/>'), "taskListener"),
    (extended("userTask", '<camunda:executionListener event="start" class="com.example.A"/>'), "executionListener"),
    (extended("userTask", '<zeebe:executionListeners><zeebe:executionListener type="a"/></zeebe:executionListeners>'),
     "executionListeners"),
    (extended("userTask", '<zeebe:taskListeners/>'), "taskListeners"),
    (extended("exclusiveGateway", '<camunda:executionListener event="end" class="com.example.A"/>'), "Listener"),
    (extended("serviceTask", '<zeebe:taskDefinition type="book"/>'), "taskDefinition"),
    (extended("serviceTask", "<camunda:connector/>"), "connector"),
    (extended("userTask", '<drools:onEntry-script scriptFormat="java"/>'), "onEntry-script"),
    ('<bpmn:task id="x" drools:taskName="Email"/>', "taskName"),
    ('<bpmn:intermediateThrowEvent id="x"><bpmn:messageEventDefinition messageRef="m" camunda:class="com.example.A"/>'
     "</bpmn:intermediateThrowEvent>", "class"),
]  # fmt: skip
MESSAGE = '<bpmn:message id="m" name="m"/><bpmn:signal id="s" name="s"/>'
CATCH = (
    '<bpmn:intermediateCatchEvent id="x">{}<bpmn:conditionalEventDefinition {}><bpmn:condition>a = 1</bpmn:condition>'
)
CATCH += "</bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>"
CALL = '<bpmn:callActivity id="x" calledElement="q" {}/>'
RULE = '<bpmn:businessRuleTask id="x" camunda:decisionRef="t" {}/>'
VERSIONS = [
    (CALL.format('camunda:calledElementBinding="deployment"'), "calledElementBinding"),
    (CALL.format('camunda:calledElementBinding="version" camunda:calledElementVersion="3"'), "calledElementBinding"),
    (CALL.format('camunda:calledElementBinding="versionTag"'), "calledElementBinding"),
    (CALL.format('camunda:calledElementVersion="3"'), "calledElementVersion"),
    (extended("callActivity", '<zeebe:calledElement processId="q" bindingType="versionTag" versionTag="a"/>'),
     "bindingType"),
    (RULE.format('camunda:decisionRefBinding="version"'), "decisionRefBinding"),
]  # fmt: skip
PEOPLE = [
    ('<bpmn:userTask id="x" camunda:assignee="ana" camunda:dueDate="${due}"/>', "assignee, dueDate"),
    (extended("userTask", '<zeebe:assignmentDefinition candidateGroups="ops"/><zeebe:formDefinition formId="f"/>'),
     "assignmentDefinition, formDefinition"),
    ('<bpmn:userTask id="x"><bpmn:potentialOwner/></bpmn:userTask>', "potentialOwner"),
]  # fmt: skip
DATA = (
    '<bpmn:ioSpecification><bpmn:dataInput id="di" name="shown"/><bpmn:dataOutput id="do" name="shown"/>'
    "</bpmn:ioSpecification>"
)
OBJECT = '<bpmn:dataObject id="d" name="amount"/>'
INTO = "<bpmn:dataInputAssociation><bpmn:sourceRef>d</bpmn:sourceRef><bpmn:targetRef>{}</bpmn:targetRef>{}"
INTO += "</bpmn:dataInputAssociation>"
OUT_OF = INTO.replace("Input", "Output")
ASSIGNED = "<bpmn:assignment><bpmn:from>{}</bpmn:from><bpmn:to>{}</bpmn:to></bpmn:assignment>"
SIGNAL = '<bpmn:intermediateThrowEvent id="x"><bpmn:signalEventDefinition signalRef="s"><bpmn:extensionElements>{}'
SIGNAL += "</bpmn:extensionElements></bpmn:signalEventDefinition></bpmn:intermediateThrowEvent>"
REST = [
    (f'<bpmn:userTask id="x">{DATA}{INTO.format("di", ASSIGNED.format("Ana", "shown"))}</bpmn:userTask>', "assignment"),
    (SIGNAL.format('<camunda:in variables="all"/>'), "variables"),
    (CATCH.format("", 'camunda:variableName="a"'), "variableName"),
    ('<bpmn:userTask id="x" flowable:skipExpression="${a}"/>', "skipExpression"),
    (extended("callActivity", '<zeebe:calledElement processId="q"/><camunda:in variables="all" local="true"/>'),
     "local"),
    (extended("exclusiveGateway", '<tl:output target="a" source="1"/>'), "output"),
    (extended("intermediateThrowEvent", '<tl:output target="a" source="1"/>',
              '<bpmn:signalEventDefinition signalRef="s"/>'), "output"),
    (CATCH.format('<bpmn:extensionElements><tl:input target="a" source="1"/></bpmn:extensionElements>', ""), "input"),
    (f'{OBJECT}<bpmn:userTask id="x">{DATA}{INTO.format("di", "")}</bpmn:userTask>', "dataInputAssociation"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "name"), [*CODE, *VERSIONS, *PEOPLE, *REST], ids=lambda value: value[:60])
def test_what_another_tool_carries_out_is_a_warning_at_its_element(part, name):
    report = judged(drawn(part, MESSAGE))
    said = [finding for finding in report.warnings if name in finding.message]
    assert [(finding.element, finding.line, finding.blocks) for finding in said] == [("x", 5, False)]
    assert report.executable


EVENT = '<bpmn:intermediateThrowEvent id="x"><bpmn:signalEventDefinition signalRef="{}"/></bpmn:intermediateThrowEvent>'
BEYOND = [
    (f'<bpmn:serviceTask id="x">{DATA}{INTO.format("di", ASSIGNED.format("Ana", "shown"))}</bpmn:serviceTask>',
     "dataInputAssociation/assignment"),
    (f'<bpmn:userTask id="x">{DATA}{OUT_OF.format("do", ASSIGNED.format("Ana", "shown"))}</bpmn:userTask>',
     "dataOutputAssociation/assignment"),
    (f'<bpmn:userTask id="x">{DATA}{OUT_OF.format("do", ASSIGNED.format("=a", "$x/y"))}</bpmn:userTask>',
     "dataOutputAssociation/assignment"),
    (f'<bpmn:userTask id="x">{DATA}{INTO.format("di", "<bpmn:transformation>a</bpmn:transformation>")}</bpmn:userTask>',
     "transformation"),
    ('<bpmn:transaction id="x" method="##Store"/>', "method"),
    ('<bpmn:userTask id="x"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>'
     '<flowable:variableAggregation target="a"/></bpmn:extensionElements><bpmn:loopCardinality>2</bpmn:loopCardinality>'
     "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>", "variableAggregation"),
    (EVENT.format("named"), "= name"),
    (EVENT.format("apart"), "stays in one instance"),
    ('<bpmn:scriptTask id="x" scriptFormat="groovy" camunda:resource="deployment://a.groovy"/>', "deployment"),
]  # fmt: skip
SIGNALS = '<bpmn:signal id="named" name="= name"/><bpmn:signal id="apart" name="a" flowable:scope="processInstance"/>'


@pytest.mark.parametrize(("part", "name"), BEYOND, ids=lambda value: value[:60])
def test_what_would_run_otherwise_does_not_run(part, name):
    report = judged(drawn(part, SIGNALS))
    said = [finding for finding in report.blocking if name in finding.message]
    assert [(finding.element, finding.line) for finding in said] == [("x", 5)]
    assert not report.executable


def test_a_terminate_end_that_its_tool_lets_end_the_caller_does_not_run():
    ends = '<bpmn:endEvent id="e"><bpmn:terminateEventDefinition flowable:terminateAll="true"/></bpmn:endEvent>'
    report = judged(drawn(f'<bpmn:task id="x"/>{ends}'))
    assert [(finding.element, finding.line) for finding in report.blocking] == [("e", 5)]


def test_listeners_of_a_process_and_of_a_flow_are_warnings():
    listener = '<bpmn:extensionElements><camunda:executionListener event="take" class="A"/></bpmn:extensionElements>'
    heard = flow("x -> end", id="f").replace("></bpmn:sequenceFlow>", f">{listener}</bpmn:sequenceFlow>")
    data = drawn(f'<bpmn:task id="x"/>{heard}', tool=listener)
    said = [finding for finding in judged(data).warnings if "executionListener" in finding.message]
    assert [(finding.element, finding.line) for finding in said] == [("p", 4), ("f", 5)]


def test_a_condition_that_stands_elsewhere_does_not_run():
    condition = '<bpmn:conditionExpression language="groovy" camunda:resource="deployment://a.groovy"/>'
    aside = flow("x -> end", id="f").replace("></bpmn:sequenceFlow>", f">{condition}</bpmn:sequenceFlow>")
    report = judged(drawn(f'<bpmn:inclusiveGateway id="x"/>{aside}'))
    assert [finding.element for finding in report.blocking] == ["f"]


def test_an_extension_that_must_be_understood_stands_between_a_file_and_its_run():
    data = drawn('<bpmn:task id="x"/>', '<bpmn:extension definition="other" mustUnderstand="true"/>')
    assert [(finding.element, finding.line) for finding in judged(data).blocking] == [("", 3)]
    with pytest.raises(NotExecutable):
        compile_graph(parse(data))


RUNS = [
    CALL.format('camunda:calledElementBinding="latest" camunda:asyncBefore="true"'),
    extended("userTask", "<zeebe:userTask/><zeebe:properties/>"),
    f'{OBJECT}<bpmn:userTask id="x">{DATA}{INTO.format("di", ASSIGNED.format("${amount}", "di"))}</bpmn:userTask>',
    f'{OBJECT}<bpmn:userTask id="x"><bpmn:property id="pl" name="__targetRef_placeholder"/>{INTO.format("pl", "")}'
    "</bpmn:userTask>",
    '<bpmn:userTask id="x" camunda:assignee=" "/>',
    '<bpmn:transaction id="x" method="##Compensate"/>',
]


@pytest.mark.parametrize("part", RUNS, ids=lambda value: value[:60])
def test_what_runs_here_or_changes_nothing_is_not_said(part):
    report = judged(drawn(part))
    assert [finding.message for finding in report.warnings if "not read" in finding.message] == []
    assert report.executable


def test_a_mapping_to_a_part_of_a_variable_names_it_with_dots():
    good = extended("userTask", '<tl:output target="a.b.c" source="1"/>')
    node = compile_graph(parse(drawn(good))).nodes["x"]
    assert node.outputs == (("a.b.c", "1"),)
    for target in ("a..b", ".a", "a.b ", ".".join("abcdefghijk")):
        report = check(parse(drawn(extended("userTask", f'<tl:output target="{target}" source="1"/>'))))
        assert [finding.element for finding in report.errors] == (["x"] if target.strip() != "a.b" else [])


def test_a_signal_of_camunda_7_carries_what_it_names():
    data = drawn(SIGNAL.format('<camunda:in source="amount" target="sum"/>'), MESSAGE)
    assert compile_graph(parse(data)).nodes["x"].payload == (("sum", "amount"),)


def test_an_assignment_is_a_mapping_of_its_expression():
    part = f'{OBJECT}<bpmn:userTask id="x">{DATA}{INTO.format("di", ASSIGNED.format("=amount + 1", "shown"))}'
    found = parse(drawn(part + "</bpmn:userTask>")).elements["x"].details.inputs
    assert [(one.target, one.source.text, one.source.line) for one in found if isinstance(one, Assignment)] == [
        ("shown", "=amount + 1", 5)
    ]


def test_a_plain_drawing_has_nothing_unread():
    report = check(parse(process(start(), element("userTask", "x"), end(), path("start -> x -> end"))))
    assert not [finding for finding in report.warnings if "not read" in finding.message]
