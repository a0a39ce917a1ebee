"""The automatic layout, by geometry: nothing overlaps, everything lies where it belongs, large models take seconds."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine import Document, parse, render_svg
from processes.engine.document import Bounds, Drawing, Point
from processes.engine.harden import read_tree
from processes.engine.picture.layout import lay_out
from processes.engine.picture.scenery import read_scenery

from .bpmn import HEAD, element, end, flow, path, process, start, timer, user

Sheet = tuple[Document, Drawing]


def laid_out(data: bytes) -> Sheet:
    document = parse(data)
    return document, lay_out(document, read_scenery(read_tree(data, file="")))


def apart(one: Bounds, other: Bounds) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


def inside(one: Bounds, outer: Bounds) -> bool:
    level = outer.x <= one.x and one.x + one.width <= outer.x + outer.width
    return level and outer.y <= one.y and one.y + one.height <= outer.y + outer.height


def crosses(start: Point, stop: Point, box: Bounds) -> bool:
    """Whether a level or upright stretch runs through the inner part of a box."""
    way = Bounds(min(start[0], stop[0]), min(start[1], stop[1]), abs(start[0] - stop[0]), abs(start[1] - stop[1]))
    inner = Bounds(box.x + 1, box.y + 1, box.width - 2, box.height - 2)
    return not apart(way, inner)


def judge(sheet: Sheet) -> None:
    """Everything that holds for every automatic layout."""
    document, drawing = sheet
    shapes = drawing.shapes
    assert {element.id for element in document.elements.values()} <= shapes.keys()
    for scope in document.scopes.values():
        standing = [element for element in scope.elements if not element.attached_to]
        for one, other in itertools.combinations(standing, 2):
            assert apart(shapes[one.id], shapes[other.id]), (one.id, other.id)
        for node in scope.elements if scope.id in shapes else ():
            assert inside(shapes[node.id], shapes[scope.id])
    for each in document.flows.values():
        points = drawing.edges[each.id]
        assert all(x0 == x1 or y0 == y1 for (x0, y0), (x1, y1) in zip(points, points[1:])), each.id
        assert points[-1] == (shapes[each.target].x, shapes[each.target].centre[1])
        beside = [node for node in document.scopes[each.scope].elements if not node.attached_to]
        source = document.elements[each.source].attached_to or each.source
        for node in beside:
            if node.id not in (source, each.target):
                assert not any(crosses(a, b, shapes[node.id]) for a, b in zip(points, points[1:])), (each.id, node.id)
    names = {name: box for name, box in drawing.labels.items() if name in document.flows}
    for name, box in names.items():
        beside = document.scopes[document.flows[name].scope].elements
        assert all(apart(box, shapes[node.id]) for node in beside if node.id not in document.scopes), name


KINDS = ("userTask", "exclusiveGateway", "intermediateThrowEvent", "subProcess")


@st.composite
def models(draw) -> bytes:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=12))
    names = draw(st.lists(st.text("abc 核", max_size=24), min_size=len(kinds), max_size=len(kinds)))
    inner = start("i{0}") + user("j{0}", name="Inner task") + path("i{0} -> j{0}")
    parts = [
        element(kind, f"n{number}", inner.replace("{0}", str(number)) if kind == "subProcess" else "", name=name)
        for number, (kind, name) in enumerate(zip(kinds, names))
    ]
    hosts = [f"n{number}" for number, kind in enumerate(kinds) if kind in ("userTask", "subProcess")]
    sources = [f"n{number}" for number in range(len(kinds))]
    guards = draw(st.lists(st.sampled_from(hosts), max_size=4)) if hosts else []
    for number, host in enumerate(guards):
        parts.append(element("boundaryEvent", f"g{number}", timer("timeDuration", "PT1H"), attachedToRef=host))
        sources.append(f"g{number}")
    targets = st.integers(0, len(kinds) - 1)
    pairs = draw(st.lists(st.tuples(st.sampled_from(sources), targets, st.text("yes no", max_size=12)), max_size=18))
    for number, (source, target, name) in enumerate(pairs):
        ends = {"sourceRef": source, "targetRef": f"n{target}", "name": name}
        parts.append(element("sequenceFlow", f"f{number}", **ends))
    if draw(st.booleans()):
        parts.insert(0, lanes(draw, [f"n{number}" for number in range(len(kinds))]))
    return process(*parts)


def lanes(draw, nodes: list[str]) -> str:
    count = draw(st.integers(1, 3))
    held: list[list[str]] = [[] for _ in range(count + 1)]
    for node in nodes:
        held[draw(st.integers(0, count))].append(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>")
    inner = "".join(element("lane", f"l{number}", "".join(refs)) for number, refs in enumerate(held[:count]))
    return element("laneSet", "lanes", inner)


@settings(max_examples=150, deadline=None)
@given(data=models())
def test_whatever_is_drawn_nothing_overlaps(data):
    sheet = laid_out(data)
    judge(sheet)
    for frame in sheet[0].frames:
        band = sheet[1].shapes[frame.id]
        assert all(inside(sheet[1].shapes[member], band) for member in frame.members)


def test_boundary_events_stand_on_the_edge_of_their_host():
    guards = "".join(
        element("boundaryEvent", f"g{number}", timer("timeDuration", "PT1H"), attachedToRef="a", name="Too late")
        for number in range(6)
    )
    document, drawing = laid_out(process(start(), user("a"), end(), guards, path("start -> a -> end")))
    host = drawing.shapes["a"]
    boxes = [drawing.shapes[f"g{number}"] for number in range(6)]
    assert all(box.centre[1] == host.y + host.height for box in boxes)
    assert all(host.x <= box.x and box.x + box.width <= host.x + host.width for box in boxes)
    assert all(apart(one, other) for one, other in itertools.combinations(boxes, 2))


def test_pools_lanes_and_messages():
    refs = "<bpmn:flowNodeRef>{}</bpmn:flowNodeRef>".format
    inner = element("childLaneSet", "kids", element("lane", "l21", refs("b")) + element("lane", "l22", refs("end")))
    ours = element("laneSet", "ls", element("lane", "l1", refs("start")) + element("lane", "l2", inner))
    flows = element("messageFlow", "m1", sourceRef="b", targetRef="them", name="ask")
    flows += element("messageFlow", "m2", sourceRef="b", targetRef="q1", name="tell")
    pools = [("us", "p"), ("them", ""), ("others", "q")]
    people = "".join(
        element("participant", name, **({"processRef": held} if held else {}), name=name) for name, held in pools
    )
    nodes = start() + user("b") + end() + path("start -> b -> end")
    text = element("collaboration", "c", people + flows) + element("process", "p", ours + nodes)
    text += element("process", "q", user("q1"))
    document, drawing = laid_out(f"{HEAD}{text}</bpmn:definitions>".encode())
    judge((document, drawing))
    shapes = drawing.shapes
    assert all(apart(shapes[one], shapes[other]) for one, other in itertools.combinations(("us", "them", "others"), 2))
    assert inside(shapes["l2"], shapes["us"])
    assert inside(shapes["l21"], shapes["l2"])
    assert inside(shapes["l22"], shapes["l2"])
    assert apart(shapes["l21"], shapes["l22"])
    assert inside(shapes["b"], shapes["l21"])
    assert inside(shapes["q1"], shapes["others"])
    assert drawing.edges["m1"][-1][1] == shapes["them"].y
    assert drawing.edges["m2"][-1][1] == shapes["q1"].y


def test_notes_and_data_stand_beside_what_they_belong_to():
    note = element("textAnnotation", "note", "<bpmn:text>Within two days</bpmn:text>")
    data = element("dataObjectReference", "form", name="Form") + element("dataStoreReference", "loose", name="Ledger")
    reads = "<bpmn:sourceRef>form</bpmn:sourceRef><bpmn:targetRef>x</bpmn:targetRef>"
    task = user("a").replace("</", element("dataInputAssociation", "reads", reads) + "</", 1)
    link = element("association", "says", sourceRef="a", targetRef="note")
    document, drawing = laid_out(process(start(), task, end(), note, data, link, path("start -> a -> end")))
    shapes = drawing.shapes
    assert shapes["note"].y + shapes["note"].height <= shapes["a"].y
    assert shapes["form"].y >= shapes["a"].y + shapes["a"].height
    boxes = [shapes[name] for name in ("start", "a", "end", "note", "form", "loose")]
    assert all(apart(one, other) for one, other in itertools.combinations(boxes, 2))


def test_small_jogs_are_taken_out():
    _, drawing = laid_out(process(start(), user("a"), user("b"), end(), path("start -> a -> b -> end")))
    assert {len(points) for points in drawing.edges.values()} == {2}


def long_chain(count: int) -> bytes:
    nodes = "".join(user(f"t{number}", name=f"Task {number}") for number in range(count))
    return process(start(), nodes, end(), path(f"start -> {' -> '.join(f't{n}' for n in range(count))} -> end"))


def wide_split(count: int) -> bytes:
    gates = element("parallelGateway", "split") + element("parallelGateway", "join")
    branches = "".join(user(f"t{n}") + path(f"split -> t{n} -> join") for n in range(count))
    return process(start(), gates, branches, end(), path("start -> split"), path("join -> end"))


def ladder(count: int) -> bytes:
    """Every gateway may jump to the end or back to the beginning."""
    nodes = "".join(element("exclusiveGateway", f"g{n}", name=f"Good {n}?") for n in range(count))
    jumps = "".join(flow(f"g{n} -> end") + flow(f"g{n} -> g0") for n in range(1, count))
    return process(start(), nodes, end(), path(f"start -> {' -> '.join(f'g{n}' for n in range(count))}"), jumps)


def islands(count: int) -> bytes:
    return process("".join(user(f"t{n}") for n in range(count)))


@pytest.mark.parametrize(
    ("make", "count"), [(long_chain, 5000), (wide_split, 5000), (ladder, 1500), (islands, 5000)]
)  # fmt: skip
def test_a_large_model_is_laid_out_and_drawn_within_seconds(make, count):
    document = parse(make(count))
    begun = time.process_time()
    assert render_svg(document).endswith("</svg>")
    assert time.process_time() - begun < 60  # it ends; how soon is for the benchmark to say
