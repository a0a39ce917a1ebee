"""What a demo's database is filled with: the firm, its history, the loan applications, and the ledger's seals."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings

from audit.context import replaying
from audit.tasks import check_invariants, seal
from demo.history import make_history
from demo.load import load_firm
from demo.loans import replay_loans
from demo.progress import Meter, Tell
from processes.tasks import read_passages

SELDOM = (200_000, 50, 100)  # objects made before the collector looks: the build makes many and keeps few


def fill_database(since: datetime, until: datetime, *, seed: int, share: float, tell: Tell) -> None:
    """Fill an empty, migrated database."""
    with _at_full_speed():
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


@contextmanager
def _at_full_speed() -> Iterator[None]:
    """The collector looks seldom, and Django keeps no log of statements, as it does while debugging."""
    before, debug = gc.get_threshold(), settings.DEBUG
    gc.freeze()
    gc.set_threshold(*SELDOM)
    settings.DEBUG = False
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
        settings.DEBUG = debug
