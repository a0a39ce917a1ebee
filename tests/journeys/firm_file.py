"""Builds the firm of the stories in the database that the environment names; prints what stands there as JSON.

Run as a process of its own, so that the stories' server, worker and database are not those of the test run.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import django

AGE = timedelta(days=23)  # old enough for a breach
COUNTER = ZoneInfo("Asia/Shanghai")


def main() -> None:
    """Migrate, load the firm, play up to where the stories begin, and open two counter times with a single place."""
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from tests.firm import build_cast
    from tests.journeys.scene import build_scene

    now = timezone.now()
    scene = build_scene(build_cast(now - AGE), now)
    last, other = (open_place(now, days) for days in (4, 5))
    json.dump({**asdict(scene), "last_place": last, "other_place": other}, sys.stdout)


def open_place(now: datetime, days: int) -> str:
    """One place at the counter in Nanjing, so many days ahead, outside the usual hours; its start."""
    from catalog import actions as catalog
    from catalog.models import BranchOffering
    from demo.load import LOADER

    offering = BranchOffering.objects.get(product__code="corporate_account_opening", branch__code="nanjing")
    day = (now + timedelta(days=days)).astimezone(COUNTER)
    start = day.replace(hour=17, minute=5, second=0, microsecond=0)
    catalog.open_slot(
        offering, starts_at=start, ends_at=start + timedelta(minutes=45), capacity=1, actor=LOADER, now=now
    )
    return start.astimezone(UTC).isoformat()


if __name__ == "__main__":
    main()
