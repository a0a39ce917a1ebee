"""One event and all that follows from it among an order's processes, in one transaction.

Every effect of a step is handed to who takes it before the next step begins: a handler of the wiring, a row, or the
instance that called or is called. What follows in an instance waits its turn in `todo`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Max
from django.utils.module_loading import import_string

from audit.actions import record
from audit.actors import Actor
from audit.claims import lock
from audit.reactions import wiring
from audit.writing import update
from processes import engine, queries
from processes.actions.recording import keep_waiting, record_step
from processes.actions.throwing import claim_parked, throw_message, throw_signal
from processes.engine import EngineError
from processes.engine.correlate import waits_for_signal
from processes.migration import settled
from processes.models import Instance, ProcessVersion
from processes.numbering import SPAN, within_order
from processes.outside import outside
from processes.steps import Ended, OpenedTask, ReachedMilestone, Settled

DEEPEST = 20  # called processes inside each other
MOST_STEPS = 10_000
SKIPPABLE = ("scriptTask", "sendTask", "businessRuleTask")  # pass at once unless they are held
RUNNING = Instance.Status.RUNNING
MOVED = ["state", "status", "outcome", "ended_at"]  # of an instance, by a step


@dataclass
class Walk:
    """`at`: instance and element that a handler or step is busy with, for the incident of one that fails.

    used: what the entry lets pass and this walk has passed.
    """

    order: Any
    actor: Actor
    now: datetime
    entry: Instance
    at: tuple[Instance, str] | None = None
    steps: int = 0
    known: dict[int, Instance] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    todo: deque[Callable[[], None]] = field(default_factory=deque)

    def take(self, event: engine.Event) -> None:
        """The event to the instance that the walk began with, and everything that follows."""
        self.known[self.entry.pk] = self.entry
        self._step(self.entry, event)
        self._come_to_rest()

    def arrive(self, effects: Sequence[Any]) -> None:
        """Of an instance that was moved to its version: what it waits for now, and a step where something goes on."""
        self.known[self.entry.pk] = self.entry
        self.at = (self.entry, "")
        graph = queries.graph(self.entry.version_id)
        self._hand_over(self.entry, graph, effects)
        if settled(graph, self.entry.state, self.now, outside(self.now))[0] != self.entry.state:
            self._step(self.entry, engine.Moved())
        self._come_to_rest()

    def cancel(self, instance: Instance, reason: str = "") -> None:
        """End an instance from outside, with all that it called."""
        self.known[instance.pk] = instance
        instance.incidents.filter(resolved_at=None).update(resolved_at=self.now)
        graph = queries.graph(instance.version_id)
        event = engine.Cancelled()
        instance.state, effects = engine.advance(graph, instance.state, event, self.now, outside(self.now))
        instance.ended_at, instance.outcome = self.now, "cancelled"
        instance.cancel()
        instance.save(update_fields=MOVED)
        effects = [effect for effect in effects if not isinstance(effect, engine.Finished)]
        record_step(instance, event, effects, (), self.order, self.actor, self.now, reason)
        self._hand_over(instance, graph, effects)

    def _come_to_rest(self) -> None:
        while self.todo:
            self.todo.popleft()()
        self._let_nothing_more_pass()
        self._use_up()
        self._settle()

    def _step(self, instance: Instance, event: engine.Event) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise EngineError("livelock", "", f"Expected the processes to wait, but they took {MOST_STEPS} steps.")
        self.at = (instance, "")
        held = self._held(instance)
        graph = queries.graph(instance.version_id).holding(held)
        instance.state, effects = engine.advance(graph, instance.state, event, self.now, outside(self.now))
        if instance.state.get("counter", 0) >= SPAN:
            raise EngineError("too_long", "", f"Expected at most {SPAN:,} tasks, timers and scopes in one instance.")
        self._close(instance, effects)
        update(instance, MOVED)
        record_step(instance, event, effects, held, self.order, self.actor, self.now)
        self._hand_over(instance, graph, effects)

    def _close(self, instance: Instance, effects: Sequence[Any]) -> None:
        for effect in effects:
            if isinstance(effect, (engine.Finished, engine.Failed)):
                instance.complete()
                instance.outcome = effect.outcome if isinstance(effect, engine.Finished) else "failed"
                instance.ended_at = self.now

    def _hand_over(self, instance: Instance, graph: engine.Graph, effects: Sequence[Any]) -> None:
        keep_waiting(effects, instance, self.now)
        for effect in effects:
            take = TAKERS.get(type(effect))
            if take is not None:
                self.at = (instance, getattr(effect, "node", ""))
                take(self, instance, graph, effect)

    # tasks, milestones, the end

    def _open(self, instance: Instance, graph: engine.Graph, effect: engine.OpenTask) -> None:
        node = graph.nodes[effect.node]
        passed = self._passed(instance, effect.node)
        if passed is None:
            if node.element in SKIPPABLE:
                raise EngineError("unknown_task", node.id, f"Expected {node.id} to pass at once, but it waits.")
            passed = _handler(node)(self._opened(instance, node, effect.task))
        if passed is not None:
            self.todo.append(partial(self._pass, instance, effect.task, passed))

    def _call_off(self, instance: Instance, graph: engine.Graph, effect: engine.CancelTask) -> None:
        node = graph.nodes[effect.node]
        if node.element not in SKIPPABLE:
            _handler(node, "cancel")(self._opened(instance, node, effect.task))

    def _opened(self, instance: Instance, node: engine.Node, task: int) -> OpenedTask:
        if self.order is None and (node.element, _kind(node)) not in wiring().WITHOUT_ORDER:
            raise EngineError("no_order", node.id, f"Expected an order for the work at {node.id}, but there is none.")
        return OpenedTask(instance, self.order, within_order(instance, task), node, self.actor, self.now)

    def _pass(self, instance: Instance, task: int, variables: Mapping[str, Any]) -> None:
        graph = queries.graph(instance.version_id)
        if instance.status == RUNNING and task in graph.open_tasks(instance.state):
            self._step(instance, engine.TaskCompleted(task, dict(variables)))

    def _reach(self, instance: Instance, graph: engine.Graph, effect: engine.ReachMilestone) -> None:
        if self.order is not None:
            taker("milestone")(ReachedMilestone(self.order, effect.key, effect.node, self.actor, self.now))

    def _end(self, instance: Instance, graph: engine.Graph, effect: engine.Finished) -> None:
        if instance.parent_id:
            variables = dict(instance.state.get("variables", {}))
            self._tell_caller(instance, engine.CalledCompleted(instance.call, variables, effect.outcome))
        elif self.order is not None:
            taker("finished")(Ended(self.order, effect.outcome, self.actor, self.now))

    def _settle(self) -> None:
        """Say whose turn it is, once everything has come to rest."""
        root = self._instance(self.entry.root_key)
        if self.order is None or root.status != RUNNING:
            return
        running = [root]
        if root is not self.entry or queries.graph(root.version_id).open_calls(root.state):
            running = list(queries.family(root).filter(status=RUNNING))
        graphs = [(queries.graph(one.version_id), one.state) for one in running]
        kinds = {_kind(graph.nodes[node]) for graph, state in graphs for node in graph.open_tasks(state).values()}
        taker("settled")(Settled(self.order, kinds == {"client"}, self.actor, self.now))

    # called processes

    def _call(self, instance: Instance, graph: engine.Graph, effect: engine.CallProcess) -> None:
        passed = self._passed(instance, effect.node)
        if passed is not None:
            done = engine.CalledCompleted(effect.call, dict(passed))
            self.todo.append(partial(self._follow, instance, done))
        else:
            self.todo.append(partial(self._start_called, instance, effect))

    def _start_called(self, caller: Instance, effect: engine.CallProcess) -> None:
        if not self._awaits(caller, effect.call):
            return
        self.at = (caller, effect.node)
        called = self._new_called(caller, effect)
        data = {"model": effect.process, "version": called.version.number, "parent": caller.pk, "call": effect.call}
        subject = called.ledger_subject
        record(
            "processes.instance.started", subject=subject, order=self.order, actor=self.actor, now=self.now, data=data
        )
        self._step(called, engine.Started(dict(effect.variables), called=True))

    def _new_called(self, caller: Instance, effect: engine.CallProcess) -> Instance:
        if self._depth(caller) >= DEEPEST:
            message = f"Expected at most {DEEPEST} processes called inside each other, but {effect.node} calls another."
            raise EngineError("calls_too_deep", effect.node, message)
        try:
            version = queries.version_in_force(effect.process)
        except ProcessVersion.DoesNotExist:
            message = f'Expected a process "{effect.process}" in force for {effect.node}, but there is none.'
            raise EngineError("bad_call", effect.node, message) from None
        last = Instance.objects.filter(root=caller.root_key).aggregate(last=Max("serial"))["last"] or 0
        called = Instance(version=version, subject=caller.subject, parent=caller, call=effect.call, state={})
        called.root_id, called.serial, called.started_at = caller.root_key, last + 1, self.now
        called.save()
        self.known[called.pk] = called
        return called

    def _depth(self, instance: Instance) -> int:
        depth, above = 1, instance.parent_id
        while above and depth <= DEEPEST:
            depth, above = depth + 1, self._instance(above).parent_id
        return depth

    def _cancel_called(self, instance: Instance, graph: engine.Graph, effect: engine.CancelCalled) -> None:
        key = Instance.objects.filter(parent=instance, call=effect.call).values_list("pk", flat=True).first()
        called = self._instance(key) if key else None
        if called is not None and called.status in (RUNNING, Instance.Status.ERROR):
            self.cancel(called)

    def _fail(self, instance: Instance, graph: engine.Graph, effect: engine.Failed) -> None:
        self._tell_caller(instance, engine.CalledFailed(instance.call, effect.code, effect.message))

    def _escalate(self, instance: Instance, graph: engine.Graph, effect: engine.Escalated) -> None:
        if instance.parent_id:
            self._tell_caller(instance, engine.CalledEscalated(instance.call, effect.code))

    def _tell_caller(self, instance: Instance, event: Any) -> None:
        caller = self._instance(instance.parent_id or 0)
        self.todo.append(partial(self._follow, caller, event))

    def _follow(self, caller: Instance, event: Any) -> None:
        if self._awaits(caller, event.call):
            self._step(caller, event)

    def _awaits(self, caller: Instance, call: int) -> bool:
        return caller.status == RUNNING and call in queries.graph(caller.version_id).open_calls(caller.state)

    def _instance(self, key: int) -> Instance:
        if key not in self.known:
            self.known[key] = lock(Instance.objects.filter(pk=key)).get()
        return self.known[key]

    # messages and signals

    def _subscribe(self, instance: Instance, graph: engine.Graph, effect: engine.Subscribe) -> None:
        if effect.kind == "message":
            self.todo.append(partial(self._claim_parked, instance, effect))

    def _claim_parked(self, instance: Instance, effect: engine.Subscribe) -> None:
        waits = queries.graph(instance.version_id).open_waits(instance.state)
        if instance.status != RUNNING or effect.subscription not in waits:
            return
        message = claim_parked(instance, effect, self.order, self.actor, self.now)
        if message is not None:
            self._step(instance, engine.MessageArrived(effect.subscription, message.payload))

    def _throw_message(self, instance: Instance, graph: engine.Graph, effect: engine.ThrowMessage) -> None:
        throw_message(instance, effect, self.order, self.actor, self.now)

    def _throw_signal(self, instance: Instance, graph: engine.Graph, effect: engine.ThrowSignal) -> None:
        for key in throw_signal(instance, effect, self.order, self.actor, self.now):
            self.todo.append(partial(self._signal, key, engine.SignalArrived(effect.name, effect.variables)))

    def _signal(self, key: int, event: engine.SignalArrived) -> None:
        relative = self._instance(key)
        if relative.status == RUNNING and waits_for_signal(relative.state, event.name):
            self._step(relative, event)

    # what a person lets pass

    def _held(self, instance: Instance) -> tuple[str, ...]:
        if not self.entry.passing:
            return ()
        prefix = f"{instance.version_id}/"
        names = [key.removeprefix(prefix) for key in self.entry.passing if key.startswith(prefix)]
        nodes = queries.graph(instance.version_id).nodes
        return tuple(name for name in names if name in nodes and nodes[name].element in SKIPPABLE)

    def _passed(self, instance: Instance, node: str) -> Mapping[str, Any] | None:
        if not self.entry.passing:
            return None
        key = f"{instance.version_id}/{node}"
        passed = self.entry.passing.get(key)
        if passed is None:
            return None
        self.used.add(key)
        if queries.graph(instance.version_id).nodes[node].loop is None:
            self._use_up()
        variables: Mapping[str, Any] = passed["variables"]
        return variables

    def _let_nothing_more_pass(self) -> None:
        """What was let pass is for the step that failed: once that was taken, nothing passes on another way, later."""
        if self.entry.passing:
            still_open = queries.graph(self.entry.version_id).open_tasks(self.entry.state)
            self.used |= {key for key, held in self.entry.passing.items() if held["task"] not in still_open}

    def _use_up(self) -> None:
        """What was let pass has passed; a repeated activity only at the walk's end: each of its instances may."""
        if self.used:
            self.entry.passing = {key: held for key, held in self.entry.passing.items() if key not in self.used}
            self.entry.save(update_fields=["passing"])
            self.used.clear()


TAKERS: dict[type, Callable[[Walk, Instance, engine.Graph, Any], None]] = {
    engine.OpenTask: Walk._open,
    engine.CancelTask: Walk._call_off,
    engine.ReachMilestone: Walk._reach,
    engine.Finished: Walk._end,
    engine.CallProcess: Walk._call,
    engine.CancelCalled: Walk._cancel_called,
    engine.Failed: Walk._fail,
    engine.Escalated: Walk._escalate,
    engine.Subscribe: Walk._subscribe,
    engine.ThrowMessage: Walk._throw_message,
    engine.ThrowSignal: Walk._throw_signal,
}


def taker(name: str) -> Any:
    """Who takes an effect that is not a task."""
    return import_string(wiring().ENGINE[name])


def _handler(node: engine.Node, *more: str) -> Any:
    return import_string(wiring().HANDLERS[(node.element, _kind(node), *more)])


def _kind(node: engine.Node) -> str:
    return node.kind or "work"
