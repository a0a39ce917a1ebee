"""A compiled model by one call, an instance that is stepped by hand, and a tiny expression language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from processes.engine import Effect, Event, Graph, Started, TaskCompleted, TimerDue, advance, compile_graph, parse

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COMPARISON = re.compile(r"(\w+) (=|>|<) (\w+)")


def evaluate(text: str, variables: Mapping[str, Any], now: datetime = NOON) -> Any:
    """true, false, null, a text in quotes, a variable, or `name = word`, `name > number`, `name < number`."""
    if match := COMPARISON.fullmatch(text):
        name, operator, word = match.groups()
        value = variables.get(name)
        if operator == "=":
            return str(value) == word
        return None if value is None else (value > int(word) if operator == ">" else value < int(word))
    if re.fullmatch(r'"[^"]*"', text):
        return text[1:-1]
    if re.fullmatch(r"\w+", text):
        return {"true": True, "false": False, "null": None}.get(text, variables.get(text))
    raise ValueError(f"cannot read {text!r}")


class Walk:
    """One instance: every step goes through JSON, as it does in the database."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.state: dict[str, Any] = {}
        self.effects: list[Effect] = []
        self.now = NOON

    def send(self, event: Event) -> list[str]:
        """The effects of one event as short words."""
        state, self.effects = advance(self.graph, self.state, event, self.now, evaluate)
        self.state = json.loads(json.dumps(state))
        return [spell(effect) for effect in self.effects]

    def start(self, **variables: Any) -> list[str]:
        return self.send(Started(variables))

    def complete(self, node: str, **variables: Any) -> list[str]:
        number = next(number for number, open_node in self.tasks.items() if open_node == node)
        return self.send(TaskCompleted(number, variables))

    def fire(self, node: str, after: timedelta = timedelta()) -> list[str]:
        self.now += after
        timers = self.graph.open_timers(self.state)
        return self.send(TimerDue(next(number for number, waiting in timers.items() if waiting == node)))

    @property
    def tasks(self) -> dict[int, str]:
        return self.graph.open_tasks(self.state)

    @property
    def active(self) -> list[str]:
        return sorted(self.tasks.values())

    @property
    def timers(self) -> list[str]:
        return sorted(self.graph.open_timers(self.state).values())


def spell(effect: Effect) -> str:
    """OpenTask(1, "check") as "OpenTask check", Finished("completed") as "Finished completed"."""
    what = getattr(effect, "key", None) or getattr(effect, "node", None) or getattr(effect, "outcome", "")
    return f"{type(effect).__name__} {what}"


@pytest.fixture
def walk():
    """walk(data) compiles a model and gives an instance that has not started."""

    def build(data: bytes, process: str | None = None) -> Walk:
        return Walk(compile_graph(parse(data, file="test.bpmn"), process))

    return build
