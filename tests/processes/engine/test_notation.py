"""Every element is drawn as the notation says: outlines, signs of types, markers, frames, lines, marks."""

from __future__ import annotations

import pytest
from lxml import etree

from processes.engine import Document, describe, parse, render_svg
from processes.engine.difference import difference
from processes.engine.harden import read_tree
from processes.engine.picture import layout, svg
from processes.engine.picture.icons import CATCHING, MARKERS, TASKS, THROWING
from processes.engine.picture.marking import Mark, marks_of_difference, marks_of_findings, marks_of_heat
from processes.engine.picture.scenery import read_scenery
from processes.engine.report import Finding

from .bpmn import HEAD, element, end, flow, path, process, start, user

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawn(monkeypatch):
    """drawn(data) draws a file with everything that stands beside its nodes and flows."""

    def draw(data: bytes, **options) -> etree._Element:
        scenery = read_scenery(read_tree(data, file=""))
        for module in (svg, layout):
            monkeypatch.setattr(module, "scenery_of", lambda document: scenery)
        return etree.fromstring(render_svg(parse(data), **options).encode())

    return draw


def group(root: etree._Element, name: str, kind: str = "node") -> etree._Element:
    return next(found for found in root.iter(f"{SVG}g") if found.get(f"data-{kind}") == name)


def css(node: etree._Element) -> list[str]:
    """Classes of the pieces of a group, words left out."""
    return [child.get("class") for child in node if child.tag != f"{SVG}text" and child.get("class")]


def of_event(tag: str, kind: str, **attributes: str) -> str:
    return element(tag, "event", f"<bpmn:{kind}EventDefinition/>" if kind else "", **attributes)


@pytest.mark.parametrize("kind", ["", *(kind for kind in CATCHING if kind not in ("multiple", "parallel"))])
@pytest.mark.parametrize(("tag", "outline"), [("startEvent", ["node"]), ("intermediateCatchEvent", ["node", "edge"])])
def test_what_catches_is_drawn_in_outline(drawn, tag, outline, kind):
    found = css(group(drawn(process(of_event(tag, kind))), "event"))
    assert found == outline + [stroke for stroke, _ in CATCHING.get(kind, ())]
    assert not any("full" in stroke for stroke in found)


@pytest.mark.parametrize("kind", ["", *(kind for kind in THROWING if kind != "multiple")])
@pytest.mark.parametrize(
    ("tag", "outline"), [("endEvent", ["node thick"]), ("intermediateThrowEvent", ["node", "edge"])]
)
def test_what_throws_is_filled_and_an_end_is_thick(drawn, tag, outline, kind):
    found = css(group(drawn(process(of_event(tag, kind))), "event"))
    assert found == outline + [stroke for stroke, _ in THROWING.get(kind, ())]
    assert not kind or any("full" in stroke for stroke in found)


def test_events_of_several_kinds(drawn):
    two = "<bpmn:messageEventDefinition/><bpmn:signalEventDefinition/>"
    one = drawn(process(element("startEvent", "event", two)))
    all_of_them = drawn(process(element("startEvent", "event", two, parallelMultiple="true")))
    paths = [[child.get("d") for child in group(root, "event")[1:]] for root in (one, all_of_them)]
    assert paths[0] != paths[1]
    assert all(paths)


@pytest.mark.parametrize(
    "event",
    [
        of_event("boundaryEvent", "timer", attachedToRef="host", cancelActivity="false"),
        of_event("startEvent", "message", isInterrupting="false"),
    ],
)
def test_what_does_not_interrupt_is_dashed(drawn, event):
    root = drawn(process(user("host"), event))
    rings = [child for child in group(root, "event") if child.tag == f"{SVG}circle"]
    assert rings
    assert all(ring.get("stroke-dasharray") for ring in rings)
    interrupting = event.replace("false", "true")
    assert not any(ring.get("stroke-dasharray") for ring in group(drawn(process(user("host"), interrupting)), "event"))


@pytest.mark.parametrize("tag", TASKS)
def test_a_task_bears_the_sign_of_its_type(drawn, tag):
    root = drawn(process(element(tag, "a", name="A task")))
    assert css(group(root, "a")) == ["node", *(stroke for stroke, _ in TASKS[tag])]


def test_a_task_without_a_type_bears_none(drawn):
    assert css(group(drawn(process(element("task", "a"))), "a")) == ["node"]


MANY = "<bpmn:multiInstanceLoopCharacteristics{}/>"


