"""Several simulated instances that meet: called processes, messages, signals and time pass between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from processes.engine.correlate import exactness, fits, is_alike, seen_at, waits_for_signal
from processes.engine.effects import (
    CallProcess,
    CancelCalled,
    Effect,
    Escalated,
    Failed,
    Finished,
    OpenTask,
    Subscribe,
    ThrowMessage,
    ThrowSignal,
    Unsubscribe,
)
from processes.engine.errors import EngineError
from processes.engine.events import (
    CalledCompleted,
    CalledEscalated,
    CalledFailed,
    Cancelled,
    Event,
    MessageArrived,
    SignalArrived,
    Started,
    TaskCompleted,
    TimerDue,
)
from processes.engine.graph import Graph, Node
from processes.engine.outside import Evaluate, Outside
from processes.engine.patience import Patience
from processes.engine.simulate import Simulation, StepRefused

MAX_EVENTS = 100_000
MAX_CALLS = 100
MAX_BEGUN = 10_000


class World:
    """Deployed processes by id and their instances, oldest first. Service tasks pass at once unless they are held.

    unclaimed: thrown messages that nobody has taken yet; subscribed: what waits for a message, longest first.
    """

    def __init__(
        self,
        graphs: Iterable[Graph],
        outside: Outside,
        now: datetime,
        hold: Collection[str] = (),
        patience: Patience | None = None,
    ) -> None:
        self.hold = frozenset(hold)
        self.graphs = {graph.process: graph.holding(self.hold) for graph in graphs}
        self.patience = patience or Patience()
        self.outside = replace(outside, evaluate=partial(self._evaluate, outside.evaluate), go_on=self.patience.check)
        self.now = now
        self.instances: list[Simulation] = []
        self.unclaimed: list[ThrowMessage] = []
        self.subscribed: dict[tuple[Simulation, int], Subscribe] = {}
        self.todo: deque[Callable[[], None]] = deque()
        self.events = 0

    def start(self, process: str, event: Started, name: str | None = None) -> Simulation:
        """A new instance, run until everything waits."""
        instance = self._new(self.graphs[process], name)
        self.send(instance, event)
        return instance

    def send(self, instance: Simulation, event: Event) -> None:
        """One event to an instance, and everything that follows from it anywhere."""
        self.todo.append(partial(self._take, instance, event))
        self._work()

    def message(self, instance: Simulation, subscription: int, payload: Mapping[str, Any]) -> None:
        """A message reaches a subscription."""
        self.send(instance, MessageArrived(subscription, payload))

    def signal(self, name: str, payload: Mapping[str, Any]) -> None:
        """A signal reaches all that wait for it, and begins what it begins."""
        self._broadcast(None, name, payload)
        self._work()

    def triggers(self, kind: str, name: str = "") -> list[tuple[Graph, Node]]:
        """Deployed start events of a kind, for messages and signals those of a name."""
        found = [(graph, graph.nodes[node]) for graph in self.graphs.values() for node in graph.triggers]
        return [(g, n) for g, n in found if n.event and n.event.kind == kind and (not name or n.event.name == name)]

    def next_due(self) -> tuple[datetime, int, int] | None:
        """The earliest timer: its time, its number and the place of its instance."""
        due = (
            (at, number, place)
            for place, instance in enumerate(self.instances)
            for number, at in (instance.due.items() if instance.runs else ())
        )
        return min(due, default=None)

    def fire(self, place: int, number: int) -> None:
        """A timer is due."""
        instance = self.instances[place]
        instance.due.pop(number)
        self.send(instance, TimerDue(number))

    def cancel(self, instance: Simulation) -> None:
        """End an instance from outside, with all that it called."""
        self.todo.append(partial(self._cancel, instance))
        self._work()

    def children(self, instance: Simulation) -> list[Simulation]:
        """The instances that an instance called."""
        return [one for one in self.instances if one.parent is instance]

    # what follows

    def _new(self, graph: Graph, name: str | None = None) -> Simulation:
        if len(self.instances) >= MAX_BEGUN:
            raise StepRefused(f"Expected at most {MAX_BEGUN:,} instances, but {graph.process} keeps beginning.")
        instance = Simulation(graph, self.outside, name)
        self.instances.append(instance)
        return instance

    def _work(self) -> None:
        """What follows from a step comes first; then messages are delivered, as by the worker of the database."""
        try:
            while self.todo or self._deliver():
                if self.todo:
                    self.todo.popleft()()
        except StepRefused:
            self.todo.clear()
            raise

    def _evaluate(self, evaluate: Evaluate, text: str, variables: Mapping[str, Any], now: datetime) -> Any:
        self.patience.check()
        return evaluate(text, variables, now)

    def _take(self, instance: Simulation, event: Event) -> None:
        if not (instance.runs or isinstance(event, Started)):
            return
        self.patience.check()
        self.events += 1
        if self.events > MAX_EVENTS:
            instance.incident = EngineError("livelock", "", "Expected the instances to wait, but they never stop.")
            return
        for effect in instance.take(event, self.now):
            self._follow(instance, effect)

    def _follow(self, instance: Simulation, effect: Effect) -> None:
        match effect:
            case OpenTask(task, node):
                if instance.graph.nodes[node].element == "serviceTask" and node not in self.hold:
                    self.todo.append(partial(self._pass, instance, task))
            case Subscribe(number, _, "message", _, _):
                self.subscribed[instance, number] = effect
                self.todo.append(partial(self._claim, instance, effect))
            case Unsubscribe(number, _):
                self.subscribed.pop((instance, number), None)
            case ThrowMessage():
                self.unclaimed.append(effect)
            case ThrowSignal(_, name, variables):
                self._broadcast(instance, name, variables)
            case CallProcess():
                self.todo.append(partial(self._call, instance, effect))
            case CancelCalled(call, _):
                for child in self.children(instance):
                    if child.call == call:
                        self.todo.appendleft(partial(self._cancel, child))
            case Finished() | Failed() | Escalated():
                self._report(instance, effect)

    def _pass(self, instance: Simulation, task: int) -> None:
        if task in instance.graph.open_tasks(instance.state):
            self._take(instance, TaskCompleted(task))

    def _call(self, caller: Simulation, effect: CallProcess) -> None:
        if effect.call not in caller.graph.open_calls(caller.state):
            return
        graph, depth, above = self.graphs.get(effect.process), 0, caller.parent
        while above is not None:
            depth, above = depth + 1, above.parent
        if graph is None or depth >= MAX_CALLS:
            known = f'a process "{effect.process}"' if graph is None else f"at most {MAX_CALLS} calls in each other"
            caller.incident = EngineError("bad_call", effect.node, f"Expected {known} for {effect.node}.")
            return
        child = self._new(graph)
        child.parent, child.call = caller, effect.call
        self._take(child, Started(effect.variables, called=True))

    def _report(self, child: Simulation, effect: Effect) -> None:
        """Tell the caller how its called process went."""
        parent, call = child.parent, child.call
        if parent is None or child.cancelled or call not in parent.graph.open_calls(parent.state):
            return
        event: CalledCompleted | CalledFailed | CalledEscalated = CalledCompleted(
            call, child.variables, effect.outcome if isinstance(effect, Finished) else ""
        )
        if isinstance(effect, Failed):
            event = CalledFailed(call, effect.code, effect.message)
        elif isinstance(effect, Escalated):
            event = CalledEscalated(call, effect.code)
        self.todo.append(partial(self._tell, parent, event))

    def _tell(self, caller: Simulation, event: CalledCompleted | CalledFailed | CalledEscalated) -> None:
        """The caller may have given the call up meanwhile: something else of the called process was caught first."""
        if event.call in caller.graph.open_calls(caller.state):
            self._take(caller, event)

    def _cancel(self, instance: Simulation) -> None:
        if instance.runs:
            instance.cancelled = True
            self._take(instance, Cancelled())
        elif instance.incident is not None:
            instance.cancelled, instance.incident = True, None
            for child in self.children(instance):
                self._cancel(child)

    # messages and signals

    def _claim(self, instance: Simulation, wanted: Subscribe) -> None:
        """A message that came before its subscription: one that says just what is asked for before any other."""
        for message in sorted(self.unclaimed, key=lambda one: not is_alike(one.keys, wanted.keys)):
            if self._is_for(message, instance, wanted):
                self._hand(message, instance, wanted.subscription)
                return

    def _deliver(self) -> bool:
        """The first message for which somebody waits, or which begins a process."""
        return any(self._is_taken(message) for message in self.unclaimed)

    def _is_taken(self, message: ThrowMessage) -> bool:
        waiting = [one for one in self.subscribed.items() if one[1].name == message.name]
        for (instance, number), wanted in sorted(waiting, key=lambda one: exactness(one[1].keys)):
            if self._is_for(message, instance, wanted):
                self._hand(message, instance, number)
                return True
        if any(instance.incident and self._fits(message, instance, wanted) for (instance, _), wanted in waiting):
            return False  # it is for one that waits for its repair: nothing else begins with it
        for graph, node in self.triggers("message", message.name)[:1]:
            self._put_away(message)
            self._take(self._new(graph), Started({**message.keys, **message.variables}, at=node.id))
            return True
        return False

    def _is_for(self, message: ThrowMessage, instance: Simulation, wanted: Subscribe) -> bool:
        return instance.runs and self._fits(message, instance, wanted)

    def _fits(self, message: ThrowMessage, instance: Simulation, wanted: Subscribe) -> bool:
        if wanted.name != message.name or (instance, wanted.subscription) not in self.subscribed:
            return False
        return fits(wanted.keys, message.keys, seen_at(instance.graph, instance.state, wanted.subscription))

    def _hand(self, message: ThrowMessage, instance: Simulation, number: int) -> None:
        self._put_away(message)
        self._take(instance, MessageArrived(number, message.variables))

    def _put_away(self, message: ThrowMessage) -> None:
        self.unclaimed = [one for one in self.unclaimed if one is not message]

    def _broadcast(self, sender: Simulation | None, name: str, variables: Mapping[str, Any]) -> None:
        for instance in self.instances:
            if instance is not sender and instance.runs and waits_for_signal(instance.state, name):
                self.todo.append(partial(self._take, instance, SignalArrived(name, variables)))
        for graph, node in self.triggers("signal", name):
            self.todo.append(partial(self._begin, graph, Started(variables, at=node.id)))

    def _begin(self, graph: Graph, event: Started) -> None:
        self._take(self._new(graph), event)
