"""The picture: from the tool's drawing or laid out, classes only, escaped, in both languages."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from processes.engine import describe, parse, render_svg
from processes.engine.document import Bounds
from processes.engine.picture.labels import text_width, wrap
from processes.engine.picture.nodes import draw_badge
from processes.engine.picture.svg import drawing_of

from .bpmn import HEAD, element, end, extensions, path, process, start, timer, user

SVG = "{http://www.w3.org/2000/svg}"
DI = (
    ' xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:dd="http://www.omg.org/spec/DD/20100524/DI"'
)
NAMED = element("userTask", "check", extensions('<tl:name zh-Hans="核对地址"/>'), name='Check <address> & "name"')
PARTS = (start(), NAMED, user("next", name="Next"), end(), path("start -> check -> next -> end"))


def shape(name: str, x: float, y: float, width: float, height: float, more: str = "") -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f'<di:BPMNShape bpmnElement="{name}"{more}>{bounds}</di:BPMNShape>'


def edge(name: str, *points: tuple[float, float]) -> str:
    return (
        f'<di:BPMNEdge bpmnElement="{name}">'
        + "".join(f'<dd:waypoint x="{x}" y="{y}"/>' for x, y in points)
        + "</di:BPMNEdge>"
    )


def drawn(parts: tuple[str, ...], *entries: str) -> bytes:
    plane = f'<di:BPMNDiagram{DI}><di:BPMNPlane bpmnElement="p">{"".join(entries)}</di:BPMNPlane></di:BPMNDiagram>'
    return process(*parts).replace(b"</bpmn:definitions>", plane.encode() + b"</bpmn:definitions>")


def picture(data: bytes, **options) -> etree._Element:
    return etree.fromstring(render_svg(parse(data), **options).encode())


def classes(root: etree._Element, name: str) -> str:
    group = next(group for group in root.iter(f"{SVG}g") if group.get("data-node") == name)
    return next(child.get("class") for child in group if child.get("class", "").startswith("node"))


def test_it_says_what_it_is_and_carries_no_colours():
    text = render_svg(parse(process(*PARTS)), title="Address <change>")
    root = etree.fromstring(text.encode())
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "Address <change>"
    assert "style" not in text
    assert not re.search(r'(fill|stroke)="(?!none)', text)


def test_names_are_escaped_and_in_the_asked_language():
    english = "".join(picture(process(*PARTS)).itertext())
    assert "<address>" in english
    chinese = "".join(picture(process(*PARTS), language="zh-hans").itertext())
    assert "核对地址" in chinese
    assert "Next" in chinese


def test_progress_is_shown_by_classes():
    root = picture(process(*PARTS), active={"next"}, visited={"start", "check"})
    assert [classes(root, name) for name in ("check", "next", "end")] == ["node done", "node now", "node thick"]
    edges = [group[0].get("class") for group in root.iter(f"{SVG}g") if group.get("data-flow")]
    assert edges == ["edge done", "edge done", "edge"]
    assert len(list(root.iter(f"{SVG}path"))) > 3  # the check mark


def test_without_progress_nothing_is_done_or_ahead():
    assert not {"done", "now", "later"} & set(render_svg(parse(process(*PARTS))).replace('"', " ").split())


def test_the_tools_drawing_is_kept_to_a_tenth():
    data = drawn(
        PARTS,
        shape("start", 100.04, 100, 36, 36), shape("check", 200, 78, 100, 80), shape("next", 400, 78, 100, 80),
        shape("end", 600, 100, 36, 36), edge("start-check", (136.123, 118), (200, 118)),
    )  # fmt: skip
    root = picture(data)
    assert root.get("viewBox") == "86 64 564 108"
    line = next(group[0] for group in root.iter(f"{SVG}g") if group.get("data-flow"))
    assert line.get("d") == "M136.1 118L200 118"


def test_a_badge_leaves_the_words_above_an_event_free():
    event = Bounds(100, 100, 36, 36)
    heights = [
        float(etree.fromstring(f"<g>{draw_badge(event, '94', taken=taken)}</g>").find("rect").get("y"))
        for taken in ([], [Bounds(200, 80, 60, 15)], [Bounds(90, 85, 60, 15)])
    ]
    assert heights == [91, 91, 127]


def test_a_drawing_that_misses_nodes_is_laid_out_again():
    document = parse(drawn(PARTS, shape("start", 0, 0, 36, 36)))
    assert set(drawing_of(document).shapes) == {"start", "check", "next", "end"}


def test_what_a_collapsed_sub_process_holds_is_not_shown():
    sub = element("subProcess", "sub", start("s") + user("hidden", name="Hidden") + path("s -> hidden"), name="Closed")
    data = drawn(
        (start(), sub, path("start -> sub")),
        shape("start", 0, 0, 36, 36), shape("sub", 100, 0, 100, 80, ' isExpanded="false"'),
        shape("hidden", 0, 0, 100, 80),
    )  # fmt: skip
    words = "".join(picture(data).itertext())
    assert "Closed" in words
    assert "Hidden" not in words


def test_broken_coordinates_do_not_break_the_picture():
    data = drawn(PARTS, shape("start", float("nan"), 0, 36, 36), edge("start-check", (1e300, 0), (0, 0)))
    assert "nan" not in render_svg(parse(data))


def test_pools_and_lanes_are_frames_with_their_names():
    pool = element("collaboration", "c", element("participant", "pool", name="Back office", processRef="p"))
    data = drawn(PARTS, shape("pool", 0, 0, 700, 300)).replace(b"<bpmn:process", pool.encode() + b"<bpmn:process")
    places = [shape(name, 100 * n, 100, 60, 40) for n, name in enumerate(("start", "check", "next", "end"), 1)]
    data = data.replace(b"<di:BPMNShape", "".join(places).encode() + b"<di:BPMNShape", 1)
    root = picture(data)
    assert next(root.iterchildren(f"{SVG}rect")).get("class") == "grid"
    assert "Back office" in "".join(root.itertext())


COMPLEX = process(
    start(), user("a"), user("b"), element("parallelGateway", "split"), element("parallelGateway", "join"),
    element("exclusiveGateway", "ok", default="ok-end"), end(), user("late"), end("over"), user("long"),
    element("boundaryEvent", "guard", timer("timeDuration", "PT1H"), attachedToRef="a"),
    element("subProcess", "sub", start("s") + user("inner") + end("e") + path("s -> inner -> e")),
    path("start -> split -> a -> join -> ok -> end"), path("split -> b -> long -> join"), path("ok -> sub -> a"),
    path("guard -> late -> over"),
)  # fmt: skip


def test_the_layout_goes_from_left_to_right_and_nothing_overlaps():
    shapes = drawing_of(parse(COMPLEX)).shapes
    order = ["start", "split", "b", "long", "join", "ok", "end"]
    assert [shapes[name].x for name in order] == sorted(shapes[name].x for name in order)
    top = [shapes[name] for name in shapes if name not in ("guard", "s", "inner", "e")]
    for number, one in enumerate(top):
        for other in top[number + 1 :]:
            apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
            apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart_x or apart_y


def test_the_layout_puts_inner_nodes_inside_and_guards_on_the_edge():
    shapes = drawing_of(parse(COMPLEX)).shapes
    outer, inner, host, guard = (shapes[name] for name in ("sub", "inner", "a", "guard"))
    assert outer.x < inner.x < inner.x + inner.width < outer.x + outer.width
    assert outer.y < inner.y < inner.y + inner.height < outer.y + outer.height
    assert guard.centre[1] == host.y + host.height


def test_every_flow_has_a_line_between_its_ends():
    document = parse(COMPLEX)
    drawing = drawing_of(document)
    assert set(drawing.edges) == set(document.flows)
    for flow in document.flows.values():
        target = drawing.shapes[flow.target]
        assert drawing.edges[flow.id][-1] == (target.x, target.centre[1])


def test_flows_and_pools_have_names_in_both_languages():
    name = extensions('<tl:name zh-Hans="是"/>')
    ends = {"sourceRef": "start", "targetRef": "end", "name": "yes"}
    data = process(start(), end(), element("sequenceFlow", "f", name, **ends))
    assert "yes" in "".join(picture(data).itertext())
    assert "是" in "".join(picture(data, language="zh-hans").itertext())


@pytest.mark.parametrize("parts", [(), (start(),), (user("a"), user("b"), path("a -> b -> a")), (path("x -> y"),)])
def test_odd_models_are_drawn_too(parts):
    assert render_svg(parse(process(*parts))).startswith("<svg")


def test_a_file_without_a_process_gives_an_empty_picture():
    assert "<svg" in render_svg(parse(f"{HEAD}</bpmn:definitions>".encode()))


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("", 80, 2, []),
        ("Check identity", 60, 2, ["Check", "identity"]),
        ("核对客户地址与身份", 60, 3, ["核对客户地", "址与身份"]),
        ("核对地址，再放行", 50, 3, ["核对地", "址，再放", "行"]),
        ("One two three four", 40, 2, ["One", "two…"]),
        ("Unbreakablelongword", 50, 3, ["Unbreak", "ablelong", "word"]),
    ],
)
def test_labels_break_where_they_may(text, width, most, lines):
    assert wrap(text, width, most) == lines
    assert all(text_width(line) <= width for line in lines)


def test_what_was_called_off_bears_a_cross_and_no_tick():
    root = picture(process(*PARTS), visited={"start"}, called_off={"check"})
    assert [classes(root, name) for name in ("start", "check", "next")] == ["node done", "node off", "node later"]
    signs = [drawn.get("class") for drawn in root.iter(f"{SVG}path") if drawn.get("class") in ("tick", "cross")]
    assert signs == ["cross"]
    edges = [group[0].get("class") for group in root.iter(f"{SVG}g") if group.get("data-flow")]
    assert edges == ["edge done", "edge", "edge"]
    told = describe(parse(process(*PARTS)), visited={"start"}, called_off={"check"})
    assert (told.done, told.called_off, told.later) == (
        ("startEvent start",), ('Check <address> & "name"',), ("Next", "endEvent end"),
    )  # fmt: skip


def test_what_has_no_name_is_told_by_what_it_is_and_its_id():
    parts = (start(), user("Activity_1x2"), element("subProcess", "s", user("inner")), end())
    told = describe(parse(process(*parts, path("start -> Activity_1x2 -> s -> end"))), active={"Activity_1x2"})
    assert (told.now, told.done) == (("userTask Activity_1x2",), ())
    assert set(told.later) == {"subProcess s", "userTask inner", "startEvent start", "endEvent end"}


def test_the_words_of_the_picture_run_from_left_to_right():
    told = describe(parse(process(*PARTS)), active={"next"}, visited={"start", "check"}, language="zh-hans")
    assert (told.done, told.now, told.later) == (("startEvent start", "核对地址"), ("Next",), ("endEvent end",))