@pytest.mark.parametrize(
    ("part", "markers"),
    [
        (element("task", "a", "<bpmn:standardLoopCharacteristics/>"), ["loop"]),
        (element("task", "a", MANY.format("")), ["parallel"]),
        (element("task", "a", MANY.format(' isSequential="true"')), ["sequential"]),
        (element("task", "a", MANY.format(""), isForCompensation="true"), ["parallel", "compensation"]),
        (element("adHocSubProcess", "a"), ["ad_hoc"]),
    ],
)
def test_markers_stand_at_the_lower_edge(drawn, part, markers):
    root = drawn(process(part))
    assert css(group(root, "a"))[1:] == [stroke for marker in markers for stroke, _ in MARKERS[marker]]


def test_activities_have_the_outline_of_their_kind(drawn):
    inner = start("s")
    root = drawn(
        process(
            element("callActivity", "call"), element("transaction", "tx", inner),
            element("subProcess", "es", start("t"), triggeredByEvent="true"),
        )
    )  # fmt: skip
    assert css(group(root, "call"))[0] == "node thick"
    assert css(group(root, "tx")) == ["node", "edge"]
    assert css(group(root, "es")) == ["node dotted"]


@pytest.mark.parametrize(
    ("tag", "more"),
    [(f"{kind}Gateway", {}) for kind in ("exclusive", "parallel", "inclusive", "complex", "eventBased")]
    + [("eventBasedGateway", {"instantiate": "true"})]
    + [("eventBasedGateway", {"instantiate": "true", "eventGatewayType": "Parallel"})],
)
def test_each_gateway_has_a_sign_of_its_own(drawn, tag, more):
    pieces = group(drawn(process(element(tag, "g", **more))), "g")
    assert len(pieces) > 1
    assert pieces[0].get("class") == "node"


def test_a_default_has_a_slash_and_a_condition_after_a_task_a_diamond(drawn):
    parts = (user("a", default="a-b"), user("b"), user("c"), flow("a -> b"), flow("a -> c", "x > 1"))
    root = drawn(process(*parts))
    assert css(group(root, "a-b", "flow")) == ["edge", "arrow", "edge"]
    assert css(group(root, "a-c", "flow")) == ["edge", "arrow", "edge hollow"]


PAPERS = {"dataObjectRef": "o", "name": "All"}
IN_THE_GROUP = "<bpmn:categoryValueRef>v</bpmn:categoryValueRef></"
SCENE = (
    element("dataObject", "o", isCollection="true")
    + element("dataObjectReference", "papers", **PAPERS)
    + element("dataStoreReference", "ledger", name="Ledger")
    + element("textAnnotation", "note", "<bpmn:text>Within <b>two</b> days</bpmn:text>")
    + element("association", "says", sourceRef="a", targetRef="note", associationDirection="Both")
    + element("group", "box", categoryValueRef="v")
    + user("a").replace("</", IN_THE_GROUP, 1)
)


def test_data_notes_and_groups_are_drawn(drawn):
    category = element("category", "c", element("categoryValue", "v", value="Our part"))
    data = process(start(), SCENE, path("start -> a")).replace(
        b"<bpmn:process", category.encode() + b"<bpmn:process", 1
    )
    root = drawn(data)
    words = "".join(root.itertext())
    assert all(name in words for name in ("All", "Ledger", "Within", "Our part"))
    assert len(group(root, "papers", "thing")) == 4  # page, fold, bars, name
    assert len(group(root, "says", "link")) == 3  # line and two heads
    assert group(root, "box", "thing")[0].get("stroke-dasharray")


def test_pools_black_boxes_and_messages_are_drawn(drawn):
    people = element("participant", "us", processRef="p", name="Us")
    people += element("participant", "them", "<bpmn:participantMultiplicity/>", name="Them")
    wire = element("messageFlow", "m", sourceRef="a", targetRef="them", name="order")
    text = element("collaboration", "c", people + wire) + element("process", "p", user("a"))
    root = drawn(f"{HEAD}{text}</bpmn:definitions>".encode())
    line, *ends = group(root, "m", "link")
    assert line.get("stroke-dasharray") == "10 5"
    assert [end.get("class") for end in ends] == ["edge hollow", "edge hollow"]
    assert {"Us", "Them", "order"} <= set(root.itertext())


def test_marks_are_classes_and_badges_and_the_words_say_the_same(drawn):
    data = process(start(), user("a", name="Check"), end(), path("start -> a -> end"))
    marks = {"a": Mark("heat-4", "12 · 3 h"), "start-a": Mark("added"), "end": Mark("wrong", "1", "Expected more.")}
    root = drawn(data, marks=marks, visited={"start", "a"})
    assert css(group(root, "a"))[0] == "node done heat-4"
    assert "12 · 3 h" in "".join(group(root, "a").itertext())
    assert css(group(root, "start-a", "flow"))[0] == "edge done added"
    told = describe(parse(data), marks=marks).marked
    assert [(one.name, one.classes, one.told) for one in told] == [
        ("Check", "heat-4", "12 · 3 h"), ("end", "wrong", "Expected more."), ("start-a", "added", ""),
    ]  # fmt: skip


