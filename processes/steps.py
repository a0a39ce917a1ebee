"""What the engine's effects are handed to handlers as; `config/wiring.py` says who takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.actors import Actor
from processes import queries
from processes.engine import Node
from processes.evaluate import evaluate
from processes.models import Instance
from processes.numbering import of_instance


@dataclass(frozen=True)
class OpenedTask:
    """A task that opened, or (for the cancel handlers) one that is not wanted any more.

    task: its number among all tasks of the order, those of called processes included.
    """

    instance: Instance
    order: Any
    task: int
    node: Node
    actor: Actor
    now: datetime

    @property
    def variables(self) -> Mapping[str, Any]:
        """What the task sees: inner variables (of a sub-process, of one of several instances) before outer ones."""
        return queries.seen_by(self.instance, of_instance(self.task)[1])

    def attribute(self, element: str, name: str, default: str = "") -> str:
        """An attribute of one of the node's extension elements, such as ("work", "queue")."""
        return self.node.attributes.get(element, {}).get(name, default)

    @property
    def form(self) -> dict:
        """The JSON Schema that the node names, or an empty one."""
        key = self.attribute("work", "form") or self.attribute("request", "form")
        return queries.forms(self.instance.version_id).get(key, {}) if key else {}

    @property
    def name(self) -> dict[str, str]:
        """The node's name in both languages, numbered where its drawing counts (`number`, FEEL)."""
        asked = self.attribute("work", "number")
        number = evaluate(asked, self.variables, self.now) if asked else None
        counted = "" if number is None else f" ({number})"
        return {"en": self.node.label("en") + counted, "zh-Hans": self.node.label("zh") + counted}


@dataclass(frozen=True)
class ReachedMilestone:
    """A step of the client's line that was reached."""

    order: Any
    key: str
    node: str
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class Ended:
    """The process is over; outcome: completed, rejected or cancelled."""

    order: Any
    outcome: str
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class Settled:
    """All effects of a step are done. waits_for_client: nothing but the client's turn is open."""

    order: Any
    waits_for_client: bool
    actor: Actor
    now: datetime


@dataclass(frozen=True)
class Resumed:
    """What failed runs again."""

    order: Any
    reason: str
    actor: Actor
    now: datetime
