"""What surrounds the running action: its id, how deep reactions are, whether the past is being replayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar
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
    # Entries of the ledger with the orders that number them, and what is done at the end, in the same transaction.
    recorded: list[Any] = field(default_factory=list)
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
                for finish in current.at_end:
                    finish()
                return result
        except Exception:
            for write in current.after_rollback:
                write()
            raise

    return run
