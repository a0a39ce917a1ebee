"""From a fact to what follows from it, as `config/wiring.py` lists it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from audit.context import is_replayed, running
from audit.models import Delivery, Entry
from audit.wiring import Reactions
from audit.writing import insert

NEWS = timedelta(days=7)  # a replayed fact older than this tells nobody
DEEPEST = 8  # a chain of reactions longer than this is a loop, not a process


class UnknownFact(LookupError):
    """A fact that `config/wiring.py` does not list."""


@cache
def wiring() -> Any:
    """The module that `settings.WIRING` names."""
    return import_module(settings.WIRING)


def wired_to(fact: str) -> Reactions:
    """What follows from a fact. Raises UnknownFact."""
    try:
        return wiring().REACTIONS[fact]
    except KeyError:
        raise UnknownFact(f'Expected a fact listed in {settings.WIRING}, but got "{fact}".') from None


def note_down(entries: Iterable[Entry]) -> None:
    """Write a delivery for everything that follows later from entries that are written."""
    later = [
        Delivery(entry=entry, reaction=name, due_at=entry.happened_at)
        for entry in entries
        for name in _later(entry, wired_to(entry.fact))
    ]
    if later:
        insert(later)
        ring_on_commit()


def _later(entry: Entry, wired: Reactions) -> tuple[str, ...]:
    return (*wired.later, *wired.news) if wired.news and _is_news(entry) else wired.later


def follow(entry: Entry, wired: Reactions) -> None:
    """Run what follows now from an entry, which is not written yet."""
    if not wired.now:
        return
    action = running()
    if action.depth >= DEEPEST:
        raise RuntimeError(f"Expected at most {DEEPEST} reactions deep, but {entry.fact} goes deeper.")
    action.depth += 1
    try:
        for name in wired.now:
            import_string(name)(entry)
    finally:
        action.depth -= 1


def _is_news(entry: Entry) -> bool:
    return not entry.replayed or timezone.now() - entry.happened_at < NEWS


def ring_on_commit() -> None:
    """Tell the worker after the commit that something waits; the sweep finds it when no bell rang."""
    if settings.RING_BELLS and not is_replayed():
        transaction.on_commit(ring)


def ring() -> None:
    """Ring the worker's bell."""
    from django_q.tasks import async_task

    async_task("audit.tasks.deliver")
