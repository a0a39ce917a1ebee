"""An instance's state: a small JSON value outside, named fields inside.

Tasks, timers and scopes share one counter for their numbers. A scope is the instance itself (0) or one run of a
sub-process; `live` counts its tokens: those that wait at a task, timer, inner scope or join.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Joins = dict[str, dict[str, int]]
Waiting = dict[int, tuple[str, int]]
ROOT = 0


@dataclass(slots=True)
class ScopeState:
    """node: the sub-process ("" for the instance); joins: tokens waiting by gateway and incoming flow."""

    node: str = ""
    parent: int = -1
    live: int = 0
    joins: Joins = field(default_factory=dict)

    def dump(self) -> list[Any]:
        """As JSON."""
        return [self.node, self.parent, self.live, self.joins]


@dataclass(slots=True)
class State:
    """tasks and timers: number → (node, scope); guards (boundary timers): number → (node, task or scope they watch)."""

    counter: int = 0
    variables: dict[str, Any] = field(default_factory=dict)
    tasks: Waiting = field(default_factory=dict)
    timers: Waiting = field(default_factory=dict)
    guards: Waiting = field(default_factory=dict)
    scopes: dict[int, ScopeState] = field(default_factory=dict)
    outcome: str = ""
    finished: bool = False

    @classmethod
    def load(cls, state: Mapping[str, Any]) -> State:
        """From JSON, without sharing anything that a step changes."""
        return cls(
            counter=state.get("counter", 0),
            variables=dict(state.get("variables", {})),
            tasks=_load_waiting(state.get("tasks", {})),
            timers=_load_waiting(state.get("timers", {})),
            guards=_load_waiting(state.get("guards", {})),
            scopes={int(number): _load_scope(scope) for number, scope in state.get("scopes", {}).items()},
            outcome=state.get("outcome", ""),
            finished=state.get("finished", False),
        )

    def dump(self) -> dict[str, Any]:
        """As JSON; empty parts are left out."""
        parts = {
            "counter": self.counter,
            "variables": self.variables,
            "tasks": _dump_waiting(self.tasks),
            "timers": _dump_waiting(self.timers),
            "guards": _dump_waiting(self.guards),
            "scopes": {str(number): scope.dump() for number, scope in self.scopes.items()},
            "outcome": self.outcome,
            "finished": self.finished,
        }
        return {name: part for name, part in parts.items() if part}

    def number(self) -> int:
        """The next number."""
        self.counter += 1
        return self.counter


def _load_waiting(rows: Mapping[str, Any]) -> Waiting:
    return {int(number): (row[0], row[1]) for number, row in rows.items()}


def _dump_waiting(rows: Waiting) -> dict[str, list[Any]]:
    return {str(number): [node, holder] for number, (node, holder) in rows.items()}


def _load_scope(row: list[Any]) -> ScopeState:
    node, parent, live, joins = row
    return ScopeState(node, parent, live, {gateway: dict(counts) for gateway, counts in joins.items()})
