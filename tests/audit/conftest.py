"""A wiring of the tests' own facts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from audit.actions import record
from audit.actors import Actor
from audit.context import action
from audit.wiring import nothing, on
from tests.audit import reacting

ACTOR = Actor.system("tests")
HERE = "tests.audit.reacting."
FACTS = {
    "tests.thing.happened": nothing,
    "tests.thing.followed": nothing,
    "tests.thing.noted": on(now=[HERE + "note"]),
    "tests.thing.chained": on(now=[HERE + "follow"]),
    "tests.thing.looped": on(now=[HERE + "again"]),
    "tests.thing.broken": on(now=[HERE + "fail"]),
    "tests.thing.later": on(later=[HERE + "note"]),
    "tests.thing.later_broken": on(later=[HERE + "fail"]),
    "tests.thing.later_half": on(later=[HERE + "write_and_fail"]),
}


@pytest.fixture
def wired(monkeypatch, db):
    """The ledger with the tests' facts only."""
    monkeypatch.setattr("audit.reactions.wiring", lambda: SimpleNamespace(REACTIONS=FACTS))
    reacting.DONE.clear()


@action
def say(fact, now, **about):
    """An action that records one fact."""
    return record(fact, subject="tests.thing:1", actor=ACTOR, now=now, **about)
