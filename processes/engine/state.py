"""An instance's state: a small JSON value outside, named fields inside.

Everything that runs or waits has a number of one common counter. What stands inside what:

- A *scope* holds tokens and may hold variables: the instance itself (0), a run of a sub-process or event sub-process,
  and the shells that repetition, mappings and compensation put around an activity (`kind`).
- A *task* is one token on one activity or event-based gateway, in a scope.
- A *timer* or *wait* (message, signal, condition) has a holder: the scope in which its event stands, the task or scope
  that its boundary event watches, the scope whose event sub-process it starts, or the event-based gateway's number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Joins = dict[str, dict[str, int]]
Variables = dict[str, Any]
ROOT = 0
FLOW, SHELL, MANY, LOOP, UNDO = "", "shell", "many", "loop", "undo"
NOTHING: Mapping[str, Any] = {}


_new = tuple.__new__  # a row that has all its parts, without asking for their names


class Place(NamedTuple):
    """A task: the node it stands on and the scope it is in."""

    node: str
    scope: int


class Timer(NamedTuple):
    """holder: see above; left: times it still comes after this one (-1: for ever), `every` after `due`."""

    node: str
    holder: int
    left: int = 0
    every: str = ""
    due: str = ""


class Wait(NamedTuple):
    """kind: message, signal or condition; name: of the message or signal; keys: what the message must say;
    held: the condition was true when last looked at."""

    node: str
    holder: int
    kind: str
    name: str = ""
    keys: Mapping[str, Any] = {}
    held: bool = False


class Done(NamedTuple):
    """A completed activity that can be compensated: its own variables then, and what was done inside it."""

    node: str
    variables: Variables
    inner: list[Any]


@dataclass(slots=True)
class ScopeState:
    """node: the activity ("" for the instance); live: its tokens; joins: tokens that wait by gateway and flow.

    kind: FLOW holds tokens that follow flows, SHELL one run of an activity with variables of its own, MANY and LOOP
    the shells of a repeated activity, UNDO the handlers of a compensation. done: see Done; more: of its kind.
    """

    node: str = ""
    parent: int = -1
    live: int = 0
    joins: Joins = field(default_factory=dict)
    kind: str = FLOW
    variables: Variables = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    def dump(self) -> list[Any]:
        """As JSON."""
        row: list[Any] = [self.node, self.parent, self.live, self.joins]
        if not (self.kind or self.variables or self.done or self.more):
            return row
        done = [list(one) for one in self.done]
        rest = {"kind": self.kind, "variables": self.variables, "done": done, "more": self.more}
        return [*row, {name: part for name, part in rest.items() if part}]


@dataclass(slots=True)
class State:
    """tasks, timers and waits by number; scopes by number; called: another instance waits for this one's end."""

    counter: int = 0
    variables: Variables = field(default_factory=dict)
    tasks: dict[int, Place] = field(default_factory=dict)
    timers: dict[int, Timer] = field(default_factory=dict)
    waits: dict[int, Wait] = field(default_factory=dict)
    scopes: dict[int, ScopeState] = field(default_factory=dict)
    called: bool = False
    outcome: str = ""
    finished: bool = False

    @classmethod
    def load(cls, state: Mapping[str, Any]) -> State:
        """From JSON, without sharing anything that a step changes. `guards`: boundary timers of the first release."""
        get = state.get  # most parts of most states are empty and left out
        timers = get("timers")
        if guards := get("guards"):
            timers = {**guards, **(timers or {})}
        return cls(
            get("counter", 0),
            dict(get("variables", NOTHING)),
            {int(number): _new(Place, row) for number, row in get("tasks", NOTHING).items()},
            {int(number): Timer(*row) for number, row in timers.items()} if timers else {},
            {int(number): Wait(*row) for number, row in state["waits"].items()} if "waits" in state else {},
            {int(number): _load_scope(row) for number, row in get("scopes", NOTHING).items()},
            get("called", False),
            get("outcome", ""),
            get("finished", False),
        )

    def dump(self) -> dict[str, Any]:
        """As JSON; empty parts are left out."""
        dumped: dict[str, Any] = {"counter": self.counter}
        if self.variables:
            dumped["variables"] = self.variables
        if self.tasks:
            dumped["tasks"] = {str(number): list(place) for number, place in self.tasks.items()}
        if self.timers:
            dumped["timers"] = {str(number): _dump_timer(timer) for number, timer in self.timers.items()}
        if self.waits:
            dumped["waits"] = {str(number): _dump_wait(wait) for number, wait in self.waits.items()}
        if self.scopes:
            dumped["scopes"] = {str(number): scope.dump() for number, scope in self.scopes.items()}
        if self.called:
            dumped["called"] = True
        if self.outcome:
            dumped["outcome"] = self.outcome
        if self.finished:
            dumped["finished"] = True
        return dumped

    def waiting(self) -> list[Timer | Wait]:
        """All timers and waits."""
        return [*self.timers.values(), *self.waits.values()]

    def seen(self, scope: int) -> Variables:
        """All variables that a scope sees, inner ones before outer ones of the same name; not to be changed."""
        around = self._around(scope)
        if not around:
            return self.variables
        seen = dict(self.variables)
        for held in around:
            seen.update(held.variables)
            seen.update(_counters(held) if held.kind in (MANY, LOOP) else {})
        return seen

    def kept(self, scope: int) -> Variables:
        """What a scope sees but for the counters of repetitions, which nobody wrote."""
        kept = dict(self.variables)
        for held in self._around(scope):
            kept.update(held.variables)
        return kept

    def _around(self, scope: int) -> list[ScopeState]:
        """The scopes with something of their own to see, from the outermost to this one."""
        inner: list[ScopeState] = []
        while scope > 0:
            held = self.scopes[scope]
            if held.variables or held.kind in (MANY, LOOP):
                inner.append(held)
            scope = held.parent
        return inner[::-1]

    def number(self) -> int:
        """The next number."""
        self.counter += 1
        return self.counter


def _dump_timer(timer: Timer) -> list[Any]:
    return list(timer) if timer.every else [timer.node, timer.holder]


def _dump_wait(wait: Wait) -> list[Any]:
    row = [wait.node, wait.holder, wait.kind, wait.name, wait.keys, wait.held]
    return row if wait.held else row[:5] if wait.keys else row[:4]


def _load_scope(row: list[Any]) -> ScopeState:
    node, parent, live, joins = row[:4]
    joins = {gateway: dict(counts) for gateway, counts in joins.items()} if joins else {}
    if len(row) == 4:
        return ScopeState(node, parent, live, joins)
    given = row[4]
    return ScopeState(
        node,
        parent,
        live,
        joins,
        given.get("kind", FLOW),
        dict(given.get("variables", {})),
        [Done(*done) for done in given.get("done", ())],
        {name: list(part) if isinstance(part, list) else part for name, part in given.get("more", {}).items()},
    )


def _counters(scope: ScopeState) -> dict[str, int]:
    """How many instances of a repeated activity there are, are open and are done, by both customary names."""
    total, begun, done = (scope.more.get(name, 0) for name in ("total", "begun", "ended"))
    counts = {"Instances": total, "ActiveInstances": begun - done, "CompletedInstances": done}
    standard = {f"numberOf{name}": count for name, count in counts.items()}
    return {**standard, "numberOfTerminatedInstances": 0, **{f"nrOf{name}": count for name, count in counts.items()}}
