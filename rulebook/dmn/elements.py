"""What a model is made of: its inputs, decisions, business knowledge and services, and what each asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from rulebook.dmn.document import Document
from rulebook.feel.spaced import tidy
from rulebook.said import Said
from rulebook.said import gettext_noop as _

KINDS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
SAID = {
    "inputData": _("input data"),
    "decision": _("a decision"),
    "businessKnowledgeModel": _("business knowledge"),
    "decisionService": _("a decision service"),
}
REFERENCES = {  # where a reference stands → the kinds of what it may name
    "requiredInput": ("inputData",),
    "requiredDecision": ("decision",),
    "requiredKnowledge": ("businessKnowledgeModel", "decisionService"),
    "outputDecision": ("decision",),
    "encapsulatedDecision": ("decision",),
    "inputDecision": ("decision",),
    "inputData": ("inputData",),
}


@dataclass(slots=True, eq=False)
class Element:
    """One of the four kinds. name: what results are called by; variable: what expressions call its value by.

    asks: the elements that it names, by the tag of the reference, with the reference itself.
    """

    kind: str
    name: str
    variable: str
    node: etree._Element
    type_ref: str = ""
    asks: dict[str, list[tuple[Element, etree._Element]]] = field(default_factory=dict)

    def named(self, *tags: str) -> list[Element]:
        """What it names by references of these tags, each once."""
        return list(dict.fromkeys(element for tag in tags for element, _node in self.asks.get(tag, [])))


def read_elements(document: Document) -> list[Element]:
    """All elements in the order of the file, their references followed; what is wrong is noted in the document."""
    elements: list[Element] = []
    by_id: dict[str, Element] = {}
    by_name: dict[str, Element] = {}
    for node in document.children(document.root, *KINDS):
        element = _element(document, node)
        if not element.name:
            document.refuse(node, Said(_("Expected a name, but it has none.")))
        elif element.name in by_name or element.variable in by_name:
            document.refuse(
                node, Said(_('Expected a name of its own, but there is another "%(name)s".'), name=element.name)
            )
        if node.get("id") in by_id:
            document.refuse(
                node, Said(_('Expected an id of its own, but there is another "%(key)s".'), key=node.get("id"))
            )
        elements.append(element)
        by_id.setdefault(node.get("id", ""), element)
        by_name.setdefault(element.name, element)
        by_name.setdefault(element.variable, element)
    by_id.pop("", None)
    for element in elements:
        for tag, reference in _references(document, element):
            _follow(document, element, tag, reference, by_id)
    return elements


def _element(document: Document, node: etree._Element) -> Element:
    name = tidy(node.get("name") or node.get("id") or "")
    variable = document.child(node, "variable")
    called = tidy(variable.get("name", "")) if variable is not None else ""
    type_ref = variable.get("typeRef", "") if variable is not None else ""
    return Element(document.tag(node), name, called or name, node, type_ref)


def _references(document: Document, element: Element) -> Iterator[tuple[str, etree._Element]]:
    if element.kind == "decisionService":
        for node in document.children(
            element.node, "outputDecision", "encapsulatedDecision", "inputDecision", "inputData"
        ):
            yield document.tag(node), node
    for holder in document.children(element.node, "informationRequirement", "knowledgeRequirement"):
        for node in document.children(holder, "requiredInput", "requiredDecision", "requiredKnowledge"):
            yield document.tag(node), node


def _follow(document: Document, element: Element, tag: str, node: etree._Element, by_id: dict[str, Element]) -> None:
    href = node.get("href", "")
    namespace, _mark, key = href.rpartition("#")
    found = by_id.get(key) if namespace in ("", document.namespace) else None
    if found is None:
        document.refuse(
            node, Said(_('Expected the href of an element of this model, but there is none "%(href)s".'), href=href)
        )
    elif found.kind not in REFERENCES[tag]:
        wanted, *others = (Said(SAID[kind]) for kind in REFERENCES[tag])
        for other in others:
            wanted = Said(_("%(one)s or %(other)s"), one=wanted, other=other)
        document.refuse(
            node,
            Said(
                _("Expected %(wanted)s, but %(name)s is %(kind)s."),
                wanted=wanted,
                name=found.name,
                kind=Said(SAID[found.kind]),
            ),
        )
    else:
        element.asks.setdefault(tag, []).append((found, node))
