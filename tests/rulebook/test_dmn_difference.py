"""What differs between two models, decision by decision, and the picture of what requires what."""

import re

from demo import files
from rulebook.dmn.difference import Change, Part, difference
from rulebook.dmn.document import open_document
from rulebook.dmn.elements import read_elements
from rulebook.dmn.pictures import draw, label_of
from tests.rulebook.dmn_files import decision, given, model, needs

XML = files.model("kyc_risk")


def changes(before: bytes, after: bytes) -> list[Change]:
    return difference(open_document(before), open_document(after))


def test_the_same_file_differs_in_nothing() -> None:
    assert changes(XML, XML) == []


def test_a_cell_is_told_by_row_and_column() -> None:
    after = XML.replace(b"<text>40</text>", b"<text>60</text>").replace(b"&gt; 0", b"&gt; 1")
    assert changes(XML, after) == [
        Change("changed", "decision", "Points of identity", (Part("cell", "40", "60", 3, "Points"),)),
        Change("changed", "decision", "Points of the watch list", (Part("cell", "> 0", "> 1", 1, "Watch-list hits"),)),
    ]


def test_a_row_that_is_new_moves_no_other() -> None:
    row = b'<rule id="K0"><inputEntry><text>"GB"</text></inputEntry><inputEntry><text>-</text></inputEntry>'
    row += b"<outputEntry><text>5</text></outputEntry></rule>"
    after = XML.replace(b'<rule id="K1">', row + b'<rule id="K1">')
    (change,) = changes(XML, after)
    assert change.parts == (Part("row_added", "", '"GB" | - | 5', 1),)
    (back,) = changes(after, XML)
    assert back.parts == (Part("row_removed", '"GB" | - | 5', "", 1),)


def test_decisions_come_go_and_change_what_they_require_and_say() -> None:
    before = model(given("x", "number"), decision("A", needs("x"), "x + 1"), decision("B", "2"))
    after = model(given("x", "string"), decision("A", "3"), decision("C", "4"))
    assert changes(before, after) == [
        Change("changed", "inputData", "x", (Part("type", "number", "string"),)),
        Change("changed", "decision", "A", (Part("requires", "x", ""), Part("logic", "x + 1", "3"))),
        Change("added", "decision", "C"),
        Change("removed", "decision", "B"),
    ]


def test_hit_policy_and_columns_are_told() -> None:
    after = XML.replace(b'aggregation="SUM"', b'aggregation="MAX"', 1)
    (change,) = changes(XML, after)
    assert change.parts == (Part("hit_policy", "COLLECT SUM", "COLLECT MAX"),)


def test_the_picture_has_every_element_and_stands_on_what_is_given() -> None:
    elements = read_elements(open_document(XML))
    svg = draw(elements, "Risk & more")
    assert "<title>Risk &amp; more</title>" in svg
    assert "style=" not in svg
    places = {name: float(y) for name, y in re.findall(r'<g><title>([^<]+)</title><rect[^>]* y="([\d.]+)"', svg)}
    assert len(places) == len(elements) == 8
    assert places["Risk score"] < places["Points of identity"] < places["Tax residence"]
    assert "风险分值" in draw(elements, "", "zh-Hans")
    assert label_of(elements[0], "en") == "Tax residence"


def test_names_are_escaped_and_circles_end() -> None:
    hostile = model(decision("<b>A</b>", "1"))
    assert "<b>" not in draw(read_elements(open_document(hostile)), "")
    one = decision("A", needs("B", by="requiredDecision"), "1")
    circle = model(one, decision("B", needs("A", by="requiredDecision"), "2"))
    assert draw(read_elements(open_document(circle)), "").count("<rect") == 2
