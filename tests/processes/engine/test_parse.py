"""Reading: hostile bytes are refused with their line, everything that tools write is read."""

from __future__ import annotations

import time

import pytest

from processes.engine import ParseRefused, check, compile_graph, parse

from .bpmn import HEAD, element, end, path, process, start, user

BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def nested(depth: int) -> bytes:
    return f"<definitions {BPMN}>".encode() + b"<process>" * depth + b"</process>" * depth + b"</definitions>"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (f'<?xml version="1.0"?>\n<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>\n<d>&l9;</d>'.encode(), 2, "DTD"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<d>&x;</d>', 1, "DTD"),
        (b'\n\n<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><d/>', 3, "DTD"),
        (b'<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]><d/>', 1, "DTD"),
        ('<?xml version="1.0" encoding="UTF-16"?>\n<!DOCTYPE d><d/>'.encode("utf-16"), 2, "DTD"),
        (f"<definitions {BPMN}>&unknown;</definitions>".encode(), 1, "well-formed"),
        (b"", 1, "well-formed"),
        (b"\x00\x01\x02", 1, "well-formed"),
        (b"PK\x03\x04 not XML at all", 1, "well-formed"),
        (b"<a>\n<b>\n</a>", 3, "well-formed"),
        (b"<html/>", 1, "the root is <html>"),
        (b"<definitions/>", 1, "the root is <definitions>"),
        (nested(10_000), 1, "deeper"),
        (nested(101), 1, "deeper"),
        (b" " * (5 * 1024 * 1024 + 1), 1, "bytes"),
    ],
)  # fmt: skip
def test_what_is_not_plain_bpmn_is_refused_quickly_with_its_line(data, line, words):
    begun = time.process_time()
    with pytest.raises(ParseRefused) as refused:
        parse(data, file="bad.bpmn")
    assert time.process_time() - begun < 20  # it ends; how soon is for the benchmark to say
    assert refused.value.line == line
    assert words in refused.value.message
    assert str(refused.value).startswith(f"bad.bpmn:{line}: ")


def test_a_comment_about_doctypes_is_not_a_doctype():
    data = process(start(), end(), path("start -> end")).replace(
        b"<bpmn:process", b"<!-- <!DOCTYPE x> --><bpmn:process"
    )
    assert check(parse(data)).executable


FOREIGN = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {BPMN} xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" targetNamespace="urn:x" exporter="A tool">
  <!-- a comment --><?pi here?>
  <message id="m1" name="paid"/><category id="c1"/>
  <collaboration id="col"><participant id="us" name="Us" processRef="p"/><participant id="them" name="Them"/>
    <messageFlow id="mf" sourceRef="them" targetRef="start"/></collaboration>
  <process id="p" camunda:versionTag="3"><documentation>Words</documentation>
    <extensionElements><zeebe:properties/></extensionElements>
    <laneSet id="ls"><lane id="l1" name="Analyst"><flowNodeRef>start</flowNodeRef>
      <flowNodeRef>t</flowNodeRef></lane></laneSet>
    <dataObject id="d"/><dataObjectReference id="dr" dataObjectRef="d"/>
    <startEvent id="start"><outgoing>f1</outgoing></startEvent>
    <userTask id="t" camunda:assignee="x"><extensionElements><camunda:formData/></extensionElements>
      <incoming>f1</incoming><outgoing>f2</outgoing><ioSpecification/></userTask>
    <endEvent id="end"/><sequenceFlow id="f1" sourceRef="start" targetRef="t"/>
    <sequenceFlow id="f2" sourceRef="t" targetRef="end"/>
    <textAnnotation id="note"><text>Hello</text></textAnnotation><association id="a" sourceRef="t" targetRef="note"/>
  </process>
  <bpmndi:BPMNDiagram id="dia"><bpmndi:BPMNPlane id="pl" bpmnElement="col">
    <bpmndi:BPMNShape id="s" bpmnElement="ghost"/>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>"""


def test_pools_lanes_data_and_other_vendors_extensions_do_not_disturb():
    document = parse(FOREIGN.encode(), file="foreign.bpmn")
    report = check(document)
    assert report.errors == ()
    assert report.executable
    assert [(frame.tag, frame.name) for frame in document.frames] == [
        ("participant", "Us"), ("participant", "Them"), ("lane", "Analyst"),
    ]  # fmt: skip
    assert document.frames[2].members == ("start", "t")
    assert report.elements["sequenceFlow"] == 2
    assert compile_graph(document).start == "start"


def test_every_element_keeps_its_line():
    document = parse(process(start(), user("check"), end(), path("start -> check -> end")))
    assert [document.elements[name].line for name in ("start", "check", "end")] == [4, 5, 6]
    assert document.flows["start-check"].line == 7


def test_a_file_without_a_process_is_read_and_does_not_run():
    report = check(parse(f"{HEAD}<bpmn:message id='m'/></bpmn:definitions>".encode()))
    assert report.errors == ()
    assert not report.executable


def test_elements_without_an_id_get_one():
    data = process(start(), "<bpmn:task/>", end(), path("start -> end"))
    assert any(element.tag == "task" and element.id for element in parse(data).elements.values())


def test_pools_that_are_not_marked_executable_beside_one_that_is_do_not_block():
    ours = element("process", "ours", start() + end() + path("start -> end"), isExecutable="true")
    theirs = element("process", "theirs", element("complexGateway", "odd"), isExecutable="false")
    document = parse(f"{HEAD}{theirs}{ours}</bpmn:definitions>".encode())
    report = check(document)
    assert report.executable
    assert [finding.element for finding in report.warnings if "odd" in finding.message]
    assert compile_graph(document).process == "ours"
