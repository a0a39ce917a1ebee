"""What the automatic layout must know of a whole document: guards of hosts, things beside nodes, lanes, wires."""

from __future__ import annotations

from dataclasses import dataclass, field

from processes.engine.document import Document, Element, Flow, Frame, Scope
from processes.engine.picture.scenery import Link, Scenery, Thing

DRAWN_THINGS = frozenset(("dataObjectReference", "dataStoreReference", "textAnnotation"))
Wire = Flow | Link


@dataclass(slots=True)
class Plan:
    """guards: boundary events by host; beside: notes and data by the node they belong to; loose: the others by scope;
    lanes: the innermost lanes of a scope; lane_of: the innermost lane of a node."""

    document: Document
    scenery: Scenery
    guards: dict[str, list[Element]] = field(default_factory=dict)
    beside: dict[str, list[Thing]] = field(default_factory=dict)
    loose: dict[str, list[Thing]] = field(default_factory=dict)
    lanes: dict[str, list[Frame]] = field(default_factory=dict)
    lane_of: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for element in self.document.elements.values():
            if host := self.host(element):
                self.guards.setdefault(host, []).append(element)
        self._place_things()
        self._place_lanes()

    def host(self, element: Element) -> str:
        """Id of the node whose edge a boundary event stands on, or nothing."""
        host = self.document.elements.get(element.attached_to)
        if host is None or host.scope != element.scope or host.attached_to or host.id == element.id:
            return ""
        return host.id

    def wires(self, scope: Scope) -> list[Wire]:
        """Flows and associations between nodes of a scope; those that leave boundary events come last."""
        known = {element.id: self.host(element) for element in scope.elements}
        links = [link for link in self.scenery.links.values() if link.tag == "association"]
        both: list[Wire] = [*scope.flows, *links]
        wires = [wire for wire in both if wire.source in known and wire.target in known]
        wires = [wire for wire in wires if not known[wire.target]]
        return sorted(wires, key=lambda wire: bool(known[wire.source]))

    def parents(self, lane: str) -> list[str]:
        """The lanes around a lane, from the outside, itself last."""
        found = [lane]
        while (outer := self.scenery.lanes.get(found[0], "")) in self.scenery.lanes and outer not in found:
            found.insert(0, outer)
        return found

    def _place_things(self) -> None:
        near: dict[str, list[str]] = {}
        for link in self.scenery.links.values():
            near.setdefault(link.source, []).append(link.target)
            near.setdefault(link.target, []).append(link.source)
        for thing in self.scenery.things.values():
            if thing.tag in DRAWN_THINGS:
                beside = (self.document.elements.get(name) for name in near.get(thing.id, ()))
                hosts = (one for one in beside if one and one.scope == thing.scope and not self.host(one))
                host = next(hosts, None)
                kept, key = (self.beside, host.id) if host else (self.loose, thing.scope)
                kept.setdefault(key, []).append(thing)

    def _place_lanes(self) -> None:
        outer = set(self.scenery.lanes.values())
        for frame in self.document.frames:
            if frame.tag != "lane":
                continue
            members = [self.document.elements[name] for name in frame.members if name in self.document.elements]
            self.lane_of.update((element.id, frame.id) for element in members)
            scope = members[0].scope if members else self._held_by(frame.id)
            if frame.id not in outer and scope:
                self.lanes.setdefault(scope, []).append(frame)

    def _held_by(self, lane: str) -> str:
        return self.scenery.lanes.get(self.parents(lane)[0], "")
