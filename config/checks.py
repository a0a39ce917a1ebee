"""System checks of the wiring and the worker: what is named exists, and the queue's limits fit together."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.utils.module_loading import import_string


@register()
def wiring_is_complete(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Every reaction, handler and schedule that `config/wiring.py` names can be imported."""
    from config import wiring

    named = [name for reactions in wiring.REACTIONS.values() for name in reactions.all]
    named += [*wiring.HANDLERS.values(), *wiring.SCHEDULES, *wiring.DUE, *wiring.ENGINE.values()]
    named += [*wiring.GUARDS.values(), *wiring.DRAWN.values(), wiring.FORM_CHECK, wiring.LENT_FOR, *wiring.INVARIANTS]
    named += [*wiring.PARTS.values(), *(name for pair in wiring.INBOX.values() for name in pair)]
    return [
        Error(f'config/wiring.py names "{name}": {why}.', id="config.E001")
        for name in dict.fromkeys(named)
        if (why := _why_not(name))
    ]


def _why_not(name: str) -> str:
    try:
        return "" if callable(import_string(name)) else "it is not a function"
    except ImportError as error:
        return str(error)


@register()
def worker_limits_fit(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A task is never handed out twice while it still runs, and never tried without end."""
    queue = settings.Q_CLUSTER
    longest = (queue["queue_limit"] / queue["workers"] + 1) * queue["timeout"]
    checks = {
        "catch_up must be off: every missed slot would be replayed": queue.get("catch_up") is False,
        "timeout must be set: a hanging task would hold its worker": bool(queue.get("timeout")),
        f"retry must be above {longest:.0f}: a slow task would run twice": queue["retry"] > longest,
        "max_attempts must be set: a failing task would be tried without end": queue.get("max_attempts", 0) > 0,
    }
    return [Error(f"Q_CLUSTER: {why}.", id="config.E002") for why, holds in checks.items() if not holds]
