"""A table as DMN 1.3 that Camunda Modeler opens: one decision with its table, and one shape in its diagram."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from rulebook.exchange.dmn_names import (
    AGGREGATED,
    DC,
    DMNDI,
    LABEL_ZH,
    LIST,
    MODEL,
    NOTE_ZH,
    OF_TABLE,
    OWN,
    POLICIES,
    RULE,
    TYPES,
    UNIT,
)
from rulebook.feel.values import admit
from rulebook.feel.writing import as_expression

XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
TAKEN = "tl_"  # what our own ids begin with
SHAPE = {"height": "80", "width": "180", "x": "160", "y": "100"}


def write_dmn(body: Mapping[str, Any], *, number: int) -> bytes:
    """A version of a table as a DMN 1.3 file. number: of the version, told in the decision's description."""
    names: dict[Any, str] = {None: MODEL, "dmndi": DMNDI, "dc": DC, "tl": OWN}
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap=names)
    key, called = str(body["key"]), str((body.get("name") or {}).get("en") or body["key"])
    for name, value in (
        ("id", f"{TAKEN}definitions"),
        ("name", called),
        ("namespace", f"{OF_TABLE}{key}"),
        ("exporter", "Throughline"),
    ):
        root.set(name, value)
    if any(column["type"] == "list" for column in (*body["inputs"], *body["outputs"])):
        item = _put(root, "itemDefinition", id=f"{TAKEN}list", name=LIST, isCollection="true")
        _put(item, "typeRef").text = "Any"
    decision = _put(root, "decision", id=_decision_id(key), name=called)
    _put(decision, "description").text = f"{key}, version {number}"
    _table(decision, body)
    _diagram(root, _decision_id(key))
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _decision_id(key: str) -> str:
    return key if XML_NAME.fullmatch(key) and not key.startswith(TAKEN) else f"{TAKEN}decision"


def _table(decision: etree._Element, body: Mapping[str, Any]) -> None:
    policy = POLICIES[body["hit_policy"]]
    table = _put(decision, "decisionTable", id=f"{TAKEN}table", hitPolicy="COLLECT" if AGGREGATED in policy else policy)
    if AGGREGATED in policy:
        table.set("aggregation", policy.removeprefix(AGGREGATED))
    for place, column in enumerate(body["inputs"], 1):
        _input(table, column, place)
    for place, column in enumerate(body["outputs"], 1):
        _output(table, column, place, body.get("default"))
    for place, rule in enumerate(body["rules"], 1):
        _rule(table, body, rule, place)


def _input(table: etree._Element, column: Mapping[str, Any], place: int) -> None:
    node = _put(table, "input", id=f"{TAKEN}input_{place}", label=_label(column))
    _own(node, column)
    tested = _put(node, "inputExpression", id=f"{TAKEN}expression_{place}", typeRef=TYPES[column["type"]])
    _put(tested, "text").text = column["name"]
    _values(node, "inputValues", column, f"{TAKEN}input_values_{place}")


def _output(table: etree._Element, column: Mapping[str, Any], place: int, default: Mapping[str, str] | None) -> None:
    about = {"id": f"{TAKEN}output_{place}", "label": _label(column), "name": column["name"]}
    node = _put(table, "output", **about, typeRef=TYPES[column["type"]])
    _own(node, column)
    _values(node, "outputValues", column, f"{TAKEN}output_values_{place}")
    if default is not None:
        entry = _put(node, "defaultOutputEntry", id=f"{TAKEN}default_{place}")
        _put(entry, "text").text = default.get(column["name"], "null")


def _values(node: etree._Element, tag: str, column: Mapping[str, Any], own_id: str) -> None:
    if column.get("values"):
        _put(_put(node, tag, id=own_id), "text").text = ",".join(
            as_expression(admit(each)) for each in column["values"]
        )


def _rule(table: etree._Element, body: Mapping[str, Any], rule: Mapping[str, Any], place: int) -> None:
    fits = XML_NAME.fullmatch(rule["id"]) and not rule["id"].startswith(TAKEN) and rule["id"] != body["key"]
    node = _put(table, "rule", id=rule["id"] if fits else f"{TAKEN}rule_{place}")
    if not fits:
        node.set(RULE, rule["id"])
    note = rule.get("note") or {}
    if note:
        _put(node, "description").text = note.get("en", "")
        node.set(NOTE_ZH, note.get("zh-Hans", ""))
    for column, each in enumerate(body["inputs"], 1):
        entry = _put(node, "inputEntry", id=f"{TAKEN}when_{place}_{column}")
        _put(entry, "text").text = (rule.get("when") or {}).get(each["name"], "-")
    for column, each in enumerate(body["outputs"], 1):
        entry = _put(node, "outputEntry", id=f"{TAKEN}then_{place}_{column}")
        _put(entry, "text").text = (rule.get("then") or {}).get(each["name"], "null")


def _own(node: etree._Element, column: Mapping[str, Any]) -> None:
    if column.get("unit"):
        node.set(UNIT, column["unit"])
    if chinese := (column.get("label") or {}).get("zh-Hans"):
        node.set(LABEL_ZH, chinese)


def _label(column: Mapping[str, Any]) -> str:
    label = (column.get("label") or {}).get("en") or column["name"]
    return f"{label} ({column['unit']})" if column.get("unit") else label


def _diagram(root: etree._Element, decision: str) -> None:
    diagram = etree.SubElement(etree.SubElement(root, f"{{{DMNDI}}}DMNDI"), f"{{{DMNDI}}}DMNDiagram")
    diagram.set("id", f"{TAKEN}diagram")
    shape = etree.SubElement(diagram, f"{{{DMNDI}}}DMNShape", id=f"{TAKEN}shape", dmnElementRef=decision)
    etree.SubElement(shape, f"{{{DC}}}Bounds", SHAPE)


def _put(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{MODEL}}}{tag}", attributes)
