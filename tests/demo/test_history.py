"""A small share of the made history: true by the invariants, in order, in every band, the same for one seed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from audit.invariants import check_all
from audit.models import Entry
from demo.files import read_yaml
from demo.history import make_history
from demo.history.arrivals import arrivals
from demo.history.draws import Draws
from demo.load import Firm
from orders.models import ClientRequest, Order, Rating
from rulebook.models import TableVersion
from sla.models import Clock
from tests.firm import Cast
from work.models import WorkItem

SEED, SHARE = 1, 0.12
SINCE = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=7, hours=3)
ZONES = {**dict.fromkeys(("maintenance", "transfer", "payment", "brokerage"), "America/New_York")} | {
    "opening": "Asia/Shanghai"
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def papers(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def played(firm: Cast) -> int:
    return make_history(Firm.standing(SINCE), until=UNTIL, seed=SEED, share=SHARE)


def numbers() -> Counter:
    """How many orders there are of each product in each state."""
    return Counter(Order.objects.values_list("product__code", "state"))


def test_a_made_week_is_alive_and_true_and_its_entries_stand_in_order(played: int) -> None:
    assert played == Order.objects.exclude(number=None).count() > 10
    violations = [violation for result in check_all() for violation in result.violations]
    assert violations == []
    assert Rating.objects.exists()
    assert {"completed", "in_progress", "draft"} <= set(Order.objects.values_list("state", flat=True))
    assert set(TableVersion.objects.values_list("state", flat=True)) == {"in_force", "draft", "proposed"}
    last: dict[str, datetime] = {}
    for ref, happened_at in Entry.objects.exclude(order_ref="").order_by("id").values_list("order_ref", "happened_at"):
        assert happened_at >= last.get(ref, happened_at)
        last[ref] = happened_at
    assert max(last.values()) <= UNTIL
    assert set(Entry.objects.filter(happened_at__gt=SINCE).values_list("replayed", flat=True)) == {True}


def test_every_band_occurs_clients_are_asked_and_nobody_works_at_night(played: int) -> None:
    turned = Entry.objects.filter(fact="sla.clock.turned").values_list("after", flat=True)
    bands = {after["band"] for after in turned if after} | set(Clock.objects.values_list("band", flat=True))
    assert {"green", "yellow", "red", "breached"} <= bands
    assert ClientRequest.objects.exists()
    claims = Entry.objects.filter(fact="work.item.claimed", subject__in=_subjects("new_york"))
    hours = {at.hour for at in claims.values_list("happened_at", flat=True)}
    assert hours
    assert hours <= set(range(14, 22))  # 09:00 to 17:00 in New York, in winter


def test_the_same_seed_makes_the_same_history(firm: Cast) -> None:
    made = [_made(seed) for seed in (7, 7, 8)]
    assert made[0] == made[1]
    assert made[0] != made[2]


def _made(seed: int) -> Counter:
    with transaction.atomic():
        make_history(Firm.standing(SINCE), until=UNTIL - timedelta(days=4), seed=seed, share=SHARE)
        found = numbers()
        transaction.set_rollback(True)
    return found


def _subjects(branch: str) -> list[str]:
    items = WorkItem.objects.filter(queue__branch__code=branch).exclude(queue__code="advisors")
    return [item.subject for item in items]


@pytest.mark.parametrize("share", [0.1, 1.0])
def test_arrivals_follow_the_week(share: float) -> None:
    plan = read_yaml("generated.yaml")
    found = arrivals(plan, zones=ZONES, since=SINCE, until=SINCE + timedelta(days=61), seed=1, share=share)
    per_family = Counter(each.family for each in found)
    assert per_family["maintenance"] == pytest.approx(1600 * share, rel=0.1)
    assert per_family["transfer"] == pytest.approx(600 * share, rel=0.1)
    assert [each.at for each in found] == sorted(each.at for each in found)
    weekend = sum(each.at.weekday() >= 5 for each in found) / len(found)
    assert 0 < weekend < 0.2


def test_draws_depend_on_their_name_only() -> None:
    first = [Draws(1, "order", 5).between(0, 10**9) for _ in range(2)]
    assert first[0] == first[1]
    assert first[0] != Draws(1, "order", 6).between(0, 10**9)
