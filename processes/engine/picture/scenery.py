"""What stands in a drawing beside nodes and flows: pools' contents, data, notes, groups, their lines, small marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lxml import etree

from processes.engine.extensions import chinese_name
from processes.engine.harden import line_of

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DATA = frozenset(("dataObject", "dataObjectReference", "dataStoreReference", "dataInput", "dataOutput"))
CONVERSATIONS = frozenset(("conversation", "subConversation", "callConversation"))
THINGS = DATA | CONVERSATIONS | {"textAnnotation", "group"}
CHOREOGRAPHY = frozenset(("choreographyTask", "subChoreography", "callChoreography"))
HOLDERS = frozenset(
    ("process", "subProcess", "transaction", "adHocSubProcess", "collaboration", "choreography", "subChoreography")
)
LINKS = frozenset(("association", "messageFlow", "conversationLink", "dataInputAssociation", "dataOutputAssociation"))


@dataclass(frozen=True, slots=True)
class Thing:
    """Data, a note, a group or a conversation. scope: id of the process, sub-process or collaboration that holds it;
    members: for a group, what is in it as far as the file says so."""

    id: str
    tag: str
    name: str
    name_zh: str
    line: int
    scope: str
    members: tuple[str, ...] = ()

    def label(self, language: str = "en") -> str:
        """The name in the language, or the one there is, or nothing."""
        return (self.name_zh or self.name) if language.startswith("zh") else (self.name or self.name_zh)


@dataclass(frozen=True, slots=True)
class Link:
    """A line that no token goes along. direction: None, One or Both, as associations say it."""

    id: str
    tag: str
    name: str
    name_zh: str
    source: str
    target: str
    direction: str

    def label(self, language: str = "en") -> str:
        """The name in the language, or the one there is, or nothing."""
        return (self.name_zh or self.name) if language.startswith("zh") else (self.name or self.name_zh)


@dataclass(frozen=True, slots=True)
class Scenery:
    """pools: process id ("" for a black box) by participant; lanes: what a lane stands in, a lane or a process.

    flags: small marks by id: parallel, collection, unmarked, vertical, multiple, message_sent, message_answered.
    bands: participants of a choreography task, the one that begins first.
    """

    things: Mapping[str, Thing] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    pools: Mapping[str, str] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    bands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, name: str, flag: str) -> bool:
        """Whether something bears a small mark."""
        return flag in self.flags.get(name, ())


NOTHING = Scenery()


def scenery_of(document: Any) -> Scenery:
    """What was read beside a document's nodes and flows, nothing where nobody read it."""
    found: Scenery = getattr(document, "scenery", NOTHING)
    return found