def test_marks_of_a_difference_of_findings_and_of_heat():
    def of(*parts: str) -> Document:
        return parse(process(*parts))

    found = difference(of(user("a"), user("gone")), of(user("a", name="A"), user("new")))
    before, after = marks_of_difference(found)
    assert (before["gone"].classes, before["a"].classes) == ("removed", "changed")
    assert (after["new"].classes, after["a"].classes) == ("added", "changed")
    told = marks_of_findings([Finding("a", 1, "Wrong.")], [Finding("a", 1, "Odd."), Finding("b", 2, "Odd.")])
    assert told == {"a": Mark("wrong", "2", "Wrong. Odd."), "b": Mark("doubtful", "1", "Odd.")}
    heat = marks_of_heat({"a": 10, "b": 1, "c": 0}, {"a": "3 h"})
    assert heat == {"a": Mark("heat-5", "10 · 3 h"), "b": Mark("heat-1", "1")}
    assert marks_of_heat({}) == {}


def test_a_drawing_whose_lines_were_left_out_gets_straight_ones(drawn):
    di = "http://www.omg.org/spec/BPMN/20100524/DI"
    dc = "http://www.omg.org/spec/DD/20100524/DC"
    shapes = "".join(
        f'<s:BPMNShape bpmnElement="{name}"><c:Bounds x="{x}" y="0" width="30" height="30"/></s:BPMNShape>'
        for name, x in (("start", 0), ("a", 100))
    )
    plane = f'<s:BPMNDiagram xmlns:s="{di}" xmlns:c="{dc}"><s:BPMNPlane>{shapes}</s:BPMNPlane></s:BPMNDiagram>'
    data = process(start(), user("a"), path("start -> a")).replace(b"</bpmn:def", plane.encode() + b"</bpmn:def")
    assert group(drawn(data), "start-a", "flow")[0].get("d") == "M30 15L100 15"


def test_a_name_as_long_as_a_file_is_cut(drawn):
    data = process(start(), user("a", name="x" * 300_000), end("e", name="word " * 50_000), path("start -> a -> e"))
    (title,) = [node for node in group(drawn(data), "a") if node.tag == f"{SVG}title"]
    assert len(title.text) == 300_000
    assert sum(len(word) for word in group(drawn(data), "e").itertext()) < 200


DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"


def with_places(parts: tuple[str, ...], boxes: dict[str, tuple[int, int, int, int]], more: str = "") -> bytes:
    """A file whose diagram gives each node a place."""
    shapes = "".join(
        f'<s:BPMNShape bpmnElement="{name}"><c:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></s:BPMNShape>'
        for name, (x, y, width, height) in boxes.items()
    )
    plane = f'<s:BPMNDiagram xmlns:s="{DI}" xmlns:c="{DC}" xmlns:d="{DD}"><s:BPMNPlane>{shapes}{more}</s:BPMNPlane>'
    return process(*parts).replace(b"</bpmn:def", f"{plane}</s:BPMNDiagram></bpmn:def".encode())


def test_a_line_from_middle_to_middle_is_cut_off_at_the_borders(drawn):
    line = '<s:BPMNEdge bpmnElement="a-b"><d:waypoint x="50" y="40"/><d:waypoint x="350" y="40"/></s:BPMNEdge>'
    places = {"a": (0, 0, 100, 80), "b": (300, 0, 100, 80)}
    data = with_places((user("a"), user("b"), path("a -> b")), places, line)
    assert group(drawn(data), "a-b", "flow")[0].get("d") == "M100 40L300 40"


def test_a_name_that_a_tool_put_nowhere_stands_where_it_usually_does(drawn):
    label = '<s:BPMNLabel><c:Bounds x="0" y="0" width="0" height="0"/></s:BPMNLabel>'
    label = f'<s:BPMNEdge bpmnElement="x">{label}</s:BPMNEdge>'
    data = with_places((end("x", name="Done"),), {"x": (500, 500, 36, 36)}, label)
    (word,) = group(drawn(data), "x").findall(f"{SVG}text")
    assert (word.get("x"), word.text) == ("518", "Done")


def test_a_sub_process_whose_content_has_no_place_is_closed(drawn):
    sub = element("subProcess", "sub", user("inner", name="Inner"), name="Closed")
    root = drawn(with_places((start(), sub), {"start": (0, 0, 36, 36), "sub": (100, 0, 100, 80)}))
    assert css(group(root, "sub")) == ["node", *(stroke for stroke, _ in MARKERS["collapsed"])]
    assert "Inner" not in "".join(root.itertext())
