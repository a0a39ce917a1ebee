"""What surrounds the running action: its id, how deep reactions are, whether the past is being replayed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import transaction

from audit.ids import uuid7

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Running:
    """One action from its start to its commit, with everything that it sets off in the same transaction."""

    id: UUID
    depth: int = 0
    # Rows that this action works with, by their subject: one row is one object, however many reactions look at it.
    at_hand: dict[str, Any] = field(default_factory=dict)
    # What is put right once, when all else is done, however often it was asked for.
    settling: dict[Hashable, Callable[[], object]] = field(default_factory=dict)
    # Entries of the ledger with the orders that number them, rows of history, and who writes them at the very end.
    recorded: list[Any] = field(default_factory=list)
    versions: list[Any] = field(default_factory=list)
    at_end: list[Callable[[], object]] = field(default_factory=list)
    # What must still be written when everything else was rolled back, such as an incident.
    after_rollback: list[Callable[[], object]] = field(default_factory=list)
    # Persons' keys that this action unwrapped already.
    person_keys: dict[str, bytes] = field(default_factory=dict)


_running: ContextVar[Running | None] = ContextVar("running_action", default=None)
_replayed: ContextVar[bool] = ContextVar("replayed", default=False)


def running() -> Running:
    """The running action; writing to the ledger outside one is a programming error."""
    current = _running.get()
    if current is None:
        raise RuntimeError("Expected a running action, but a fact was recorded outside of one.")
    return current


def is_replayed() -> bool:
    """True while a driver moves the time, as the demo's history and the log replay do."""
    return _replayed.get()


@contextmanager
def replaying() -> Iterator[None]:
    """Mark all entries made inside as replayed: their business time is not the time of writing."""
    token = _replayed.set(True)
    try:
        yield
    finally:
        _replayed.reset(token)


@contextmanager
def _as_running(current: Running) -> Iterator[None]:
    token = _running.set(current)
    try:
        yield
    finally:
        _running.reset(token)


class Named(Protocol):
    """What the ledger names: an order, a work item."""

    @property
    def subject(self) -> str: ...


N = TypeVar("N", bound=Named)


def keep_at_hand(row: N) -> N:
    """Let a (locked or new) row be the one object of it in the running action; the one that came first stays it."""
    return running().at_hand.setdefault(row.subject, row)


def at_hand(name: str, fetch: Callable[[], R]) -> R:
    """The row that the running action works with under its subject, or what else it keeps under a name.

    A reaction looks at the same object as the action, so that neither overwrites what the other changed.
    fetch: reads (and locks) it where it is asked for first.
    """
    kept = running().at_hand
    if name not in kept:
        kept[name] = fetch()
    return kept[name]


def settle(name: Hashable, put_right: Callable[[], object]) -> None:
    """Have something put right once at the end of the running action; the first who asks says how."""
    running().settling.setdefault(name, put_right)


def _finish(current: Running) -> None:
    while current.settling:
        current.settling.pop(next(iter(current.settling)))()
    for write in current.at_end:
        write()


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function an action: one transaction and one action id, shared by the actions it calls."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _running.get() is not None:  # part of the action that called: fails and commits with it
            return function(*args, **kwargs)
        current = Running(uuid7())
        try:
            with _as_running(current), transaction.atomic():
                result = function(*args, **kwargs)
                _finish(current)
                return result
        except Exception:
            for write in current.after_rollback:
                write()
            raise

    return run
