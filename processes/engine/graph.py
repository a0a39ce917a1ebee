"""The compiled model: immutable, everything a step needs is one look-up away from the node it stands on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from processes.engine.document import Flow, in_language
from processes.engine.errors import EngineError
from processes.engine.rules import Assigned, CallRule, Content, DecideRule, EventRule, LoopRule
from processes.engine.state import Place, State, Wait
from processes.engine.timers import TimerRule

if TYPE_CHECKING:
    from processes.engine.elements.behaviour import Behaviour

WORKED = frozenset(("eventBasedGateway", "callActivity"))  # tasks of the state that nobody completes by hand

HOLDABLE = frozenset(("scriptTask", "sendTask", "businessRuleTask"))


@dataclass(frozen=True, slots=True)
class MilestoneDef:
    """A step that the client sees; `en` and `zh` are its names."""

    key: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. element: BPMN tag; kind: `tl:kind`; attributes: our extension elements by name, each a mapping
    ({"work": {"queue": "maintenance", "effort": "20"}, "milestone": {…}}), all values as text.

    number: its place in the model; scope: id of what holds it; incoming: how many flows lead to it; boundary: ids of
    the events on it, those that wait in `watching`; handler: what compensates it; follows: a link's other end, or the
    event sub-process that a start event begins; held: the caller completes it although it could pass at once;
    milestone: key of the client's step that it reaches; chooses: its flows have conditions or one is the default.
    """

    id: str
    element: str
    name: str
    name_zh: str
    kind: str
    attributes: Mapping[str, Mapping[str, str]]
    line: int
    outcome: str
    trigger: str
    interrupting: bool
    incoming: int
    outgoing: tuple[Flow, ...]
    default: str
    boundary: tuple[str, ...]
    behaviour: Behaviour
    number: int
    scope: str
    watching: tuple[str, ...] = ()
    event: EventRule | None = None
    content: Content | None = None
    handler: str = ""
    follows: str = ""
    loop: LoopRule | None = None
    inputs: Assigned = ()
    outputs: Assigned = ()
    script: Assigned = ()
    keys: Assigned = ()
    payload: Assigned = ()
    call: CallRule | None = None
    decide: DecideRule | None = None
    held: bool = False
    event_sub_process: bool = False
    milestone: str = ""
    chooses: bool = True

    def label(self, language: str = "en") -> str:
        """The name in the language, or the one there is, or nothing."""
        return in_language(language, self.name, self.name_zh)

    @property
    def timer(self) -> TimerRule:
        """The time that its event waits for; one that never comes where there is none."""
        return (self.event.timer if self.event else None) or TimerRule("timeDuration", "")


@dataclass(frozen=True, slots=True)
class Graph:
    """One executable process. start: the first node at which it begins; content: all that begins with it;
    triggers: start events (and receiving nodes) that begin a new instance when their message, signal or time comes.

    sources: ids of the flows into a node; leads: nodes from which a token comes to a node otherwise (the host of a
    boundary event, the throwing end of a link, an event-based gateway); upstream: nodes from which a flow into an
    inclusive gateway can be reached, as bits, filled when first needed.
    """

    process: str
    name: str
    start: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    milestones: tuple[MilestoneDef, ...]
    content: Content = Content()
    triggers: tuple[str, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    upstream: dict[str, int] = field(default_factory=dict, compare=False, repr=False)
    _before: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def holding(self, names: Collection[str]) -> Graph:
        """The same process, in which these script, send and business-rule tasks wait to be completed."""
        held = {name: replace(self.nodes[name], held=True) for name in names if name in self.nodes}
        held = {name: node for name, node in held.items() if node.element in HOLDABLE}
        return replace(self, nodes=MappingProxyType({**self.nodes, **held}), upstream={}) if held else self

    def before(self, node: str) -> tuple[str, ...]:
        """Nodes from which a token may come to a node in one step; reckoned once."""
        if node not in self._before:
            sources = (self.flows[flow].source for flow in self.sources.get(node, ()))
            self._before[node] = (*sources, *self.leads.get(node, ()))
        return self._before[node]

    def task(self, state: Mapping[str, Any], task_no: int) -> str:
        """Element id of an open task. Raises EngineError(unknown_task)."""
        tasks = self.open_tasks(state)
        if task_no not in tasks:
            raise EngineError("unknown_task", "", f"Expected an open task, but task {task_no} is not open.")
        return tasks[task_no]

    def open_tasks(self, state: Mapping[str, Any]) -> dict[int, str]:
        """Element id by number of every task that TaskCompleted may complete, in the order of opening."""
        rows = sorted((int(number), row[0]) for number, row in state.get("tasks", {}).items())
        return {number: node for number, node in rows if self.nodes[node].element not in WORKED}

    def open_calls(self, state: Mapping[str, Any]) -> dict[int, str]:
        """Element id by number of every call activity whose called process runs."""
        rows = sorted((int(number), row[0]) for number, row in state.get("tasks", {}).items())
        return {number: node for number, node in rows if self.nodes[node].element == "callActivity"}

    def open_joins(self, state: Mapping[str, Any]) -> list[str]:
        """Ids of the gateways at which tokens wait for those of other ways, in order."""
        scopes = State.load(state).scopes.values()
        return sorted({gateway for scope in scopes for gateway, counts in scope.joins.items() if counts})

    def open_timers(self, state: Mapping[str, Any]) -> dict[int, str]:
        """Element id by number of every timer that runs, boundary timers included."""
        held = State.load(state)
        return {number: held.timers[number].node for number in sorted(held.timers)}

    def open_waits(self, state: Mapping[str, Any]) -> dict[int, Wait]:
        """By number what waits for a message, a signal or a condition."""
        return dict(sorted(State.load(state).waits.items()))

    def places(self, state: Mapping[str, Any]) -> dict[int, Place]:
        """Node and scope by number of every task, call and event-based gateway."""
        return State.load(state).tasks

    def active_nodes(self, state: Mapping[str, Any]) -> frozenset[str]:
        """Element ids on which a token stands: tasks, events, sub-processes, and gateways that wait for others."""
        held = State.load(state)
        standing = [place.node for place in held.tasks.values()]
        standing.extend(one.node for one in held.waiting() if self.nodes[one.node].element == "intermediateCatchEvent")
        standing.extend(scope.node for scope in held.scopes.values() if scope.node)
        standing.extend(gateway for scope in held.scopes.values() for gateway in scope.joins)
        return frozenset(standing)
