"""The firm with its daily reconciliation; what must always hold is checked at the end of each story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from audit.context import replaying
from audit.invariants import check_all
from demo import files, load
from processes.actions import put_in_force
from tests.firm import Cast
from tests.processes.drawings import SYSTEM

PRODUCTS = ("reconciliation_break", "critical_break")


@pytest.fixture
def books(firm: Cast, now: datetime) -> Iterator[Cast]:
    with replaying():
        standing = load.Firm.standing(now)
        load.add_products(standing, [path for path in files.product_folders() if path.name in PRODUCTS])
    put_in_force(actor=SYSTEM, now=now)
    yield firm
    assert [violation for result in check_all() for violation in result.violations] == []


@pytest.fixture
def folders(settings, tmp_path):
    settings.CUSTODIAN_FILES = str(tmp_path / "custodian")
    return tmp_path / "custodian"
