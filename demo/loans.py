"""The loan applications of the demo: the first 500 of the real log where there is one, else a generated log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from audit.context import replaying
from audit.due import run_due
from demo.progress import Tell
from orders.loan_log import write_log
from orders.replay import read_plans, replay

APPLICATIONS = 500
EVENTS_FILE, APPLICATIONS_FILE = "loan_events.csv.gz", "loan_applications.csv"


def replay_loans(since: datetime, until: datetime, *, seed: int, share: float, tell: Tell) -> None:
    """Drive the applications through the real actions at their recorded times."""
    wanted = round(APPLICATIONS * share)
    if not wanted:
        return
    with TemporaryDirectory() as made:
        folder = Path(settings.HISTORY_DIR or made)
        if not settings.HISTORY_DIR:
            write_log(folder, applications=wanted, seed=seed, first_day=since, days=max((until - since).days - 1, 1))
        plans = read_plans(folder / EVENTS_FILE, folder / APPLICATIONS_FILE, wanted)
    tell(f"{len(plans)} loan applications …")
    result = replay(plans, tell=lambda line: tell(f"  {line}"))
    with replaying():
        run_due(until)
    tally = result.tally
    tell(f"  {tally.true_outcome} of {tally.closed} closed ones reached their recorded outcome.")
