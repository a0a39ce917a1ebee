"""Models as modelling tools write them: each loads, is judged, is drawn, and runs where its expressions can be said."""

from __future__ import annotations

import pytest

from processes.engine import check, compile_graph, describe, parse, render_svg
from processes.engine.picture.svg import drawing_of
from processes.evaluate import evaluate
from rulebook.feel import compile_expression

from .conftest import NOON
from .vendors import ENCODINGS, MODEL, STYLES, Style, Writer, small

LABELS = {
    "Chinese": "核对客户订单并确认，再放行",
    "German": "Prüfung &amp; Freigabe „groß“",
    "Arabic": "تحقق من الطلب",
    "lines": "Check&#10;the&#13;&#10;order",
    "emoji": "👍 done 👩‍👩‍👧‍👦",
    "long": "word " * 4000,
    "unbreakable": "x" * 20_000,
}
by_name = pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)


@by_name
def test_what_a_tool_writes_is_read_whole(style):
    document = parse(small(style).encode(), file=f"{style.name}.bpmn")
    tags = sorted(element.tag for element in document.elements.values())
    assert tags == sorted(
        ("boundaryEvent", "endEvent", "endEvent", "exclusiveGateway", "serviceTask", "startEvent", "userTask")
    )
    assert len(document.flows) == 6
    assert [frame.name for frame in document.frames] == ["Bank", "Client", "Client"]
    report = check(document, compile_expression)
    assert report.errors == ()
    assert all(finding.line > 1 or finding.element == "" for finding in report.warnings)


@by_name
def test_what_a_tool_writes_is_drawn(style):
    document = parse(small(style).encode())
    if style.drawn:
        assert drawing_of(document).shapes[Writer(style).id("a")].x == 180
    picture = render_svg(document, active={Writer(style).id("a")})
    assert "Check the order" in picture
    assert describe(document, {Writer(style).id("a")}).now == ("Check the order",)


@by_name
def test_what_a_tool_writes_runs_unless_its_language_is_another(style):
    document = parse(small(style).encode())
    report = check(document, compile_expression)
    foreign = [finding for finding in report.blocking if finding.element == Writer(style).id("f3")]
    if "java" in style.condition_attributes:
        assert "return amount" in foreign[0].message
    else:
        assert foreign == []
    if report.executable:
        assert compile_graph(document).start == Writer(style).id("s")
    assert evaluate("amount > 5", {"amount": 6}, NOON) is True


@pytest.mark.parametrize("encoding", ENCODINGS)
@by_name
def test_every_encoding_gives_the_same_model(style, encoding):
    usual = parse(small(style, "Café 1").encode())
    other = parse(ENCODINGS[encoding](small(style, "Café 1")))
    assert other.elements[Writer(style).id("a")].name == "Café 1"
    assert dict(other.flows) == dict(usual.flows)
    assert dict(other.drawing.shapes) == dict(usual.drawing.shapes)


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
def test_any_label_is_kept_and_drawn(label):
    document = parse(small(STYLES[0], label).encode())
    assert document.elements["Activity_a"].name
    assert render_svg(document).endswith("</svg>")
    bare = parse(small(Style("bare", drawn=False), label).encode())
    assert render_svg(bare, language="zh-hans").endswith("</svg>")


@by_name
def test_comments_instructions_and_foreign_elements_anywhere_do_not_disturb(style):
    text = small(style)
    noise = '<!-- a > b --><?tool keep="yes"?><f:thing xmlns:f="urn:foreign" id="f1"><f:start/></f:thing>'
    noisy = text.replace(f"<{style.prefix}sequenceFlow", f"{noise}<{style.prefix}sequenceFlow")
    one, other = parse(text.encode()), parse(noisy.encode())
    assert list(one.elements) == list(other.elements)
    assert list(one.flows) == list(other.flows)
    assert check(other).errors == check(one).errors


def test_a_drawing_that_lacks_some_shapes_is_laid_out_anew():
    style = STYLES[0]
    text = small(style)
    without = text.replace('bpmnElement="Activity_c"', 'bpmnElement="Activity_nowhere"')
    document = parse(without.encode())
    assert set(document.elements) <= set(drawing_of(document).shapes)


def test_nodes_without_ids_are_read_and_drawn():
    text = small(Style("bare"))
    for name in ("c", "late", "f5"):
        text = text.replace(f' id="{name}"', "")
    document = parse(text.encode())
    assert len(document.elements) == 7
    assert render_svg(document).endswith("</svg>")
    assert all(finding.line > 1 for finding in check(document).errors)


def test_another_version_of_the_standard_is_refused_with_its_name():
    from processes.engine import ParseRefused

    old = small(STYLES[0]).replace(MODEL, "http://schema.omg.org/spec/BPMN/2.0")
    with pytest.raises(ParseRefused, match="definitions"):
        parse(old.encode())
