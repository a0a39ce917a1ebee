"""Ids are unique and references lead somewhere: every breach is a finding, none stops the reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from processes.engine.document import Element, Flow
from processes.engine.harden import line_of
from processes.engine.report import Finding

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
MAX_NODES = 20_000
SHOWN_ONLY = (
    "choreography",
    "globalChoreographyTask",
    "conversation",
    "subConversation",
    "callConversation",
    "globalConversation",
    "globalTask",
    "globalUserTask",
    "globalManualTask",
    "globalScriptTask",
    "globalBusinessRuleTask",
)
SOFT_REFERENCES = ("incoming", "outgoing", "flowNodeRef")


def check_references(
    root: etree._Element, elements: Mapping[str, Element], flows: Mapping[str, Flow]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Errors and warnings about ids and references, in document order."""
    ids = {str(node.get("id")) for node in root.iter() if isinstance(node.tag, str) and node.get("id")}
    errors = [*_duplicates(root), *_flow_ends(elements, flows), *_element_references(elements, flows)]
    if len(elements) > MAX_NODES:
        message = f"Expected at most {MAX_NODES:,} nodes, but the file has {len(elements):,}."
        errors.append(Finding("", 1, message, blocks=True))
    errors.sort(key=lambda finding: finding.line)
    return tuple(errors), (*_soft_references(root, ids), *_shown_only(root))


def _shown_only(root: etree._Element) -> Iterator[Finding]:
    for node in root.iter(*(f"{MODEL}{tag}" for tag in SHOWN_ONLY)):
        name, tag = str(node.get("id", "")), etree.QName(node).localname
        message = f"Expected processes to run; {tag} {node.get('name') or name} is only shown."
        yield Finding(name, line_of(node), message, legal=True)


def _duplicates(root: etree._Element) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for node in root.iter(f"{MODEL}*"):
        name, line = node.get("id"), line_of(node)
        if name and name in first:
            message = f'Expected unique ids, but "{name}" stands already on line {first[name]}.'
            yield Finding(name, line, message, blocks=True)
        elif name:
            first[name] = line


def _flow_ends(elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> Iterator[Finding]:
    for flow in flows.values():
        for what, end in (("sourceRef", flow.source), ("targetRef", flow.target)):
            if end not in elements:
                yield _nowhere(flow.id, flow.line, f"sequenceFlow {flow.id}", what, end)


def _element_references(elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> Iterator[Finding]:
    for element in elements.values():
        if element.default and element.default not in flows:
            yield _nowhere(element.id, element.line, element.called(), "default", element.default)
        if element.tag == "boundaryEvent" and element.attached_to not in elements:
            yield _nowhere(element.id, element.line, element.called(), "attachedToRef", element.attached_to)


def _soft_references(root: etree._Element, ids: set[str]) -> Iterator[Finding]:
    for node in root.iter(*(f"{MODEL}{tag}" for tag in SOFT_REFERENCES)):
        name = (node.text or "").strip().rpartition(":")[2]
        parent = node.getparent()
        if name not in ids and parent is not None:
            owner = str(parent.get("id", ""))
            what = etree.QName(node).localname
            called = f"{etree.QName(parent).localname} {owner}"
            yield replace(_nowhere(owner, line_of(node), called, what, name), blocks=False)


def _nowhere(element: str, line: int, called: str, what: str, name: str) -> Finding:
    message = f'Expected {what} of {called} to name an element, but there is no "{name}".'
    return Finding(element, line, message, blocks=True)
