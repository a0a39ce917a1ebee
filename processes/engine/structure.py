"""How the elements of a process hang together: flows, boundary events, links, handlers, and what begins with what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from processes.engine.document import ACTIVITIES, Document, Element, Flow, Scope
from processes.engine.rules import Content

WAITING_KINDS = frozenset(("timer", "message", "signal", "conditional"))
CATCHING_KINDS = frozenset(("error", "escalation"))


class Structure:
    """Look-ups over one process.

    outgoing: flows out of a node; sources: ids of the flows into one; boundary: events on an activity; handlers: what
    compensates an activity; leads: from where a token comes to a node without a flow.
    """

    def __init__(self, document: Document, elements: Sequence[Element], flows: Sequence[Flow]) -> None:
        self.document = document
        self.outgoing: dict[str, list[Flow]] = {}
        self.boundary: dict[str, list[str]] = {}
        self.handlers: dict[str, str] = {}
        self._links = {
            (e.scope, e.triggers[0].text): e.id
            for e in elements
            if e.tag == "intermediateCatchEvent" and e.trigger == "link"
        }
        sources: dict[str, list[str]] = {}
        for flow in flows:
            self.outgoing.setdefault(flow.source, []).append(flow)
            sources.setdefault(flow.target, []).append(flow.id)
        self.sources = {node: tuple(names) for node, names in sources.items()}
        self._attach(elements)
        self.leads = self._leads(elements)

    def is_activity(self, element: Element) -> bool:
        """Whether it is a task, sub-process or call."""
        return element.tag in ACTIVITIES

    def follows(self, element: Element) -> str:
        """The catching end of a throwing link; the event sub-process that a start event begins."""
        if element.tag == "intermediateThrowEvent" and element.trigger == "link":
            return self._links.get((element.scope, element.triggers[0].text), "")
        holder = self.document.elements.get(element.scope)
        if element.tag == "startEvent" and holder is not None and holder.event_sub_process:
            return holder.id
        return ""

    def content(self, scope: Scope) -> Content:
        """What begins with a process or sub-process."""
        holder = self.document.elements.get(scope.id)
        starts = [e for e in scope.elements if e.tag == "startEvent"]
        inner = [self._start_of(e) for e in scope.elements if e.event_sub_process]
        events = [start for start in inner if start is not None]
        if holder is None or not holder.event_sub_process:
            plain = [e.id for e in starts if not e.trigger] if starts else self._without_a_way_in(scope)
        else:
            plain = [e.id for e in starts]
        return Content(
            starts=tuple(plain),
            waiting=tuple(e.id for e in events if e.trigger in WAITING_KINDS),
            catching=tuple(e.id for e in events if e.trigger in CATCHING_KINDS),
            compensation=next((e.id for e in events if e.trigger == "compensate"), ""),
            data=() if holder is None else scope.data,
        )

    def triggers(self, scope: Scope) -> tuple[str, ...]:
        """Nodes of a process that begin a new instance when their message, signal, time or condition comes."""
        found = [e.id for e in scope.elements if e.tag == "startEvent" and e.trigger]
        found += [e.id for e in scope.elements if e.tag == "receiveTask" and e.instantiate]
        for element in scope.elements:
            if element.tag == "eventBasedGateway" and self.begins(element):
                found += [flow.target for flow in self.outgoing.get(element.id, ())]
        return tuple(found)

    def begins(self, element: Element) -> bool:
        """Whether a gateway or receive task begins new instances."""
        return element.instantiate and not self.sources.get(element.id)

    def _without_a_way_in(self, scope: Scope) -> list[str]:
        """Where there is no start event, tokens begin at everything that no flow leads to (10.5.2, 13.2)."""
        return [e.id for e in scope.elements if not self._has_a_way_in(e)]

    def _has_a_way_in(self, element: Element) -> bool:
        linked = element.tag == "intermediateCatchEvent" and element.trigger == "link"
        apart = element.attached_to or element.event_sub_process or element.for_compensation
        return bool(self.sources.get(element.id) or apart or linked or self.begins(element))

    def _start_of(self, element: Element) -> Element | None:
        scope = self.document.scopes.get(element.id)
        return next((e for e in scope.elements if e.tag == "startEvent"), None) if scope is not None else None

    def _attach(self, elements: Iterable[Element]) -> None:
        ends: dict[str, list[str]] = {}
        for source, target in self.document.associations:
            ends.setdefault(source, []).append(target)
            ends.setdefault(target, []).append(source)
        for element in elements:
            if not element.attached_to:
                continue
            self.boundary.setdefault(element.attached_to, []).append(element.id)
            if element.trigger == "compensate":
                flows = [flow.target for flow in self.outgoing.get(element.id, ())]
                named = [end for end in (*ends.get(element.id, ()), *flows) if end in self.document.elements]
                if named:
                    self.handlers[element.attached_to] = named[0]

    def _leads(self, elements: Iterable[Element]) -> dict[str, tuple[str, ...]]:
        leads: dict[str, tuple[str, ...]] = {}
        for element in elements:
            if element.attached_to:
                leads[element.id] = (element.attached_to,)
            target = self.follows(element) if element.tag == "intermediateThrowEvent" else ""
            if target:
                leads[target] = (*leads.get(target, ()), element.id)
        return leads
