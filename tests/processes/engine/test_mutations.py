"""Whatever happens to a file on its way: it is read and judged, or refused with its line; nothing crashes or hangs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine import Document, NotExecutable, ParseRefused, check, compile_graph, describe, parse, render_svg

from .bpmn import HEAD, element, end, flow, path, process, start, timer, user

MODEL = process(
    start(), user("check", default="check-split"), element("parallelGateway", "split"),
    element("parallelGateway", "join"), end(), end("late"),
    element("subProcess", "sub", start("s") + user("inner") + end("e") + path("s -> inner -> e")),
    element("boundaryEvent", "guard", timer("timeDuration", "PT1H"), attachedToRef="sub"),
    element("exclusiveGateway", "ok"), element("intermediateCatchEvent", "wait", timer("timeDate", "due")),
    path("start -> check -> split -> sub -> join"), path("split -> wait -> join -> ok"),
    flow("ok -> end", "x = 1"), flow("ok -> check", "x = 2"), path("guard -> late"),
).decode()  # fmt: skip
VALUES = sorted(set(re.findall(r'"([^"]*)"', MODEL)) | {"", "p", "sub", "-1", "nan"})
TAGS = sorted(
    set(re.findall(r"<bpmn:(\w+)", MODEL)) | {"lane", "transaction", "callActivity", "messageEventDefinition"}
)
DEMO = sorted(Path(__file__).parents[3].glob("demo/products/*/process.bpmn"))


@st.composite
def mutated(draw) -> str:
    text = MODEL
    for _ in range(draw(st.integers(1, 6))):
        text = draw(st.sampled_from((swap_value, swap_tag, drop_line, double_line)))(draw, text)
    return text


def swap_value(draw, text: str) -> str:
    spots = [spot for spot in re.finditer(r' (\w+)="([^"]*)"', text) if spot.start() > len(HEAD)]
    spot = draw(st.sampled_from(spots))
    return f'{text[: spot.start()]} {spot.group(1)}="{draw(st.sampled_from(VALUES))}"{text[spot.end() :]}'


def swap_tag(draw, text: str) -> str:
    return text.replace(f"bpmn:{draw(st.sampled_from(TAGS))}", f"bpmn:{draw(st.sampled_from(TAGS))}")


def drop_line(draw, text: str) -> str:
    lines = text.splitlines()
    del lines[draw(st.integers(2, len(lines) - 1))]
    return "\n".join(lines)


def double_line(draw, text: str) -> str:
    lines = text.splitlines()
    at = draw(st.integers(2, len(lines) - 1))
    return "\n".join([*lines[:at], lines[at], *lines[at:]])


def read(data: bytes) -> Document | None:
    """The document, or nothing where it is refused; a refusal names a line."""
    refusal: ParseRefused | None = None
    try:
        return parse(data, file="damaged.bpmn")
    except ParseRefused as refused:
        refusal = refused
    assert refusal.line >= 1
    return None


@settings(max_examples=400, deadline=5000)
@given(text=mutated())
def test_a_damaged_file_is_judged_or_refused(text):
    document = read(text.encode())
    if document is None:
        return
    report = check(document)
    assert all(finding.line >= 1 and finding.message for finding in (*report.errors, *report.warnings))
    assert render_svg(document, active={"check"}, visited={"start"}).endswith("</svg>")
    describe(document)
    if report.errors:
        with pytest.raises(NotExecutable):
            compile_graph(document)
    elif report.executable:
        graph = compile_graph(document, document.runnable()[0].id)
        assert graph.content.starts or graph.triggers


@settings(max_examples=200, deadline=5000)
@given(cut=st.integers(0, len(MODEL)), noise=st.binary(max_size=6))
def test_noise_in_the_bytes_is_judged_or_refused(cut, noise):
    document = read(MODEL[:cut].encode() + noise + MODEL[cut:].encode())
    assert document is None or check(document)


def test_a_sub_process_that_bears_its_parents_id_does_not_run_in_circles():
    inner = element("subProcess", "p", start("s") + end("e") + path("s -> e"))
    document = parse(process(start(), inner, end(), path("start -> end")))
    assert any("unique" in finding.message for finding in check(document).errors)
    assert render_svg(document)


def test_every_process_of_the_demo_can_be_published_and_drawn():
    for file in DEMO:
        document = parse(file.read_bytes(), file=file.name)
        assert check(document, publishable=True).errors == ()
        assert render_svg(document, language="zh-hans")
