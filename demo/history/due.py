"""What is due at an instant: one statement over the indexes that the sweeps use, so that idle time costs little."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.module_loading import import_string

from audit.due import MOST_ROUNDS

# Each sweep with what its indexes hold: timer_waiting, start_due, message_parked, clock_to_check, delivery_waiting.
SWEEPS = {
    "processes.tasks.fire_timers": (
        "processes_timer WHERE ended_at IS NULL AND due_at <= %s) "
        "OR EXISTS (SELECT 1 FROM processes_start WHERE ended_at IS NULL AND due_at <= %s"
    ),
    "processes.tasks.deliver_messages": (
        "processes_message WHERE delivered_at IS NULL AND expired_at IS NULL AND next_attempt_at <= %s"
    ),
    "processes.tasks.retry_incidents": "processes_incident WHERE resolved_at IS NULL AND next_retry_at <= %s",
    "sla.tasks.sweep": "sla_clock WHERE next_check_at IS NOT NULL AND next_check_at <= %s",
    "audit.tasks.deliver": "audit_delivery WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= %s",
}
ASKED = "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {where})" for where in SWEEPS.values())  # noqa: S608 - our own names


def due_sweeps(now: datetime) -> list[str]:
    """The sweeps that have something to do, in their order. Versions that come into force are not looked for."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(ASKED, [moment] * ASKED.count("%s"))
        return [name for name, due in zip(SWEEPS, cursor.fetchone(), strict=True) if due]


def sweep(now: datetime) -> int:
    """Run what is due, until nothing is due any more or nothing moves; returns how much was done."""
    done = 0
    for _round in range(MOST_ROUNDS):
        moved = sum(int(import_string(name)(now) or 0) for name in due_sweeps(now))
        if not moved:
            return done
        done += moved
    raise RuntimeError(f"Expected what is due to come to rest, but after {MOST_ROUNDS} rounds more was due.")
