"""Ids are unique and references lead somewhere: every breach is a finding, none stops the reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from processes.engine.document import Element, Flow
from processes.engine.harden import line_of
from processes.engine.report import Finding
from processes.engine.words import called
from rulebook.said import Said
from rulebook.said import gettext_noop as _

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
        sentence = _("Expected at most %(most)s nodes, but the file has %(found)s.")
        message = Said(sentence, most=f"{MAX_NODES:,}", found=f"{len(elements):,}")
        errors.append(Finding("", 1, message, blocks=True))
    errors.sort(key=lambda finding: finding.line)
    return tuple(errors), (*_soft_references(root, ids), *_shown_only(root), *_not_understood(root))


def _shown_only(root: etree._Element) -> Iterator[Finding]:
    for node in root.iter(*(f"{MODEL}{tag}" for tag in SHOWN_ONLY)):
        name, tag = str(node.get("id", "")), etree.QName(node).localname
        shown = called(tag, str(node.get("name") or name))
        message = Said(_("Expected processes to run; %(element)s is only shown."), element=shown)
        yield Finding(name, line_of(node), message, legal=True)


def _not_understood(root: etree._Element) -> Iterator[Finding]:
    """BPMN 2.0.2, 8.2.3: a file may say that nobody runs it right who does not know an extension."""
    for node in root.iterchildren(f"{MODEL}extension"):
        if node.get("mustUnderstand", "").strip() in ("true", "1"):
            name = node.get("definition", "")
            sentence = _("Expected no extension that must be understood, but the file has %(name)s: it is not read.")
            yield Finding("", line_of(node), Said(sentence, name=name), blocks=True, legal=True)


def _duplicates(root: etree._Element) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for node in root.iter(f"{MODEL}*"):
        name, line = node.get("id"), line_of(node)
        if name and name in first:
            sentence = _('Expected unique ids, but "%(id)s" stands already on line %(line)s.')
            message = Said(sentence, id=name, line=first[name])
            yield Finding(name, line, message, blocks=True)
        elif name:
            first[name] = line


def _flow_ends(elements: Mapping[str, Element], flows: Mapping[str, Flow]) -> Iterator[Finding]:
    for flow in flows.values():
        for what, end in (("sourceRef", flow.source), ("targetRef", flow.target)):
            if end not in elements:
                yield _nowhere(flow.id, flow.line, called("sequenceFlow", flow.id), what, end)


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
            holder = called(etree.QName(parent).localname, owner)
            yield replace(_nowhere(owner, line_of(node), holder, what, name), blocks=False)


def _nowhere(element: str, line: int, holder: str, what: str, name: str) -> Finding:
    sentence = _('Expected %(what)s of %(element)s to name an element, but there is no "%(name)s".')
    return Finding(element, line, Said(sentence, what=what, element=holder, name=name), blocks=True)
