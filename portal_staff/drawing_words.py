"""A drawing in words: every element with what it is, who does it and what follows, in the order of the flow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from portal_staff.vocabulary import Vocabulary
from processes.engine import Document, Node
from processes.engine.document import GATEWAYS, SUB_PROCESSES, Element, Flow, Frame, Process
from ui.words import is_chinese

MOST_STEPS = 500  # rows of a page; a file may hold 20,000 elements
DAYS = re.compile(r"P(\d{1,4})D")
Thing = Element | Flow | Frame | Process
TAGS: Mapping[str, str | Promise] = {
    "task": gettext_lazy("Task"),
    "userTask": gettext_lazy("Task of a person"),
    "manualTask": gettext_lazy("Task by hand"),
    "serviceTask": gettext_lazy("Task of a connected system"),
    "scriptTask": gettext_lazy("Calculation"),
    "sendTask": gettext_lazy("Sends a message"),
    "receiveTask": gettext_lazy("Waits for a message"),
    "businessRuleTask": gettext_lazy("Decided by a table"),
    "callActivity": gettext_lazy("Another process"),
    "subProcess": gettext_lazy("Part with steps of its own"),
    "transaction": gettext_lazy("Part that is done as a whole"),
    "adHocSubProcess": gettext_lazy("Part without an order"),
    "exclusiveGateway": gettext_lazy("Fork: one way of several"),
    "inclusiveGateway": gettext_lazy("Fork: one way or more"),
    "parallelGateway": gettext_lazy("Fork: all ways at once"),
    "eventBasedGateway": gettext_lazy("Fork: whatever comes first"),
    "complexGateway": gettext_lazy("Fork with a rule of its own"),
    "startEvent": pgettext_lazy("element", "Start"),
    "endEvent": pgettext_lazy("element", "End"),
    "intermediateCatchEvent": pgettext_lazy("element", "Waits"),
    "intermediateThrowEvent": pgettext_lazy("element", "Passes"),
    "boundaryEvent": pgettext_lazy("element", "Meanwhile"),
    "participant": gettext_lazy("Pool"),
    "lane": gettext_lazy("Lane"),
    "sequenceFlow": pgettext_lazy("element", "Line"),
    "process": gettext_lazy("Process"),
}
TRIGGERS: Mapping[str, str | Promise] = {
    "timer": pgettext_lazy("trigger", "time"),
    "message": pgettext_lazy("trigger", "message"),
    "signal": pgettext_lazy("trigger", "signal"),
    "error": pgettext_lazy("trigger", "error"),
    "escalation": pgettext_lazy("trigger", "escalation"),
    "conditional": pgettext_lazy("trigger", "condition"),
    "compensation": pgettext_lazy("trigger", "undoing"),
    "cancel": pgettext_lazy("trigger", "cancellation"),
    "terminate": pgettext_lazy("trigger", "ends everything"),
    "link": pgettext_lazy("trigger", "jump"),
    "multiple": pgettext_lazy("trigger", "several"),
}


KINDS: Mapping[str, str | Promise] = {
    "work": gettext_lazy("An analyst"),
    "client": gettext_lazy("The client"),
    "custodian": gettext_lazy("The custodian"),
    "reconcile": gettext_lazy("The reconciliation"),
    "approval": gettext_lazy("Approval"),
}


def kind_of(node: Node) -> str:
    """What kind of element it is: what it does, what it waits for or causes, who does it."""
    word = _("Part that an event begins") if node.event_sub_process else str(TAGS.get(node.element, node.element))
    if node.trigger in TRIGGERS:
        word = _("%(event)s: %(trigger)s") % {"event": word, "trigger": TRIGGERS[node.trigger]}
    return _("%(kind)s, %(more)s") % {"kind": word, "more": KINDS.get(node.kind, node.kind)} if node.kind else word


def unnamed(kind: str, name: str) -> str:
    """What a thing without a name is called: what it is, with its id."""
    return with_id(str(TAGS.get(kind, kind)), name)


def with_id(said: str, name: str) -> str:
    """Words for a thing with its id, which tells it from others of which the same is said."""
    return _("%(kind)s (%(id)s)") % {"kind": said, "id": name}


def line_between(source: str, target: str) -> str:
    """What a flow without a name is called: the names of its ends."""
    return _("Line from “%(source)s” to “%(target)s”") % {"source": source, "target": target}


@dataclass(frozen=True)
class Way:
    """A line out of an element. how: then, when or otherwise."""

    how: str
    name: str
    condition: str
    target: str


@dataclass(frozen=True)
class Step:
    """A row of the drawing in words. depth: how many parts it lies in; on: the element at whose edge it stands."""

    id: str
    name: str
    what: str
    kind: str
    depth: int
    on: str = ""
    lane: str = ""
    queue: str = ""
    skill: str = ""
    effort: str = ""
    matrix: str = ""
    milestone: str = ""
    ways: list[Way] = field(default_factory=list)


class Words:
    """What a drawing's things are called in the reader's language."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.language = "zh-Hans" if is_chinese(get_language()) else "en"
        self.codes = Vocabulary()
        self.lanes = {member: frame for frame in document.frames for member in frame.members}
        self.leaving: dict[str, list[Flow]] = {}
        for flow in document.flows.values():
            self.leaving.setdefault(flow.source, []).append(flow)

    def steps(self) -> list[Step]:
        """Every element, at most `MOST_STEPS`."""
        found: list[Step] = []
        for process in self.document.processes:
            for element, depth in self._walk(process.id, 0):
                if len(found) == MOST_STEPS:
                    return found
                found.append(self._step(element, depth))
        return found

    def milestones(self) -> list[str]:
        """What the client sees, in the order of the drawing."""
        given = [element.attributes.get("milestone", {}) for element in self.document.elements.values()]
        return list({one["key"]: one.get(self.language) or one["key"] for one in given if one.get("key")}.values())

    def name(self, name: str) -> str:
        """What the thing with this id is called: its label, else what it is with its id."""
        thing = self.find(name)
        if thing is None:
            return name
        if isinstance(thing, Flow) and not thing.label(self.language):
            return line_between(self.name(thing.source), self.name(thing.target))
        label = " ".join(thing.label(self.language).split())
        return label or unnamed(self.kind(thing), name)

    def kind(self, thing: Thing) -> str:
        """What kind of thing it is."""
        tag = "sequenceFlow" if isinstance(thing, Flow) else "process" if isinstance(thing, Process) else thing.tag
        word = str(TAGS.get(tag, tag))
        if tag in GATEWAYS and len(self.leaving.get(thing.id, ())) < 2:
            return _("Ways meet")
        if not isinstance(thing, Element) or thing.trigger not in TRIGGERS:
            return word
        about = {"event": word, "trigger": TRIGGERS[thing.trigger]}
        text = " ".join(thing.triggers[0].text.split()) if len(thing.triggers) == 1 else ""
        if not text:
            return _("%(event)s: %(trigger)s") % about
        return _("%(event)s: %(trigger)s, %(detail)s") % {**about, "detail": self.time(text)}

    def time(self, text: str) -> str:
        """A length of time in words where it is one: days, hours, business days."""
        days = DAYS.fullmatch(text)
        if days:
            return ngettext("%(count)s day", "%(count)s days", int(days[1])) % {"count": days[1]}
        return self.codes.said("duration", text)

    def find(self, name: str) -> Thing | None:
        """The thing with this id."""
        document = self.document
        others: tuple[Thing, ...] = (*document.frames, *document.processes)
        known: Thing | None = document.elements.get(name) or document.flows.get(name)
        return known or next((one for one in others if one.id == name), None)

    def _walk(self, scope: str, depth: int) -> Iterator[tuple[Element, int]]:
        """From the start events along the lines, what hangs at an element after it, then what nothing leads to."""
        elements = {element.id: element for element in self.document.scopes[scope].elements}
        after: dict[str, list[str]] = {}
        for element in elements.values():
            if element.attached_to:
                after.setdefault(element.attached_to, []).append(element.id)
        for name in elements:
            after.setdefault(name, []).extend(flow.target for flow in self.leaving.get(name, ()))
        starts = [element.id for element in elements.values() if element.tag == "startEvent"]
        waiting, seen = [*reversed(elements), *reversed(starts)], set()
        while waiting:
            name = waiting.pop()
            if name in seen or name not in elements:
                continue
            seen.add(name)
            yield elements[name], depth
            if elements[name].tag in SUB_PROCESSES and name in self.document.scopes:
                yield from self._walk(name, depth + 1)
            waiting += reversed(after.get(name, []))

    def _step(self, element: Element, depth: int) -> Step:
        own, lane = element.attributes, self.lanes.get(element.id)
        work, matrix = own.get("work", {}), own.get("approval", {}).get("matrix")
        return Step(
            id=element.id,
            name=self.name(element.id),
            what=self.kind(element),
            kind=element.kind or ("work" if element.tag in ("userTask", "manualTask") else ""),
            depth=min(depth, 4),
            on=self.name(element.attached_to) if element.attached_to else "",
            lane=lane.label(self.language) if lane else "",
            queue=self._said("queue", work.get("queue")),
            skill=self._said("skill", work.get("skill")),
            effort=work.get("effort", ""),
            matrix=self._said("table", matrix),
            milestone=own.get("milestone", {}).get(self.language, ""),
            ways=[self._way(element, flow) for flow in self.leaving.get(element.id, ())],
        )

    def _way(self, element: Element, flow: Flow) -> Way:
        label = " ".join(flow.label(self.language).split())
        how = "otherwise" if element.default == flow.id else "when" if flow.condition or label else "then"
        return Way(how, label, " ".join(flow.condition.split()), self.name(flow.target))

    def _said(self, name: str, code: Any) -> str:
        return self.codes.said(name, code) if code else ""
