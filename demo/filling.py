"""What a demo's database is filled with: the firm, its history, the loan applications, and the ledger's seals."""

from __future__ import annotations

from datetime import datetime

from audit.context import replaying
from audit.tasks import check_invariants, seal
from demo.history import make_history
from demo.load import load_firm
from demo.loans import replay_loans
from demo.progress import Meter, Tell
from processes.tasks import read_passages


def fill_database(since: datetime, until: datetime, *, seed: int, share: float, tell: Tell) -> None:
    """Fill an empty, migrated database."""
    with replaying():
        firm = load_firm(since, tell=lambda line: tell(f"  {line}"))
    meter = Meter(tell)
    orders = make_history(firm, until=until, seed=seed, share=share, tell=meter)
    meter.done(f"{orders} orders")
    replay_loans(since, until, seed=seed, share=share, tell=tell)


def close(now: datetime, tell: Tell) -> bool:
    """Seal the ledger, read what is sealed into figures, and put on record whether what must always hold does."""
    tell("Sealing the ledger …")
    seal(now)
    while read_passages():
        pass
    tell("Checking what must always hold …")
    holds = check_invariants(now)
    seal(now)
    tell("All of it holds." if holds else "Not all of it holds: see System health, or `manage.py invariants`.")
    return holds
