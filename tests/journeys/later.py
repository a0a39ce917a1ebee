"""A clock that stands so many days ahead as the environment's `DAYS_LATER` says, and the site under that clock."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from config.wsgi import application as site


def clock() -> AbstractContextManager[Any]:
    """The clock for this process; it goes on from there. Ask when the settings are read: time_machine loads pytest."""
    days = int(os.environ.get("DAYS_LATER", "0"))
    if not days:
        return nullcontext()
    import time_machine

    return time_machine.travel(datetime.now(UTC) + timedelta(days=days), tick=True)


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The product's WSGI application; the first request sets the clock."""
    if not _set:
        _set.append(clock())
        _set[0].__enter__()
    return site(environ, start_response)


_set: list[AbstractContextManager[Any]] = []
