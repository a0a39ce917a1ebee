"""In which zone a page says its times, and whether it has to name it: where what it shows stands in another zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

_beside: ContextVar[frozenset[str]] = ContextVar("zones of what is shown", default=frozenset())


@contextmanager
def reading_in(zone: ZoneInfo) -> Iterator[None]:
    """Say times in the reader's zone."""
    token = _beside.set(frozenset())
    try:
        with timezone.override(zone):
            yield
    finally:
        _beside.reset(token)


def shows(place: str) -> None:
    """What is shown stands in this zone, by its name: from here on times name the reader's where it differs."""
    _beside.set(_beside.get() | {place})


def is_named(moment: datetime) -> bool:
    """Whether an instant has to name its zone: clocks go differently where something shown stands."""
    return any(differs(moment, place) for place in _beside.get())


def differs(moment: datetime, place: str) -> bool:
    """Whether the reader's clocks go differently from those of a place at that time."""
    return moment.astimezone(ZoneInfo(place)).utcoffset() != timezone.localtime(moment).utcoffset()
