"""What somebody asks of the written procedures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Asked:
    """on: the day, at: its last moment that has passed; since: from when applications are counted, until `at`.

    against, against_at: the day to compare with, the same way, or None.
    """

    on: date
    at: datetime
    since: datetime
    against: date | None = None
    against_at: datetime | None = None
