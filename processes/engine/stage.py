"""The world of a steps file: its instances by name, and the events that begin more of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.engine.clock import Clock
from processes.engine.events import Started
from processes.engine.graph import Graph, Node
from processes.engine.outside import Outside
from processes.engine.patience import Patience
from processes.engine.simulate import Simulation, StepRefused
from processes.engine.world import World

WORKING = frozenset(("complete", "throw_error", "escalate", "cancel"))


@dataclass(slots=True)
class Stage:
    """main: the process that the file is about; waits: it begins only when one of its start events happens."""

    main: str
    world: World
    clock: Clock
    waits: bool = False
    variables: dict[str, Any] = field(default_factory=dict)

    def named(self, step: Mapping[str, Any]) -> list[Simulation]:
        """The instance that a step names with all that it called, or all instances."""
        if "instance" not in step:
            return self.world.instances
        return [one for one in self.world.instances if one.root.name == step["instance"]]

    def roots(self, step: Mapping[str, Any]) -> list[Simulation]:
        """The instances of the main process that a step is about."""
        own = [one for one in self.named(step) if one.parent is None]
        return [one for one in own if one.graph.process == self.main] or own

    def statuses(self, step: Mapping[str, Any]) -> list[str]:
        """Status of each of them; an incident in what it called is its own."""
        return [self.status_of(one) for one in self.roots(step)] or ["running"]

    def status_of(self, instance: Simulation) -> str:
        """Status of an instance with what it called."""
        family = [one for one in self.world.instances if one.root is instance]
        return "error" if any(one.incident for one in family) and not instance.cancelled else instance.status

    def open_starts(self) -> list[tuple[Graph, Node]]:
        """Start events that may begin a new instance."""
        kinds = ("message", "signal", "timer", "conditional")
        return [found for kind in kinds for found in self.world.triggers(kind)]

    def deliver(self, step: Mapping[str, Any]) -> str:
        """A message goes to the one that waits for it, or begins an instance; the answer is why it is refused."""
        name, payload = step["message"], step.get("payload") or step.get("variables") or {}
        keys = dict(step.get("correlation") or {})
        activity = str(keys.pop("activity", "") or step.get("activity") or "")
        found = [(one, number) for one in self.named(step) for number in one.receivers(name, keys, activity)]
        if len(found) == 1:
            self.world.message(*found[0], payload)
            return ""
        if found:
            nodes = ", ".join(one.graph.open_waits(one.state)[number].node for one, number in found)
            return f'Expected one receiver of the message "{name}", but there are {len(found)}: {nodes}.'
        starts = [(g, n) for g, n in self.world.triggers("message", name) if activity in ("", n.id)]
        if len(starts) != 1:
            return f'Expected one receiver of the message "{name}", but there is {len(starts) or "none"}.'
        graph, node = starts[0]
        begun = {**(self.variables if graph.process == self.main else {}), **keys, **payload}
        self.world.start(graph.process, Started(begun, at=node.id), step.get("instance", ""))
        return ""

    def begin_by_condition(self, variables: Mapping[str, Any]) -> bool:
        """Whether a process that waits for a condition has begun with these variables."""
        self.variables.update(variables)
        for graph, node in self.world.triggers("conditional") if self.waits else ():
            if node.event and self._holds(node, node.event.condition):
                self.world.start(graph.process, Started(self.variables, at=node.id), "")
        return self.waits

    def _holds(self, node: Node, condition: str) -> bool:
        try:
            return self.world.outside.evaluate(condition, self.variables, self.world.now) is True
        except Exception as error:  # the evaluator is the caller's
            raise StepRefused(f"The condition of {node.id} failed: {error}") from error


def set_stage(
    graphs: Sequence[Graph], plan: Mapping[str, Any], outside: Outside, now: datetime, patience: Patience
) -> Stage:
    """Begin the instances of a steps file, or wait for what begins them."""
    world = World(graphs, outside, now, plan.get("hold") or (), patience)
    main, common = graphs[0], dict(plan.get("variables") or {})
    instances = plan.get("instances") or {}
    waits = not instances and not _begins_by_itself(main, plan)
    stage = Stage(main.process, world, Clock(world, common), waits, common)
    for graph in graphs[0 if waits else 1 :]:
        for name in graph.triggers:
            if graph.nodes[name].trigger == "timer":
                stage.clock.watch(graph, graph.nodes[name])
    if waits:
        stage.begin_by_condition({})
        return stage
    for name, variables in (instances or {"": {}}).items():
        world.start(main.process, Started({**common, **variables}), name)
    return stage


def _begins_by_itself(graph: Graph, plan: Mapping[str, Any]) -> bool:
    """Without a plain start it waits where the steps bring what begins it before they ask for work."""
    events = [graph.nodes[name].event for name in graph.triggers if name in graph.content.starts or graph.triggers]
    rules = [event for event in events if event is not None]
    if not rules or graph.start not in graph.triggers:
        return True
    kinds, names = {rule.kind for rule in rules}, {rule.name for rule in rules if rule.name}
    for step in plan.get("steps") or ():
        brings = step.get("message") in names or step.get("signal") in names
        brings = brings or ("timer" in kinds and "advance_time" in step)
        brings = brings or ("conditional" in kinds and "set_variables" in step)
        if brings:
            return False
        if WORKING & set(step) or step.get("expect_active") or step.get("expect_waiting"):
            return True
    return True
