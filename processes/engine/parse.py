"""BPMN 2.0 XML to a Document. Any file that a modelling tool writes loads; what it cannot run is for `check` to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from types import MappingProxyType

from lxml import etree

from processes.engine.diagram_interchange import read_drawing
from processes.engine.document import (
    FLOW_NODES,
    SUB_PROCESSES,
    Document,
    Element,
    Flow,
    Frame,
    Process,
    Scope,
)
from processes.engine.errors import ParseRefused
from processes.engine.extensions import chinese_name
from processes.engine.harden import line_of, read_tree
from processes.engine.picture.scenery import read_scenery
from processes.engine.read_correlations import read_correlations
from processes.engine.read_details import Names, data_names, own_data
from processes.engine.read_element import local, read_definitions, read_element, text_of, words
from processes.engine.references import check_references
from processes.engine.unread import read_unread
from processes.engine.vendors import attribute
from rulebook.said import Said
from rulebook.said import gettext_noop as _

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
FRAMES = ("participant", "lane")


def parse(data: bytes, *, file: str = "") -> Document:
    """Read a BPMN 2.0 file.

    file: how messages name it. Raises ParseRefused with file and line: DTD or entities, larger than 5 MB, deeper than
    100 levels, not well-formed, or not BPMN. Broken ids and references do not stop reading: `check` reports them all.
    """
    root = read_tree(data, file=file)
    if root.tag != f"{MODEL}definitions":
        name = etree.QName(root).localname
        message = Said(_("Expected BPMN 2.0 <definitions>, but the root is <%(name)s>."), name=name)
        raise ParseRefused(file, line_of(root), message)
    return _Reader(root, file).document()


class _Reader:
    def __init__(self, root: etree._Element, file: str) -> None:
        self.root = root
        self.file = file
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.scopes: dict[str, Scope] = {}
        self.taken: set[str] = set()
        self.doubles: Counter[str] = Counter()
        self.names = data_names(root)

    def document(self) -> Document:
        processes = tuple(self._process(node) for node in self.root.iterchildren(f"{MODEL}process"))
        frames = tuple(_frame(node) for tag in FRAMES for node in self.root.iter(f"{MODEL}{tag}"))
        errors, warnings = check_references(self.root, self.elements, self.flows)
        return Document(
            file=self.file,
            processes=processes,
            scopes=MappingProxyType(self.scopes),
            elements=MappingProxyType(self.elements),
            flows=MappingProxyType(self.flows),
            frames=frames,
            drawing=read_drawing(self.root),
            errors=errors,
            warnings=warnings,
            counts=MappingProxyType(_counts(self.root)),
            definitions=MappingProxyType({one.id: one for one in read_definitions(self.root)}),
            associations=tuple(_associations(self.root)),
            scenery=read_scenery(self.root),
            correlations=MappingProxyType(dict(read_correlations(self.root))),
        )

    def _process(self, node: etree._Element) -> Process:
        process_id = self._own_id(node)
        marked = node.get("isExecutable")
        executable = None if marked is None else marked.strip() in ("true", "1")
        self._scope(node, process_id)
        unread = read_unread(node, self.names)
        return Process(process_id, node.get("name", ""), chinese_name(node), line_of(node), executable, unread)

    def _scope(self, node: etree._Element, scope_id: str) -> None:
        elements, flows = [], []
        for child in _model_children(node):
            tag = etree.QName(child).localname
            if tag in FLOW_NODES:
                elements.append(read_element(child, self._own_id(child), tag, scope_id, self.names))
                self._inner(child, tag, elements[-1].id)
            elif tag == "sequenceFlow":
                flows.append(_flow(child, self._own_id(child), scope_id, self.names))
        self.elements.update((element.id, element) for element in elements)
        self.flows.update((flow.id, flow) for flow in flows)
        self.scopes[scope_id] = Scope(scope_id, tuple(elements), tuple(flows), own_data(node, self.names))

    def _inner(self, node: etree._Element, tag: str, element_id: str) -> None:
        if tag in SUB_PROCESSES:
            self._scope(node, element_id)

    def _own_id(self, node: etree._Element) -> str:
        """Its id, or another one where that is taken: the double is an error, but nothing may run in circles."""
        name = given = _id(node)
        while name in self.taken:
            self.doubles[given] += 1
            name = f"{given}_line_{line_of(node)}_{self.doubles[given]}"
        self.taken.add(name)
        return name


def _flow(node: etree._Element, flow_id: str, scope_id: str, names: Names) -> Flow:
    condition = node.find(f"{MODEL}conditionExpression")
    elsewhere = "" if condition is None else attribute(condition, "resource")
    return Flow(
        id=flow_id,
        name=words(node.get("name", "")),
        name_zh=chinese_name(node),
        source=local(node.get("sourceRef", "")),
        target=local(node.get("targetRef", "")),
        condition=text_of(condition) or elsewhere,
        language="" if condition is None else condition.get("language", "resource" if elsewhere else ""),
        line=line_of(node),
        scope=scope_id,
        unread=read_unread(node, names),
    )


def _frame(node: etree._Element) -> Frame:
    members = tuple(text_of(child) for child in node.iterchildren(f"{MODEL}flowNodeRef"))
    tag, name = etree.QName(node).localname, words(node.get("name", ""))
    return Frame(_id(node), tag, name, chinese_name(node), line_of(node), members)


def _associations(root: etree._Element) -> Iterator[tuple[str, str]]:
    for node in root.iter(f"{MODEL}association"):
        yield local(node.get("sourceRef", "")), local(node.get("targetRef", ""))


def _counts(root: etree._Element) -> dict[str, int]:
    held = (FLOW_NODES | {"sequenceFlow", "messageFlow", "textAnnotation"}) | set(FRAMES)
    tags = (etree.QName(node).localname for node in root.iter(f"{MODEL}*"))
    return dict(Counter(tag for tag in tags if tag in held))


def _model_children(node: etree._Element) -> Iterator[etree._Element]:
    return node.iterchildren(f"{MODEL}*")


def _id(node: etree._Element) -> str:
    return node.get("id") or f"{etree.QName(node).localname}_line_{line_of(node)}"
