"""Whatever a vendor's file went through: it is judged, drawn and compared, or refused with its line, in time."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine import Document, NotExecutable, ParseRefused, check, compile_graph, describe, parse, render_svg
from processes.engine.difference import difference
from processes.engine.document import Bounds
from processes.engine.harden import read_tree
from processes.engine.picture.layout import lay_out
from processes.engine.picture.scenery import read_scenery
from rulebook.feel import compile_expression

from .vendors import MODEL, STYLES, Style, small

BARE = Style("bare", prefix="", drawn=False)
TEXTS = [small(style) for style in STYLES]
ATTRIBUTE = re.compile(r' ([\w:]+)="([^"<]*)"')
SECONDS = 5.0


@st.composite
def damaged(draw) -> str:
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 8))):
        if attributes(text):
            text = draw(st.sampled_from(DAMAGES))(draw, text)
    return text


def attributes(text: str) -> list[re.Match[str]]:
    """Attributes of the model and the diagram, without the namespaces of the root."""
    return [found for found in ATTRIBUTE.finditer(text) if not found[1].startswith("xmlns")]


def drop_attribute(draw, text: str) -> str:
    found = draw(st.sampled_from(attributes(text)))
    return text[: found.start()] + text[found.end() :]


def swap_values(draw, text: str) -> str:
    one, other = sorted((draw(st.sampled_from(attributes(text))) for _ in range(2)), key=lambda found: found.start())
    if one.end() > other.start():
        return text
    return text[: one.start(2)] + other[2] + text[one.end(2) : other.start(2)] + one[2] + text[other.end(2) :]


def double_value(draw, text: str) -> str:
    """Another attribute gets the same value: double ids, references to the wrong kind, words as numbers."""
    one, other = draw(st.sampled_from(attributes(text))), draw(st.sampled_from(attributes(text)))
    return text[: one.start(2)] + other[2] + text[one.end(2) :]


def elements(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"<([\w:]+)(?: [^<>]*)?(?:/>|>(?:(?!<\1[ >]).)*?</\1>)", text, re.DOTALL))


def cut_element(draw, text: str) -> str:
    found = elements(text)
    if not found:
        return text
    one = draw(st.sampled_from(found))
    return text[: one.start()] + text[one.end() :]


def move_element(draw, text: str) -> str:
    """A node into another node, a flow into the diagram, and the like."""
    found = elements(text)
    if len(found) < 2:
        return text
    one, other = draw(st.sampled_from(found)), draw(st.sampled_from(found))
    if other.start() <= one.start() and one.end() <= other.end():
        return text
    place = text.find(">", other.start()) + 1
    if text[place - 2] == "/" or one.start() < place <= one.end():
        return text
    moved = one[0]
    if place <= one.start():
        return text[:place] + moved + text[place : one.start()] + text[one.end() :]
    return text[: one.start()] + text[one.end() : place] + moved + text[place:]


DAMAGES = (drop_attribute, swap_values, double_value, cut_element, move_element)


def read(data: bytes) -> Document | None:
    """The document, or nothing where it is refused; a refusal names file, line and what was expected."""
    refusal: ParseRefused | None = None
    try:
        return parse(data, file="damaged.bpmn")
    except ParseRefused as refused:
        refusal = refused
    assert refusal.line >= 1
    assert refusal.message.startswith("Expected ")
    assert str(refusal).startswith("damaged.bpmn:")
    return None


def use(document: Document, data: bytes) -> None:
    """Everything that the product does with a document before it runs."""
    report = check(document, compile_expression, publishable=True)
    for finding in (*report.errors, *report.warnings):
        assert finding.line >= 1
        assert finding.message
    assert render_svg(document, active=set(document.elements), marks={}).endswith("</svg>")
    describe(document, visited=set(document.elements))
    drawing = lay_out(document, read_scenery(read_tree(data, file="")))
    assert all(isinstance(box, Bounds) for box in drawing.shapes.values())
    assert not difference(document, parse(data))
    difference(document, parse(TEXTS[0].encode()))
    for process in document.processes:
        with contextlib.suppress(NotExecutable):
            compile_graph(document, process.id)


@settings(max_examples=400, deadline=5000)
@given(text=damaged())
def test_a_damaged_file_of_any_tool_is_judged_or_refused(text):
    document = read(text.encode())
    if document is not None:
        use(document, text.encode())


@settings(max_examples=150, deadline=5000)
@given(text=st.sampled_from(TEXTS), share=st.floats(0, 1), noise=st.binary(max_size=8))
def test_a_file_that_breaks_off_or_holds_noise_is_refused_or_judged(text, share, noise):
    data = text.encode()
    cut = int(len(data) * share)
    for broken in (data[:cut], data[:cut] + noise + data[cut:]):
        document = read(broken)
        assert document is None or check(document)


def deep(tag: str, depth: int) -> bytes:
    opened = "".join(f'<{tag} id="{tag}{number}">' for number in range(depth))
    return (
        f'<definitions xmlns="{MODEL}"><process id="p">{opened}{f"</{tag}>" * depth}</process></definitions>'.encode()
    )


def inside(text: str) -> bytes:
    return f'<definitions xmlns="{MODEL}"><process id="p">{text}</process></definitions>'.encode()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
XINCLUDE = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
REFUSED = {
    "10,000 sub-processes in one another": deep("subProcess", 10_000),
    "101 of them": deep("subProcess", 101),
    "entities in entities": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l9;</d>'.encode(),
    "an entity of a file": b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d>&x;</d>',
    "an entity of the net": b'<!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]><d>&x;</d>',
    "a parameter entity": b'<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]><d/>',
    "a DTD in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d><d/>'.encode("utf-16"),
    "a DTD after a mark": '\ufeff<!DOCTYPE d SYSTEM "x.dtd"><d/>'.encode(),
    "50 MB": b"<a>" + b" " * (50 * 1024 * 1024) + b"</a>",
    "a NUL": inside('<task id="a\0b"/>'),
    "a NUL as a reference": inside('<task id="a&#0;"/>'),
    "an encoding that is not there": b'<?xml version="1.0" encoding="x-none"?><a/>',
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a+AD4-',
    "two roots": b"<a/><b/>",
    "an unknown prefix": b'<b:definitions id="d"/>',
    "the same attribute twice": inside('<task id="a" id="b"/>'),
    "a surrogate half": inside('<task id="&#xD800;"/>'),
    "nothing but spaces": b" \n\t ",
    "a ZIP": b"PK\x03\x04" + bytes(200),
    "JSON": b'{"process": []}',
}  # fmt: skip


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_read_is_refused_quickly(data):
    begun = time.process_time()
    assert read(data) is None
    assert time.process_time() - begun < SECONDS


def flows(pairs: list[tuple[str, str]]) -> str:
    return "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(pairs)
    )


def tasks(count: int) -> str:
    return "".join(f'<task id="t{number}"/>' for number in range(count))


LANES = "".join(f'<lane id="l{n}"><flowNodeRef>t{n}</flowNodeRef></lane>' for n in range(1000))
ATTRIBUTES = " ".join(f'a{n}=""' for n in range(50_000))
LARGE = {
    "XInclude": inside(XINCLUDE + tasks(1)),
    "99 sub-processes in one another": deep("subProcess", 97),
    "5,000 tasks with one id": inside('<task id="same"/>' * 5_000),
    "5,000 tasks without ids on one line": inside("<task/>" * 5_000),
    "5,000 flows to nowhere": inside(flows([("a", "b")] * 5_000)),
    "1,500 boundary events on one another": inside(
        "".join(f'<boundaryEvent id="b{n}" attachedToRef="b{(n + 1) % 1500}"/>' for n in range(1500))
    ),
    "1,500 boundary events on one task": inside(
        tasks(1) + "".join(f'<boundaryEvent id="b{n}" attachedToRef="t0"/>' for n in range(1500))
    ),
    "every task to every other": inside(
        tasks(30) + flows([(f"t{one}", f"t{other}") for one in range(30) for other in range(30)])
    ),
    "a ring of 1,500": inside(tasks(1500) + flows([(f"t{n}", f"t{(n + 1) % 1500}") for n in range(1500)])),
    "1,000 flows from a task to itself": inside(tasks(1) + flows([("t0", "t0")] * 1000)),
    "a lane in itself": inside(
        '<laneSet id="s"><lane id="l"><flowNodeRef>t0</flowNodeRef><childLaneSet><lane id="l">'
        "<flowNodeRef>t0</flowNodeRef></lane></childLaneSet></lane></laneSet>" + tasks(1)
    ),
    "1,000 lanes": inside(f'<laneSet id="s">{LANES}</laneSet>{tasks(1000)}'),
    "1,000 notes on one task": inside(
        tasks(1)
        + "".join(
            f'<textAnnotation id="n{n}"><text>Note</text></textAnnotation>'
            f'<association id="a{n}" sourceRef="t0" targetRef="n{n}"/>'
            for n in range(1000)
        )
    ),
    "a name of 4 MB": inside(f'<task id="t" name="{"word " * 800_000}"/><endEvent id="e" name="{"x" * 200_000}"/>'),
    "4 MB of text in a condition": inside(
        tasks(2) + '<sequenceFlow id="f" sourceRef="t0" targetRef="t1"><conditionExpression>' + "a + " * 1_000_000
        + "</conditionExpression></sequenceFlow>"
    ),
    "a call of itself": inside('<callActivity id="c" calledElement="p"/>'),
    "an id of 1 MB": inside(f'<task id="{"i" * 1_000_000}"/>'),
    "50,000 attributes": inside(f"<task {ATTRIBUTES}/>"),
}  # fmt: skip


@pytest.mark.parametrize("data", LARGE.values(), ids=LARGE)
def test_what_is_large_or_odd_is_judged_and_drawn_in_bounded_time(data):
    begun = time.process_time()
    document = read(data)
    assert document is not None
    use(document, data)
    assert time.process_time() - begun < 6 * SECONDS


def test_nothing_of_another_file_gets_into_a_model():
    document = read(inside(f'<task id="t"><documentation>{XINCLUDE}</documentation></task>'))
    assert document is not None
    assert "root:" not in repr(document)