def read_scenery(root: etree._Element) -> Scenery:
    """The scenery of a file."""
    reader = _Reader(root)
    for node in root.iter(f"{MODEL}*", f"{DI}BPMNShape", f"{DI}BPMNEdge"):
        reader.read(node)
    return reader.result()


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self.categories = {str(node.get("id")): node for node in root.iter(f"{MODEL}categoryValue")}
        self.collections = {str(n.get("id")) for n in root.iter(f"{MODEL}dataObject") if _yes(n.get("isCollection"))}
        self.in_category: dict[str, list[str]] = {}
        self.people = {str(node.get("id")): _words(node.get("name")) for node in root.iter(f"{MODEL}participant")}
        self.scenery: dict[str, dict] = {name: {} for name in Scenery.__dataclass_fields__}
        for node in root.iter(f"{MODEL}categoryValueRef"):
            owner = node.getparent()
            if owner is not None and etree.QName(owner).localname != "group":
                self.in_category.setdefault(_local(node.text), []).append(str(owner.get("id", "")))

    def read(self, node: etree._Element) -> None:
        """Keep what the node says, if anything."""
        tag, name = etree.QName(node).localname, str(node.get("id", ""))
        if tag in ("BPMNShape", "BPMNEdge"):
            name = _local(node.get("bpmnElement"))
        elif tag in THINGS:
            self.scenery["things"].setdefault(name, self._thing(node, tag, name))
        elif tag in LINKS:
            link = _link(node, tag, name)
            self.scenery["links"].setdefault(link.id, link)
        elif tag == "participant":
            self.scenery["pools"].setdefault(name, _local(node.get("processRef")))
        elif tag == "lane":
            self.scenery["lanes"].setdefault(name, _holder(node, HOLDERS | {"lane"}))
        elif tag in CHOREOGRAPHY:
            self.scenery["bands"].setdefault(name, self._bands(node))
        flags = frozenset(_flags(node, tag))
        if tag == "dataObjectReference" and _local(node.get("dataObjectRef")) in self.collections:
            flags |= {"collection"}
        if flags:
            self.scenery["flags"][name] = self.scenery["flags"].get(name, frozenset()) | flags

    def result(self) -> Scenery:
        """Everything read, fixed."""
        return Scenery(**{name: MappingProxyType(found) for name, found in self.scenery.items()})

    def _thing(self, node: etree._Element, tag: str, name: str) -> Thing:
        words = node.get("name")
        members: tuple[str, ...] = ()
        if tag == "textAnnotation":
            words = "".join(str(part) for text in node.iterchildren(f"{MODEL}text") for part in text.itertext())
        if tag == "group":
            category = _local(node.get("categoryValueRef"))
            words = self.categories[category].get("value") if category in self.categories else words
            members = tuple(self.in_category.get(category, ()))
        return Thing(name, tag, _words(words), chinese_name(node), line_of(node), _holder(node, HOLDERS), members)

    def _bands(self, node: etree._Element) -> tuple[str, ...]:
        first = _local(node.get("initiatingParticipantRef"))
        refs = [_local(child.text) for child in node.iterchildren(f"{MODEL}participantRef")]
        return tuple(self.people.get(ref, ref) for ref in sorted(refs, key=lambda ref: ref != first))


def _link(node: etree._Element, tag: str, name: str) -> Link:
    source, target = _local(node.get("sourceRef")), _local(node.get("targetRef"))
    owner = node.getparent()
    if tag.startswith("data") and owner is not None:
        ends = [_local(child.text) for end in ("sourceRef", "targetRef") for child in node.iterchildren(MODEL + end)]
        beside = (ends or [""])[0 if tag == "dataInputAssociation" else -1]
        there, here = beside, str(owner.get("id", ""))
        source, target = (there, here) if tag == "dataInputAssociation" else (here, there)
    name = name or f"{tag}_line_{line_of(node)}_{source}_{target}"
    direction = "One" if tag.startswith("data") else node.get("associationDirection", "None")
    return Link(name, tag, _words(node.get("name")), chinese_name(node), source, target, direction)


def _flags(node: etree._Element, tag: str) -> Iterator[str]:
    """The small marks that a node of the model or of the diagram asks for."""
    if _yes(node.get("parallelMultiple")):
        yield "parallel"
    if _yes(node.get("isCollection")):
        yield "collection"
    if node.get("isMarkerVisible", "true").strip() in ("false", "0"):
        yield "unmarked"
    if node.get("isHorizontal", "true").strip() in ("false", "0"):
        yield "vertical"
    if tag == "participant" and _has(node, "participantMultiplicity"):
        yield "multiple"
    if kind := node.get("messageVisibleKind"):
        yield "message_sent" if kind == "initiating" else "message_answered"


def _holder(node: etree._Element, tags: frozenset[str]) -> str:
    parent = node.getparent()
    while parent is not None and not (isinstance(parent.tag, str) and etree.QName(parent).localname in tags):
        parent = parent.getparent()
    return "" if parent is None else str(parent.get("id", ""))


def _has(node: etree._Element, tag: str) -> bool:
    return node.find(MODEL + tag) is not None


def _yes(text: str | None) -> bool:
    return (text or "").strip() in ("true", "1")


def _local(reference: str | None) -> str:
    return (reference or "").strip().rpartition(":")[2]


def _words(text: str | None) -> str:
    return " ".join((text or "").split())
