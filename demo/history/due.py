"""Whether anything is due: one statement over the three indexes that the sweeps use, so that idle time costs little."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

# The conditions are those of the indexes timer_waiting, clock_to_check and delivery_waiting.
ANYTHING = """
SELECT EXISTS (SELECT 1 FROM processes_timer WHERE ended_at IS NULL AND due_at <= %s)
    OR EXISTS (SELECT 1 FROM sla_clock WHERE next_check_at IS NOT NULL AND next_check_at <= %s)
    OR EXISTS (SELECT 1 FROM audit_delivery WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= %s)
"""


def something_is_due(now: datetime) -> bool:
    """Whether a timer, a clock or a later reaction is due. Versions that come into force are not looked for."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(ANYTHING, [moment, moment, moment])
        return bool(cursor.fetchone()[0])
