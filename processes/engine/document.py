"""A parsed BPMN file as plain frozen values: what was drawn, whether it can run or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from processes.engine.details import Correlation, Definition, Details, Unread
from processes.engine.picture.scenery import Scenery
from processes.engine.report import Finding
from processes.engine.words import called
from rulebook.said import Named

TASKS = frozenset(
    (
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    )
)
SUB_PROCESSES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
EVENTS = frozenset(
    (
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "implicitThrowEvent",
        "boundaryEvent",
    )
)
GATEWAYS = frozenset(("exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"))
UNCONDITIONED = EVENTS | {"parallelGateway", "eventBasedGateway"}  # no condition stands on the flows out of them
CHOREOGRAPHY = frozenset(("choreographyTask", "subChoreography", "callChoreography"))
FLOW_NODES = ACTIVITIES | EVENTS | GATEWAYS | CHOREOGRAPHY


def in_language(language: str, english: str, chinese: str) -> str:
    """The name in the language, or the other one where it is missing."""
    return (chinese or english) if language.startswith("zh") else (english or chinese)


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event definition. kind: "timer", "message", …; form: "timeDuration", "timeDate", "timeCycle" or "".

    text: time, condition or name of a link; reference: id of the message, signal, error, escalation or activity;
    waits: a compensation event goes on when all is undone; calendar: code of the business calendar of a duration.
    code_variable, message_variable: what gets the code and the message of an error or escalation that is caught.
    """

    kind: str
    form: str
    text: str
    line: int
    reference: str = ""
    language: str = ""
    waits: bool = True
    calendar: str = ""
    code_variable: str = ""
    message_variable: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node. scope: id of the process or sub-process that holds it.

    attributes: our extension elements by name, e.g. {"work": {"queue": "maintenance", "effort": "20"}}.
    reference: id of a send or receive task's message; instantiate: a message to it begins a new instance;
    gateway: eventGatewayType of an event-based gateway.
    """

    id: str
    tag: str
    name: str
    name_zh: str
    line: int
    scope: str
    kind: str
    outcome: str
    attributes: Mapping[str, Mapping[str, str]]
    triggers: tuple[Trigger, ...] = ()
    attached_to: str = ""
    interrupting: bool = True
    default: str = ""
    loop: str = ""
    event_sub_process: bool = False
    for_compensation: bool = False
    reference: str = ""
    instantiate: bool = False
    gateway: str = ""
    details: Details = Details()
    unread: Unread = Unread()

    @property
    def trigger(self) -> str:
        """ "" for none, the kind of its one event definition, or "multiple"."""
        if not self.triggers:
            return ""
        return self.triggers[0].kind if len(self.triggers) == 1 else "multiple"

    def label(self, language: str = "en") -> str:
        """The name in the language, or the one there is, or nothing."""
        return in_language(language, self.name, self.name_zh)

    def called(self) -> str:
        """How messages name it: tag, name and id."""
        return called(self.tag, self.id, Named(self.name, self.name_zh))


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. condition: expression text or "" where it has none; language: as declared on it."""

    id: str
    name: str
    name_zh: str
    source: str
    target: str
    condition: str
    language: str
    line: int
    scope: str
    unread: Unread = Unread()

    def label(self, language: str = "en") -> str:
        """The name in the language, or the one there is, or nothing."""
        return in_language(language, self.name, self.name_zh)


@dataclass(frozen=True, slots=True)
class Scope:
    """The content of a process or sub-process, in document order. data: variables that its data objects and properties
    stand for."""

    id: str
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]
    data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the file. executable: what its isExecutable says (None where absent)."""

    id: str
    name: str
    name_zh: str
    line: int
    executable: bool | None
    unread: Unread = Unread()

    def label(self, language: str = "en") -> str:
        """The name in the language, or the one there is, or nothing."""
        return in_language(language, self.name, self.name_zh)


@dataclass(frozen=True, slots=True)
class Frame:
    """A pool or lane: shown as a frame; a lane's name is a role."""

    id: str
    tag: str
    name: str
    name_zh: str
    line: int
    members: tuple[str, ...] = ()

    def label(self, language: str = "en") -> str:
        """The name in the language, or the one there is, or nothing."""
        return in_language(language, self.name, self.name_zh)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in diagram units; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def meets(self, other: Bounds) -> bool:
        """Whether the two have more than an edge in common."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        return not beside and self.y < other.y + other.height and other.y < self.y + self.height


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where things stand: by element or flow id."""

    shapes: Mapping[str, Bounds]
    edges: Mapping[str, tuple[Point, ...]]
    labels: Mapping[str, Bounds]
    collapsed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """One file. errors and warnings: broken ids and references found while reading; counts: of each BPMN element.

    definitions: messages, signals, errors and escalations by id; associations: (source, target) ids;
    correlations: what messages of a process are recognised by, by process id.
    """

    file: str
    processes: tuple[Process, ...]
    scopes: Mapping[str, Scope]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    frames: tuple[Frame, ...]
    drawing: Drawing
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    counts: Mapping[str, int]
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    associations: tuple[tuple[str, str], ...] = ()
    scenery: Scenery = Scenery()
    correlations: Mapping[str, tuple[Correlation, ...]] = field(default_factory=dict)

    def runnable(self) -> tuple[Process, ...]:
        """The processes marked executable, or all that hold something where none is marked."""
        marked = tuple(process for process in self.processes if process.executable)
        return marked or tuple(process for process in self.processes if self.scopes[process.id].elements)

    def governing(self, key: str) -> Document:
        """As it is published under a key: of several processes that run the one whose id is the key, where there is
        one; the others are what stands beside it."""
        several = {process.id for process in self.runnable()}
        if len(several) < 2 or key not in several:
            return self
        chosen = (replace(one, executable=one.id == key) if one.id in several else one for one in self.processes)
        return replace(self, processes=tuple(chosen))

    def inside(self, scope_id: str) -> tuple[Scope, ...]:
        """The scope and every sub-process in it, outer first."""
        found = [self.scopes[scope_id]]
        for scope in found:
            found.extend(self.scopes[element.id] for element in scope.elements if element.id in self.scopes)
        return tuple(found)
