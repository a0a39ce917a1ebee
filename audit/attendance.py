"""When the worker was there, as the ledger and its heartbeat tell it: what is late is judged by that alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from audit.invariants import member, moment, select

EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Attendance:
    """silences: from when to when nobody was there, in order. last: the newest beat; None: there never was one."""

    silences: tuple[tuple[datetime, datetime], ...]
    last: datetime | None

    def awake(self, since: datetime, until: datetime) -> timedelta:
        """How long the worker was there between two instants; nothing is known of the time before its first return."""
        away = (min(until, end) - max(since, begin) for begin, end in self.silences)
        return max(until - since, timedelta(0)) - sum((gap for gap in away if gap > timedelta(0)), timedelta(0))


def attendance() -> Attendance:
    """From the entries of the worker's returns and its last beat: two statements."""
    since = member("data", "silent_since")
    sql = f"SELECT {since}, happened_at FROM audit_entry WHERE fact = 'audit.worker.returned' ORDER BY id"  # noqa: S608
    gaps = [(moment(begin) if begin else EVER, moment(end)) for begin, end in select(sql)]
    beats = [moment(beat) for (beat,) in select("SELECT beat_at FROM audit_heartbeat WHERE name = 'worker'")]
    last = beats[0] if beats else None
    if not gaps or last is None:
        return Attendance(((EVER, NEVER),), last)
    return Attendance(((EVER, gaps[0][1]), *gaps[1:], (max(last, gaps[-1][1]), NEVER)), last)
