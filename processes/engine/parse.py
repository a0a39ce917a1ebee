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
    Trigger,
)
from processes.engine.errors import ParseRefused
from processes.engine.extensions import TL, chinese_name, read_extensions
from processes.engine.harden import line_of, read_tree
from processes.engine.references import check_references

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TIMER_FORMS = ("timeDuration", "timeDate", "timeCycle")
DEFAULT_KINDS = {"userTask": "work", "manualTask": "work"}
FRAMES = ("participant", "lane")


def parse(data: bytes, *, file: str = "") -> Document:
    """Read a BPMN 2.0 file.

    file: how messages name it. Raises ParseRefused with file and line: DTD or entities, larger than 5 MB, deeper than
    100 levels, not well-formed, or not BPMN. Broken ids and references do not stop reading: `check` reports them all.
    """
    root = read_tree(data, file=file)
    if root.tag != f"{MODEL}definitions":
        name = etree.QName(root).localname
        raise ParseRefused(file, line_of(root), f"Expected BPMN 2.0 <definitions>, but the root is <{name}>.")
    return _Reader(root, file).document()


class _Reader:
    def __init__(self, root: etree._Element, file: str) -> None:
        self.root = root
        self.file = file
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.scopes: dict[str, Scope] = {}
        self.taken: set[str] = set()

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
        )

    def _process(self, node: etree._Element) -> Process:
        process_id = self._own_id(node)
        marked = node.get("isExecutable")
        executable = None if marked is None else marked.strip() in ("true", "1")
        self._scope(node, process_id)
        return Process(process_id, node.get("name", ""), chinese_name(node), line_of(node), executable)

    def _scope(self, node: etree._Element, scope_id: str) -> None:
        elements, flows = [], []
        for child in _model_children(node):
            tag = etree.QName(child).localname
            if tag in FLOW_NODES:
                elements.append(_element(child, self._own_id(child), tag, scope_id))
                self._inner(child, tag, elements[-1].id)
            elif tag == "sequenceFlow":
                flows.append(_flow(child, self._own_id(child), scope_id))
        self.elements.update((element.id, element) for element in elements)
        self.flows.update((flow.id, flow) for flow in flows)
        self.scopes[scope_id] = Scope(scope_id, tuple(elements), tuple(flows))

    def _inner(self, node: etree._Element, tag: str, element_id: str) -> None:
        if tag in SUB_PROCESSES:
            self._scope(node, element_id)

    def _own_id(self, node: etree._Element) -> str:
        """Its id, or another one where that is taken: the double is an error, but nothing may run in circles."""
        name = _id(node)
        while name in self.taken:
            name = f"{name}_line_{line_of(node)}"
        self.taken.add(name)
        return name


def _element(node: etree._Element, element_id: str, tag: str, scope_id: str) -> Element:
    loop = next((etree.QName(c).localname for c in _model_children(node) if "LoopCharacteristics" in str(c.tag)), "")
    return Element(
        id=element_id,
        tag=tag,
        name=_words(node.get("name", "")),
        name_zh=chinese_name(node),
        line=line_of(node),
        scope=scope_id,
        kind=node.get(f"{TL}kind", DEFAULT_KINDS.get(tag, "")),
        outcome=node.get(f"{TL}outcome", ""),
        attributes=read_extensions(node),
        triggers=tuple(_triggers(node)),
        attached_to=_local(node.get("attachedToRef", "")),
        interrupting=node.get("cancelActivity", "true").strip() not in ("false", "0"),
        default=_local(node.get("default", "")),
        loop=loop,
        event_sub_process=node.get("triggeredByEvent", "").strip() in ("true", "1"),
        for_compensation=node.get("isForCompensation", "").strip() in ("true", "1"),
    )


def _flow(node: etree._Element, flow_id: str, scope_id: str) -> Flow:
    condition = node.find(f"{MODEL}conditionExpression")
    return Flow(
        id=flow_id,
        name=_words(node.get("name", "")),
        name_zh=chinese_name(node),
        source=_local(node.get("sourceRef", "")),
        target=_local(node.get("targetRef", "")),
        condition=_text(condition),
        language="" if condition is None else condition.get("language", ""),
        line=line_of(node),
        scope=scope_id,
    )


def _triggers(node: etree._Element) -> Iterator[Trigger]:
    for child in _model_children(node):
        tag = etree.QName(child).localname
        if tag == "eventDefinitionRef":
            yield Trigger("referenced", "", _text(child), line_of(child))
        elif tag.endswith("EventDefinition"):
            yield _trigger(child, tag.removesuffix("EventDefinition"))


def _trigger(node: etree._Element, kind: str) -> Trigger:
    for form in TIMER_FORMS:
        given = node.find(f"{MODEL}{form}")
        if given is not None:
            return Trigger(kind, form, _text(given), line_of(given))
    return Trigger(kind, "", "", line_of(node))


def _frame(node: etree._Element) -> Frame:
    members = tuple(_text(child) for child in node.iterchildren(f"{MODEL}flowNodeRef"))
    tag, name = etree.QName(node).localname, _words(node.get("name", ""))
    return Frame(_id(node), tag, name, chinese_name(node), line_of(node), members)


def _counts(root: etree._Element) -> dict[str, int]:
    held = (FLOW_NODES | {"sequenceFlow", "messageFlow", "textAnnotation"}) | set(FRAMES)
    tags = (etree.QName(node).localname for node in root.iter(f"{MODEL}*"))
    return dict(Counter(tag for tag in tags if tag in held))


def _model_children(node: etree._Element) -> Iterator[etree._Element]:
    return node.iterchildren(f"{MODEL}*")


def _id(node: etree._Element) -> str:
    return node.get("id") or f"{etree.QName(node).localname}_line_{line_of(node)}"


def _local(reference: str) -> str:
    return reference.strip().rpartition(":")[2]


def _text(node: etree._Element | None) -> str:
    return "" if node is None else "".join(map(str, node.itertext())).strip()


def _words(text: str) -> str:
    return " ".join(text.split())
