"""Reads what an element says beyond its shape: ours, the standard's own elements, and what other tools add."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from processes.engine.details import Assignment, Call, Decide, Details, Formula, Loop, as_they_are, literal
from processes.engine.extensions import TL
from processes.engine.harden import line_of
from processes.engine.read_associations import Names, assigned_data
from processes.engine.vendors import (
    NAME,
    ZEEBE,
    assignments,
    attribute,
    complex_parameters,
    extension,
    extensions_of,
    formula,
    variable_or_formula,
)

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ASSIGNMENT = re.compile(r"\s*([A-Za-z_]\w*)\s*:?=(?!=)\s*(.+?)\s*", re.DOTALL)


def read_details(node: etree._Element, tag: str, names: Names) -> Details:
    """Details of a flow node. names: variables by the id of the data object that stands for them."""
    return Details(
        loop=_loop(node, names),
        script=_script(node) if tag == "scriptTask" else (),
        decide=_decide(node) if tag == "businessRuleTask" else None,
        call=_call(node, names) if tag == "callActivity" else None,
        inputs=assignments(node, "input") + assigned_data(node, "input", names),
        outputs=() if tag == "callActivity" else _outputs(node, names),
        keys=keys_of(node),
        payload=tuple(_pair(child, "name", "value") for child in extensions_of(node, "payload")) + _said(node),
        complex_parameters=tuple(complex_parameters(node)),
    )


def _said(node: etree._Element) -> tuple[Assignment, ...]:
    """What a signal of Camunda 7 carries."""
    given = (child for one in node.iterchildren(f"{MODEL}signalEventDefinition") for child in extensions_of(one, "in"))
    return tuple(_pair(child, "target", "source") for child in given if _is_pair(child))


def keys_of(node: etree._Element) -> tuple[Assignment, ...]:
    """What a message is recognised by: `tl:key name value`, or Camunda 8's one unnamed key."""
    own = tuple(_pair(child, "name", "value") for child in extensions_of(node, "key"))
    return own + tuple(_zeebe_key(child) for child in extensions_of(node, "subscription"))


def data_names(root: etree._Element) -> dict[str, str]:
    """Variables by the id of what stands for them: data objects and their references, data inputs and outputs."""
    names: dict[str, str] = {}
    for node in root.iter(*(f"{MODEL}{tag}" for tag in ("dataObject", "dataInput", "dataOutput", "property"))):
        names[node.get("id", "")] = _variable(node)
    for node in root.iter(f"{MODEL}dataObjectReference"):
        held = names.get(node.get("dataObjectRef", ""), "")
        names[node.get("id", "")] = _variable(node) if node.get("name") or not held else held
    for side, outer, inner in (("Input", "sourceRef", "targetRef"), ("Output", "targetRef", "sourceRef")):
        for node in root.iter(f"{MODEL}data{side}Association"):
            seen = (node.findtext(f"{MODEL}{outer}") or "").strip()
            names[(node.findtext(f"{MODEL}{inner}") or "").strip()] = names.get(seen, seen)
    return names


def own_data(node: etree._Element, names: Names) -> tuple[str, ...]:
    """Variables that the data objects and properties of a process or sub-process stand for. A data object is known by
    the names of its references, wherever in it they are drawn; the bare id of one that has some says nothing."""
    held: dict[str, list[str]] = {}
    for tag in ("dataObject", "property"):
        for child in node.iterchildren(f"{MODEL}{tag}"):
            held[child.get("id", "")] = [names[child.get("id", "")]] if child.get("name") else []
    for reference in node.iter(f"{MODEL}dataObjectReference") if held else ():
        held.get(reference.get("dataObjectRef", ""), []).append(names[reference.get("id", "")])
    return tuple(dict.fromkeys(name for id, given in held.items() for name in (given or [id])))


def _variable(node: etree._Element) -> str:
    name = node.get("name", "").strip()
    return name if NAME.fullmatch(name) else node.get("id", "")


def _loop(node: etree._Element, names: Names) -> Loop | None:
    for child in node.iterchildren(f"{MODEL}multiInstanceLoopCharacteristics"):
        return _many(child, names)
    for child in node.iterchildren(f"{MODEL}standardLoopCharacteristics"):
        return Loop(
            many=False,
            line=line_of(child),
            condition=_child(child, "loopCondition"),
            test_before=_true(child.get("testBefore")),
            maximum=child.get("loopMaximum", "").strip(),
        )
    return None


def _many(node: etree._Element, names: Names) -> Loop:
    zeebe = extension(node, "loopCharacteristics")
    given = _zeebe_loop(zeebe) if zeebe is not None else _named_loop(node, names)
    return Loop(
        many=True,
        line=line_of(node),
        sequential=_true(node.get("isSequential")),
        cardinality=_child(node, "loopCardinality"),
        until=_child(node, "completionCondition"),
        **given,
    )


def _zeebe_loop(node: etree._Element) -> dict:
    line, output = line_of(node), node.get("outputElement", "")
    collection = node.get("inputCollection", "")
    return {
        "collection": variable_or_formula(collection, line) if collection else None,
        "element": node.get("inputElement", "").strip(),
        "output": node.get("outputCollection", "").strip(),
        "output_element": variable_or_formula(output, line) if output else None,
    }


