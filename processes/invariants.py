"""What must always hold for processes: every step of an instance and of a version is legal and on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from audit.invariants import Checked, bare, checked, member, select
from processes.models import ProcessVersion
from rulebook.invariants import versions_follow_from_entries as versions_of

STARTED, FAILED, RESUMED = "processes.instance.started", "processes.instance.failed", "processes.instance.resumed"
MOVED = "processes.instance.advanced"
ENDS = ("orders.order.completed", "orders.order.rejected", "orders.order.cancelled")
RUNNING, ERROR, COMPLETED, CANCELLED = "running", "error", "completed", "cancelled"
CALL_ENDED = ("CalledCompleted", "CalledFailed")


def instances_follow_from_entries() -> Checked:
    """I2: each step of an instance is legal and on record once; the last ones lead to the row's status.

    The instances of one order fail and resume together, which is one entry. The end of an instance is on record as
    what follows from it in the same action: its order's end, or its caller going on.
    """
    story = _Story({row[0]: _Row(*row) for row in select(ROWS)})
    for entry in _entries():
        story.tell(*entry)
    found: dict[str, list[Any]] = {
        "a step of an instance is not legal, or is on record twice": story.illegal,
        "an instance is not in the status of its last entry": list(story.differs()),
        "an instance's entries have no row": sorted(story.said.keys() - story.rows.keys()),
        "an instance has no entry": sorted(story.rows.keys() - story.said.keys()),
    }
    return checked("I2", len(story.rows), found)


def versions_follow_from_entries() -> Checked:
    """I2: each step of a version of a process is legal and on record once."""
    return versions_of("processes.version", "a version of a process", ProcessVersion, "model_id")


ROWS = "SELECT id, status, subject, parent_id, call, COALESCE(root_id, id) FROM processes_instance"


@dataclass(frozen=True)
class _Row:
    id: int
    status: str
    subject: str
    parent: int | None
    call: int
    root: int


@dataclass
class _Story:
    """What the entries say, read in their order: the status of each instance, and the action of its last step."""

    rows: dict[int, _Row]
    said: dict[int, str] = field(default_factory=dict)
    moved_by: dict[int, str] = field(default_factory=dict)
    illegal: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.family: dict[int, list[int]] = {}
        for row in self.rows.values():
            self.family.setdefault(row.root, []).append(row.id)
        self.called = {(row.parent, row.call): row.id for row in self.rows.values() if row.parent}
        tops = (row for row in self.rows.values() if not row.parent)
        self.of_order = {bare(row.subject.rpartition(":")[2]): row.id for row in tops}

    def tell(self, fact: str, subject: str, order: str, action: Any, event: str | None, call: Any) -> None:
        """The next entry."""
        action = bare(action)
        if fact in ENDS:
            self._end(self.of_order.get(bare(order)), action)
            return
        key = int(subject.rpartition(":")[2])
        if fact == STARTED:
            self._turn(key, fact, {None}, RUNNING)
        elif fact in (FAILED, RESUMED):
            before, after = (RUNNING, ERROR) if fact == FAILED else (ERROR, RUNNING)
            self._turn(key, fact, {before}, after)
            for other in self._kin(key):
                self.said[other] = after if self.said.get(other) == before else self.said[other]
        elif str(event).lower() == CANCELLED:
            self._turn(key, str(event), {RUNNING, ERROR}, CANCELLED)
        else:
            self._turn(key, str(event), {RUNNING}, RUNNING)
            self.moved_by[key] = action
            if event in CALL_ENDED:
                self._end(self.called.get((key, int(call or 0))), action)

    def differs(self) -> Iterator[str]:
        """Rows whose status is another than the entries lead to."""
        for key, row in self.rows.items():
            said = self.said.get(key)
            if said not in (None, row.status) and not (row.status == COMPLETED and self._is_unheard(row)):
                yield f"{key} is {row.status}, entries say {said}"

    def _turn(self, key: int, what: str, before: set[str | None], after: str) -> None:
        if self.said.get(key) not in before:
            self.illegal.append(f"{key} {self.said.get(key) or 'nothing'}: {what}")
        self.said[key] = after

    def _kin(self, key: int) -> list[int]:
        row = self.rows.get(key)
        return [other for other in self.family.get(row.root, ()) if other in self.said] if row else []

    def _end(self, key: int | None, action: str) -> None:
        if key is not None and self.said.get(key) == RUNNING and self.moved_by.get(key) == action:
            self.said[key] = COMPLETED

    def _is_unheard(self, row: _Row) -> bool:
        """Nothing followed from its end: it ran for no order, or its caller was over by then."""
        if self.said.get(row.id) != RUNNING:
            return False
        return self.said.get(row.parent) != RUNNING if row.parent else row.subject.startswith("processes.")


def _entries() -> Iterator[tuple]:
    """What moves instances, and the ends of orders, in the order in which it was written."""
    facts = ", ".join(f"'{fact}'" for fact in (STARTED, FAILED, RESUMED, MOVED, *ENDS))
    event, call = member("data", "event"), member("data", "of", "call")
    return select(
        f"SELECT fact, subject, order_ref, action_id, {event}, {call} FROM audit_entry "  # noqa: S608
        f"WHERE fact IN ({facts}) ORDER BY id"
    )