def _named_loop(node: etree._Element, names: Names) -> dict:
    line = line_of(node)
    source = (node.findtext(f"{MODEL}loopDataInputRef") or "").strip().rpartition(":")[2]
    result = (node.findtext(f"{MODEL}loopDataOutputRef") or "").strip().rpartition(":")[2]
    collection = attribute(node, "collection") or names.get(source, source)
    item = attribute(node, "outputElement") or _item(node, "outputDataItem")
    return {
        "collection": variable_or_formula(collection, line) if collection else None,
        "element": attribute(node, "elementVariable") or _item(node, "inputDataItem"),
        "output": attribute(node, "outputCollection") or names.get(result, result),
        "output_element": variable_or_formula(item, line) if item else None,
    }


def _item(node: etree._Element, tag: str) -> str:
    child = node.find(f"{MODEL}{tag}")
    return "" if child is None else _variable(child)


def _script(node: etree._Element) -> tuple[Assignment, ...]:
    """Ours and Camunda 8's expressions, or the script itself: an expression, or lines of `name = expression`."""
    own = list(extensions_of(node, "script"))
    body, language = node.find(f"{MODEL}script"), node.get("scriptFormat", "")
    text = "".join(map(str, body.itertext())).strip() if body is not None else attribute(node, "resource")
    line = line_of(body) if body is not None else line_of(node)
    given = [_pair(child, "resultVariable" if child.tag.startswith(ZEEBE) else "result", "expression") for child in own]
    result = attribute(node, "resultVariable")
    steps = [a if a.source.text else Assignment(a.target, Formula(text, language, line)) for a in given]
    return tuple(steps) or tuple(_script_steps(text, language, line, result))


def _script_steps(text: str, language: str, line: int, result: str) -> Iterator[Assignment]:
    if not text:
        return
    lines = [part for part in _apart(text) if part.strip()]
    matches = [ASSIGNMENT.fullmatch(part) for part in lines]
    if result or not all(matches):
        matches = [None if result else ASSIGNMENT.fullmatch(text)]
    if not all(matches):
        yield Assignment(result, Formula(text, language, line))
        return
    for match in matches:
        if match:
            yield Assignment(match[1], Formula(match[2], language, line))


def _apart(text: str) -> Iterator[str]:
    """Assignments stand on lines of their own or are ended by semicolons, but for those within a text."""
    begin, within = 0, False
    for place, character in enumerate(text):
        if character == '"' and text[place - 1 : place] != "\\":
            within = not within
        elif character in ";\n" and not within:
            yield text[begin:place]
            begin = place + 1
    yield text[begin:]


def _decide(node: etree._Element) -> Decide | None:
    own, zeebe = extension(node, "decision"), extension(node, "calledDecision")
    shape = attribute(node, "mapDecisionResult") or "resultList"
    if own is not None:
        return Decide(literal(own.get("table", ""), line_of(own)), own.get("result", ""))
    if zeebe is not None:
        return Decide(formula(zeebe, zeebe.get("decisionId")), zeebe.get("resultVariable", ""))
    key = attribute(node, "decisionRef")
    return Decide(formula(node, key), attribute(node, "resultVariable"), shape) if key else None


def _outputs(node: etree._Element, names: Names) -> tuple[Assignment, ...]:
    return assignments(node, "output") + assigned_data(node, "output", names)


def _call(node: etree._Element, names: Names) -> Call | None:
    zeebe = extension(node, "calledElement")
    process = (zeebe.get("processId", "") if zeebe is not None else "") or node.get("calledElement", "")
    if not process:
        return None
    given, taken = list(extensions_of(node, "in")), list(extensions_of(node, "out"))
    outputs = _outputs(node, names)
    named, all_in = bool(given or taken), zeebe is None or zeebe.get("propagateAllParentVariables", "true") != "false"
    all_out = not outputs if zeebe is None else zeebe.get("propagateAllChildVariables", "true") != "false"
    return Call(
        process=_called(node, process),
        inputs=tuple(_pair(child, "target", "source") for child in given if _is_pair(child))
        + (() if all_in else as_they_are(assignments(node, "input"))),
        outputs=tuple(_pair(child, "target", "source") for child in taken if _is_pair(child)) + outputs,
        all_in=any(child.get("variables") == "all" for child in given) or (not named and all_in),
        all_out=any(child.get("variables") == "all" for child in taken) or (not named and all_out),
    )


def _called(node: etree._Element, process: str) -> Formula:
    if process.startswith(("=", "${", "#{")):
        return Formula(process, "", line_of(node))
    return literal(process.strip().rpartition(":")[2], line_of(node))


def _is_pair(node: etree._Element) -> bool:
    return bool(node.get("target"))


def _pair(node: etree._Element, target: str, source: str) -> Assignment:
    """A target and an expression; Camunda 7's `source` is a variable's name, its `sourceExpression` an expression."""
    text = node.get(source) or node.get("sourceExpression") or (node.text or "").strip()
    if str(node.tag).startswith((TL, ZEEBE)) or node.get("sourceExpression"):
        return Assignment(node.get(target, "").strip(), formula(node, text) if node.get(source) else Formula(text))
    return Assignment(node.get(target, "").strip(), Formula(text, "", line_of(node)))


def _zeebe_key(node: etree._Element) -> Assignment:
    text = node.get("correlationKey", "").strip()
    name = text.removeprefix("=").strip()
    return Assignment(name if NAME.fullmatch(name) else "correlationKey", formula(node, text))


def _child(node: etree._Element, tag: str) -> Formula | None:
    child = node.find(f"{MODEL}{tag}")
    text = "" if child is None else "".join(map(str, child.itertext())).strip()
    return None if child is None or not text else Formula(text, child.get("language", ""), line_of(child))


def _true(text: str | None) -> bool:
    return (text or "").strip() in ("true", "1")
